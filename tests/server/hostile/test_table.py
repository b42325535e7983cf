"""Whatever is sent, it is refused cleanly: the whole table of hostile rows, on one server.

Guarantees
1. Each row gets the refusal that stands in it: a 4xx in our shape, which tells nothing about the machine.
2. Meanwhile health is answered, and afterwards the server is the same, no larger, and keeps what it kept.
"""

from collections import Counter
from dataclasses import replace
from email.message import Message
from http.client import HTTPMessage

import pytest

from tests.server.hostile.conftest import Campaign, complaints
from tests.server.hostile.rows import Frame, Row, get
from tests.server.hostile.sending import DEADLINE, Answer
from tests.server.hostile.table import TABLE
from tests.server.hostile.verdict import faults
from tests.server.http.shape import HEADERS

MOST_GROWTH = 64.0  # megabytes: glibc keeps what the largest bodies took, and how much differs from run to run


def test_the_table_is_long_and_each_row_has_a_name_of_its_own() -> None:
    assert len(TABLE) >= 150
    assert [name for name, count in Counter(row.name for row in TABLE).items() if count > 1] == []
    assert [row.name for row in TABLE if not isinstance(row, Frame) and not _is_refusal(row)] == []


def _is_refusal(row: Row) -> bool:
    return 400 <= row.refusal[0] < 500 or row.refusal == (0, "")


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_each_row_is_refused_as_it_says(campaign: Campaign, row: Row) -> None:
    answer = campaign.answers[row.name]
    private = (campaign.served.token, str(campaign.served.folder))
    assert faults(row, answer, private=private) == []
    status, code = row.refusal
    for wrong in ((status + 1, code), (status, code + "x")):  # a row that cannot fail shows nothing
        assert faults(replace(row, refusal=wrong), answer) != []


def _health(campaign: Campaign) -> str:
    idle, busy = campaign.idle, campaign.busy
    said = f"p99 {busy.p99 * 1000:.1f} ms, worst {max(busy.took) * 1000:.1f} ms of {len(busy.took)}; "
    return said + f"idle p99 {idle.p99 * 1000:.1f} ms; {len(TABLE)} rows in {campaign.seconds:.1f} s"


def test_health_is_answered_all_the_while(campaign: Campaign) -> None:
    print(_health(campaign))
    assert campaign.busy.wrong == []
    assert len(campaign.busy.took) > 100
    assert max(campaign.busy.took) < 5


def test_health_is_answered_within_100_ms(campaign: Campaign) -> None:
    assert campaign.busy.p99 < max(0.1, 3 * campaign.idle.p99), _health(campaign)  # others may use the machine
    assert max(campaign.busy.took) < 0.5, _health(campaign)


def test_no_row_takes_long(campaign: Campaign) -> None:
    slowest = max(campaign.answers.items(), key=lambda each: each[1].seconds)
    print(f"slowest: {slowest[0]} in {slowest[1].seconds:.2f} s")
    assert slowest[1].seconds < DEADLINE
    assert campaign.seconds < 120


def test_the_server_is_still_the_same_and_no_larger(campaign: Campaign) -> None:
    print(f"grown by {campaign.grown:.1f} MB")
    assert campaign.ended is None
    assert campaign.grown < MOST_GROWTH


def test_nothing_was_made_changed_or_logged_as_a_fault(campaign: Campaign) -> None:
    assert campaign.after == campaign.before
    assert complaints(campaign.served) == []


@pytest.mark.parametrize(
    "name",
    ["asset:../../token", "asset:/etc/passwd", "/etc/passwd", "file:///etc/passwd", "asset:" + "0" * 63,
     "asset:" + "0" * 64, "asset:" + "A" * 64, "asset:" + "0" * 64 + "\n", "asset:" + "0" * 64 + "/../token",
     "http://169.254.169.254/latest", "asset:", "~/token", "asset:{0.__class__}"],
)  # fmt: skip
def test_a_node_that_names_a_file_of_the_machine_is_refused_before_it_runs(campaign: Campaign, name: str) -> None:
    document = {"nodes": {"n": {"type": "AssetSize", "params": {"asset": name}}}, "outputs": {"size": "n.number"}}
    order = {"graph": {"format": "promptograph/1", **document}}
    with campaign.served.client() as client:
        planned = client.post("/api/v1/plan", json=order).json()["nodes"]
        run = client.post("/api/v1/runs", params={"wait": 30}, json=order).json()
        events = client.get(f"/api/v1/runs/{run['id']}/events").text
    assert [node["status"] for node in planned] == ["refused"]
    assert run["status"] == "failed"
    for secret in (str(campaign.served.folder), "root:", campaign.served.token, "Traceback"):
        assert secret not in f"{planned}{run}{events}"


OURS = '{"error": {"code": "not_found", "message": "there is no such run"}}'


def _answer(text: str = OURS, *, status: int = 404, kind: str = "application/json", **more: str) -> Answer:
    import json

    headers = HTTPMessage()
    for name, value in {**HEADERS, "content-type": kind, **more}.items():
        Message.add_header(headers, name, value)
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    return Answer(status, 0.1, headers, text, body)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (_answer(), None),
        (_answer(status=500), "takes the blame"),
        (_answer(OURS.replace("such run", "such run in /work/main")), "'/work/' is told"),
        (_answer(OURS.replace("there is", "Traceback (most recent call last)")), "'Traceback' is told"),
        (_answer(OURS.replace("there is", "SELECT * FROM runs: ")), "'SELECT ' is told"),
        (_answer(OURS.replace("there is", "SECRET")), "'SECRET' is told"),
        (_answer(OURS.replace("there is no such run", "")), "no code and message"),
        (_answer(OURS.replace('"code"', '"detail"')), "more in it"),
        (_answer('{"detail": "Not Found"}'), "not our shape"),
        (_answer("Not Found", kind="text/plain"), "the answer is text/plain"),
        (_answer(OURS.replace("there", "x" * 2_000)), "glimpse"),
        (Answer(404, 0.1, text=OURS, body={"error": {"code": "not_found", "message": "x"}}), "headers lack"),
        (Answer(0, 0.1), "and not"),
        (Answer(-1, 20.0), "neither an answer nor an end"),
    ],
)
def test_the_judge_finds_each_kind_of_fault(answer: Answer, fault: str | None) -> None:
    found = faults(get("judge", "/", (404, "not_found")), answer, private=("SECRET",))
    assert found == [] if fault is None else any(fault in each for each in found), found
