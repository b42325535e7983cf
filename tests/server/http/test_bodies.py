"""Bodies and queries that cannot be kept exactly are refused, with their place."""

import statistics
import threading
import time

import httpx
import pytest

from tests.server.http.shape import refused
from tests.server.served import Served

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{}{}",
        b"\xff\xfe{}",
        b"\xef\xbb\xbf{}",
        b"{'a': 1}",
        b'{"graph": NaN}',
        b'{"graph": Infinity}',
        b'{"graph": 1e999}',
        b'{"graph": 9223372036854775808}',
        b'{"graph": ' + b"9" * 5_000 + b"}",
        b'{"graph": 1, "graph": 2}',
        b'{"graph": {"a": {"b": 1, "b": 2}}}',
        b'{"graph": "\\u0000"}',
        b'{"graph": "\\ud800"}',
        b'{"graph": "\xed\xa0\x80"}',
        b"[" * 100_000,
        b'{"a":' * 65 + b"1" + b"}" * 65,
        b"[" + b"0," * 600_000 + b"0]",
        b'{"graph": "' + b"x" * 1_100_000 + b'"}',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_cannot_be_kept_exactly_is_refused(client: httpx.Client, body: bytes) -> None:
    status, code = refused(client.post("/api/v1/check", headers=JSON, content=body))
    assert (status, code) == ((422, "bad_request") if body == b"" else (400, "bad_json"))


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({}, "body.graph"),
        ({"graph": 1}, "body.graph"),
        ({"graph": {"library": "x" * 200}}, "body.graph.library.library"),
        ({"graph": {"library": "../x"}}, "body.graph.library.library"),
        ({"graph": {"saved": "g_1"}}, "body.graph.saved.saved"),
        ({"graph": {"saved": "g_" + "A" * 22, "revision": "1"}}, "body.graph.saved.revision"),
        ({"graph": {"saved": "g_" + "A" * 22, "revision": True}}, "body.graph.saved.revision"),
        ({"graph": {}, "inputs": []}, "body.inputs"),
        ({"graph": {}, "inputs": {"x" * 300: 1}}, "body.inputs.x"),
        ({"graph": {}, "targets": "a.b"}, "body.targets"),
        ({"graph": {}, "targets": ["a.b"] * 1_001}, "body.targets"),
        ({"graph": {}, "targets": [1]}, "body.targets.0"),
        ({"graph": {}, "priority": 1.5}, "body.priority"),
        ({"graph": {}, "priority": "1"}, "body.priority"),
        ({"graph": {}, "priority": 1_001}, "body.priority"),
        ({"graph": {}, "priority": None}, "body.priority"),
        ({"graph": {}, "inputs": {"a": "x" * 200_000}}, "body.inputs"),
        ({"graph": {}, "extra": 1}, "body.extra"),
    ],
)
def test_a_run_of_another_form_is_refused_with_its_field(client: httpx.Client, order: object, field: str) -> None:
    answer = client.post("/api/v1/runs", json=order)
    assert refused(answer)[0] == 422
    said = answer.json()["error"]
    assert said["field"].startswith(field)
    assert said["hint"]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "limit=", "limit=1&limit=2", "status=ended", "before=", "before=%00", "graph=1",
     "before=" + "9" * 65, "sweep=w_x", "Limit=1", "status=done&status=done"],
)  # fmt: skip
def test_a_query_of_another_form_is_refused_with_its_field(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/api/v1/runs?{query}")
    assert refused(answer) == (422, "bad_request")
    assert answer.json()["error"]["field"].startswith("query.")


@pytest.mark.parametrize("cursor", ["x", "-1", "99999999999999999999", "0x1", "1e3", "AAAA"])
def test_a_cursor_that_is_none_of_ours_is_refused(client: httpx.Client, cursor: str) -> None:
    assert refused(client.get("/api/v1/runs", params={"before": cursor})) == (422, "bad_request")
    assert refused(client.get("/api/v1/graphs", params={"after": cursor})) == (422, "bad_request")


@pytest.mark.parametrize("id", ["r_1", "x", "r_" + "A" * 23, "g_" + "A" * 22, "r_" + "%00" * 22, "r_" + "." * 22])
def test_an_id_of_another_form_is_not_found(client: httpx.Client, id: str) -> None:
    for path in (f"/api/v1/runs/{id}", f"/api/v1/runs/{id}/events", f"/api/v1/runs/{id}/graph"):
        assert refused(client.get(path)) == (404, "not_found")


def test_health_answers_while_large_bodies_are_read(served: Served) -> None:
    body = b'{"graph": {"nodes": [' + b'{"a": [1, 2.5, "text"]},' * 95_000 + b"0]}}"
    answers: list[int] = []

    def send() -> None:
        with served.client(**JSON) as client:
            answers.append(client.post("/api/v1/check", content=body, timeout=60).status_code)

    senders = [threading.Thread(target=send) for _ in range(3)]
    for sender in senders:
        sender.start()
    took: list[float] = []
    with served.stranger() as stranger:
        while any(sender.is_alive() for sender in senders):
            began = time.monotonic()
            assert stranger.get("/health").status_code == 200
            took.append(time.monotonic() - began)
            time.sleep(0.01)
    assert [answer in (400, 422, 503) for answer in answers] == [True] * 3
    assert statistics.median(took) < 0.1
    assert max(took) < 0.5
