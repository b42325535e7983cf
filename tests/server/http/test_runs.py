"""Runs over HTTP: submitted once, waited for, cancelled, retried, moved, listed."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.server.http.orders import graph, slow, submitted
from tests.server.http.shape import refused

RUNS = "/api/v1/runs"


@pytest.fixture
def paused(client: httpx.Client) -> Iterator[None]:
    """Hold new runs back for a while."""
    client.post("/api/v1/queue/pause")
    yield
    client.post("/api/v1/queue/cancel")
    client.post("/api/v1/queue/resume")


def until(client: httpx.Client, run: Any, status: str) -> Any:
    """Wait until a run has a status."""
    deadline = time.monotonic() + 20
    while (found := client.get(f"{RUNS}/{run['id']}").json())["status"] != status:
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    return found


def test_a_run_in_one_call(client: httpx.Client) -> None:
    answer = client.post(RUNS, params={"wait": 30}, json={"graph": graph(), "inputs": {"a": 41}})
    run = answer.json()
    assert (answer.status_code, run["status"], run["inputs"]) == (200, "done", {"a": 41})
    assert answer.headers["location"] == f"{RUNS}/{run['id']}"
    assert run["outputs"]["sum"]["link"] == "count.number"
    assert client.get(f"{RUNS}/{run['id']}").json() == run
    assert client.get(f"{RUNS}/{run['id']}/graph").json()["nodes"] == graph()["nodes"]
    value = client.get(f"{RUNS}/{run['id']}/values/count.number", params={"as": "json"})
    assert value.json() == 42


def test_events_count_up_from_nothing(client: httpx.Client) -> None:
    run = submitted(client, wait=30, inputs={"a": 5})
    listed = client.get(f"{RUNS}/{run['id']}/events").json()
    assert listed["run"] == run["id"]
    assert [event["n"] for event in listed["events"]] == list(range(run["last"] + 1))
    assert [listed["events"][0]["type"], listed["events"][-1]["type"]] == ["run_queued", "run_finished"]
    rest = client.get(f"{RUNS}/{run['id']}/events", params={"after": 1, "limit": 1}).json()["events"]
    assert rest == listed["events"][2:3]


def test_waiting_ends_when_the_time_is_over(client: httpx.Client) -> None:
    answer = client.post(RUNS, params={"wait": 0.3}, json={"graph": slow()})
    assert (answer.status_code, answer.json()["status"] in ("queued", "running")) == (202, True)
    began = time.monotonic()
    ended = client.post(f"{RUNS}/{answer.json()['id']}/cancel").json()
    assert ended["status"] == "cancelled"
    assert time.monotonic() - began < 0.5


def test_cancelling_wakes_who_waits(client: httpx.Client, paused: None) -> None:
    run = submitted(client)
    with httpx.Client(base_url=client.base_url, headers=client.headers, verify=False, timeout=30) as other:
        assert other.post(f"{RUNS}/{run['id']}/cancel").json()["status"] == "cancelled"
    assert client.get(f"{RUNS}/{run['id']}", params={"wait": 30}).json()["status"] == "cancelled"
    assert client.post(f"{RUNS}/{run['id']}/cancel").json()["status"] == "cancelled"


def test_a_node_that_fails_ends_its_run_as_failed(client: httpx.Client) -> None:
    run = submitted(client, graph({"bad": {"type": "Fail"}}, outputs={"out": "bad.number"}), wait=30)
    assert (run["status"], run["counts"]["failed"]) == ("failed", 1)


def test_a_graph_that_cannot_run_is_refused_with_all_problems(client: httpx.Client) -> None:
    wrong = graph({"a": {"type": "NoSuch"}, "b": {"type": "Step", "params": {"a": "text"}}}, outputs={"x": "b.number"})
    answer = client.post(RUNS, json={"graph": wrong})
    assert refused(answer) == (422, "bad_graph")
    assert {problem.get("node") for problem in answer.json()["error"]["problems"]} == {"a", "b"}
    answer = client.post(RUNS, json={"graph": graph(), "inputs": {"b": 1}})
    assert refused(answer) == (422, "bad_graph")
    assert refused(client.post(RUNS, json={"graph": graph(), "targets": ["nothing.there"]})) == (422, "bad_graph")


def test_a_saved_graph_and_one_that_ships_can_be_named(client: httpx.Client) -> None:
    saved = client.post("/api/v1/graphs", json={"document": graph()}).json()
    run = submitted(client, {"saved": saved["id"]}, wait=30)
    assert (run["status"], run["graph"]) == ("done", {"id": saved["id"], "revision": 1})
    assert [each["id"] for each in client.get(RUNS, params={"graph": saved["id"]}).json()["runs"]] == [run["id"]]
    assert refused(client.post(RUNS, json={"graph": {"saved": saved["id"], "revision": 2}})) == (404, "not_found")
    assert refused(client.post(RUNS, json={"graph": {"library": "nothing"}})) == (404, "not_found")
    assert refused(client.post(RUNS, json={"graph": {"library": "text-to-image"}})) == (422, "bad_graph")  # toys only


def test_the_same_key_with_the_same_body_gives_the_same_run(client: httpx.Client) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = json.dumps({"graph": graph(), "inputs": {"a": 1}})
    headers = {**key, "Content-Type": "application/json"}
    first, again = (client.post(RUNS, content=body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    other = json.dumps({"graph": graph(), "inputs": {"a": 2}})
    assert refused(client.post(RUNS, content=other, headers=headers)) == (409, "key_reused")
    for wrong in ("", "x" * 201, "with space", "ü"):
        keyed = {**headers, "Idempotency-Key": wrong}
        answer = client.post(
            RUNS, content=body, headers=[(name.encode(), value.encode()) for name, value in keyed.items()]
        )
        assert refused(answer) == (422, "bad_request")


def test_a_run_is_run_again(client: httpx.Client, paused: None) -> None:
    run = submitted(client, inputs={"a": 3})
    assert refused(client.post(f"{RUNS}/{run['id']}/retry")) == (409, "conflict")
    client.post(f"{RUNS}/{run['id']}/cancel")
    again = client.post(f"{RUNS}/{run['id']}/retry")
    assert again.status_code == 201
    assert (again.json()["retry_of"], again.json()["inputs"]) == (run["id"], {"a": 3})


def test_runs_that_wait_are_moved(client: httpx.Client, paused: None) -> None:
    first, second, third = (submitted(client)["id"] for _ in range(3))

    def order() -> list[str]:
        ids = [run["id"] for run in client.get("/api/v1/queue").json()["runs"]]
        return [id for id in ids if id in (first, second, third)]

    assert order() == [first, second, third]
    assert client.patch(f"{RUNS}/{third}", json={"before": first}).status_code == 200
    assert order() == [third, first, second]
    assert client.patch(f"{RUNS}/{second}", json={"priority": 5}).json()["priority"] == 5
    assert order() == [second, third, first]
    client.post(f"{RUNS}/{first}/cancel")
    assert refused(client.patch(f"{RUNS}/{first}", json={"priority": 1})) == (409, "conflict")
    assert refused(client.patch(f"{RUNS}/{second}", json={"before": first})) == (409, "conflict")


def test_only_what_has_ended_is_forgotten(client: httpx.Client, paused: None) -> None:
    run = submitted(client)
    assert refused(client.delete(f"{RUNS}/{run['id']}")) == (409, "conflict")
    client.post(f"{RUNS}/{run['id']}/cancel")
    assert client.delete(f"{RUNS}/{run['id']}").status_code == 204
    assert refused(client.get(f"{RUNS}/{run['id']}")) == (404, "not_found")


def test_runs_are_listed_in_pages_by_status(client: httpx.Client, paused: None) -> None:
    made = [submitted(client)["id"] for _ in range(5)]
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = client.get(RUNS, params={"limit": 2, "status": "queued", **cursor}).json()
        found += [run["id"] for run in page["runs"]]
        if page["next"] is None:
            break
        cursor = {"before": page["next"]}
    assert found == made[::-1]
    assert not [run for run in client.get(RUNS, params={"status": "done"}).json()["runs"] if run["id"] in made]


def test_a_paused_queue_takes_nothing(client: httpx.Client, paused: None) -> None:
    run = submitted(client, wait=0.3)
    queue = client.get("/api/v1/queue").json()
    assert (run["status"], queue["paused"], queue["counts"]["queued"]) == ("queued", True, 1)
    assert client.post("/api/v1/queue/resume").json()["paused"] is False
    assert until(client, run, "done")["outputs"]


def test_all_runs_are_cancelled_at_once(client: httpx.Client) -> None:
    running = submitted(client, slow())
    until(client, running, "running")
    waiting = [submitted(client, slow(31 + at)) for at in range(3)]
    assert client.post("/api/v1/queue/cancel").json() == {"cancelled": 4}
    for run in (running, *waiting):
        assert client.get(f"{RUNS}/{run['id']}").json()["status"] == "cancelled"
    assert submitted(client, wait=30)["status"] == "done"  # the worker is there again


def test_a_sweep_runs_each_cell(client: httpx.Client) -> None:
    axes = [{"values": {"a": [1, 2, 3]}}]
    answer = client.post("/api/v1/sweeps", json={"graph": graph(), "axes": axes})
    sweep = answer.json()
    assert (answer.status_code, sweep["cells"]) == (201, 3)
    path = f"/api/v1/sweeps/{sweep['id']}"
    deadline = time.monotonic() + 20
    while client.get(path).json()["counts"]["done"] < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    results = client.get(f"{path}/results").json()
    assert [(run["cell"]["index"], run["inputs"]) for run in results["runs"]] == [
        (0, {"a": 1}),
        (1, {"a": 2}),
        (2, {"a": 3}),
    ]
    first = client.get(f"{path}/results", params={"limit": 2}).json()
    rest = client.get(f"{path}/results", params={"after": first["next"]}).json()
    assert first["runs"] + rest["runs"] == results["runs"]
    assert client.get(RUNS, params={"sweep": sweep["id"], "limit": 1}).json()["runs"][0]["inputs"] == {"a": 3}


def test_a_sweep_is_cancelled_as_a_whole(client: httpx.Client, paused: None) -> None:
    axes = [{"values": {"a": list(range(10))}}]
    sweep = client.post("/api/v1/sweeps", json={"graph": graph(), "axes": axes}).json()
    assert client.post(f"/api/v1/sweeps/{sweep['id']}/cancel").json() == {"cancelled": 10}
    assert client.get(f"/api/v1/sweeps/{sweep['id']}").json()["counts"]["cancelled"] == 10


@pytest.mark.parametrize(
    ("axes", "code"),
    [
        ([], "bad_request"),
        ([{"values": {}}], "bad_request"),
        ([{"values": {"a": []}}], "bad_request"),
        ([{"values": {"a": [1], "b": [1, 2]}}], "bad_sweep"),
        ([{"values": {"a": [1]}}, {"values": {"a": [2]}}], "bad_sweep"),
        ([{"values": {"a": [1] * 101}}, {"values": {"b": [1] * 101}}], "too_large"),
        ([{"values": {"a": ["text"]}}], "bad_graph"),
        ([{"values": {"none": [1]}}], "bad_graph"),
        ([{"values": {"a": [1]}}] * 9, "bad_request"),
        ([{"values": {"a": ["x" * 200_000]}}], "too_large"),
        ([{"values": [1]}], "bad_request"),
    ],
)
def test_a_sweep_of_another_form_is_refused(client: httpx.Client, axes: Any, code: str) -> None:
    assert refused(client.post("/api/v1/sweeps", json={"graph": graph(), "axes": axes})) == (422, code)
