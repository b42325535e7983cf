"""Runs that are cancelled or crash, over HTTP: told at once, stopped in time, and nothing beside them suffers."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.http.orders import graph, submitted
from tests.server.http.shape import refused
from tests.server.processes.stage import soon
from tests.server.proofs.load import GRAPHS, RUNS
from tests.server.served import Served, serving
from tests.server.toys import calls

MEMORY = {"PROMPTOGRAPH_WORKER_MEMORY": "400MB"}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give a server with two workers that may use little memory."""
    folder = tmp_path_factory.mktemp("pair")
    with serving(folder, "--device", "cpu", "--device", "cpu", environment=MEMORY) as server:
        yield server


def one(type: str, **params: Any) -> dict[str, Any]:
    """Give a graph of one node."""
    return graph({"only": {"type": type, "params": params}})


def wait_for(log: Path, count: int = 1) -> None:
    """Wait until a node has begun."""
    deadline = time.monotonic() + 30
    while len(calls(log)) < count:
        assert time.monotonic() < deadline, "the node does not begin"
        time.sleep(0.005)


@pytest.mark.parametrize("holding", [False, True])
def test_a_node_that_never_asks_is_cancelled_at_once_and_the_next_run_starts(
    served: Served, client: httpx.Client, tmp_path: Path, holding: bool
) -> None:
    submitted(client, wait=30)  # the worker is there
    log = tmp_path / "log"
    run = submitted(client, one("Deaf", log=str(log), holding=holding))
    wait_for(log)
    following = submitted(client, inputs={"a": time.time_ns() % 2**40})
    begun = time.monotonic()
    cancelled = client.post(f"{RUNS}/{run['id']}/cancel").json()
    assert time.monotonic() - begun < soon(0.25)
    assert cancelled["status"] == "cancelled"
    assert client.get(f"{RUNS}/{following['id']}", params={"wait": 30}).json()["status"] == "done"
    assert time.monotonic() - begun < soon(3)  # two seconds until it is stopped, and one for a new worker
    assert client.get(f"{RUNS}/{run['id']}").json() == cancelled
    events = client.get(f"{RUNS}/{run['id']}/events").json()["events"]
    assert [event["type"] for event in events].count("run_finished") == 1


@pytest.mark.parametrize(
    ("node", "code"),
    [
        (one("Die", way="segfault"), "worker_crashed"),
        (one("Die", way="SIGKILL"), "too_many_attempts"),
        (one("Eat"), "out_of_memory"),
    ],
    ids=["segfault", "killed", "memory"],
)
def test_a_node_that_ends_its_worker_fails_its_run_while_another_goes_on(
    pair: Served, tmp_path: Path, node: dict[str, Any], code: str
) -> None:
    log = tmp_path / "log"
    with pair.client() as client:
        beside = submitted(client, one("Patient", steps=150, log=str(log), a=time.time_ns() % 2**40))
        wait_for(log)
        begun = time.monotonic()
        run = submitted(client, node, wait=30)
        seconds = time.monotonic() - begun
        assert (run["status"], run["fault"]["code"], run["fault"]["node"]) == ("failed", code, "only")
        assert seconds < soon(2 if code != "out_of_memory" else 4)  # memory has to be eaten first
        beside = client.get(f"{RUNS}/{beside['id']}", params={"wait": 60}, timeout=90).json()
        assert (beside["status"], beside["attempt"]) == ("done", 1)
        assert calls(log) == [f"step {step}" for step in range(150)]
        assert client.get("/health").status_code == 200


def test_of_two_who_change_a_graph_again_and_again_one_wins_each_time(served: Served, client: httpx.Client) -> None:
    rounds = 50
    path = f"{GRAPHS}/{client.post(GRAPHS, json={'document': graph()}).json()['id']}"
    together = threading.Barrier(2)
    told: dict[str, list[httpx.Response]] = {"left": [], "right": []}

    def write(name: str) -> None:
        with served.client() as writer:
            for revision in range(1, rounds + 1):
                together.wait(30)
                order = {"document": graph(), "name": f"{name} {revision}"}
                told[name].append(writer.put(path, json=order, headers={"If-Match": f'"{revision}"'}))

    writers = [threading.Thread(target=write, args=(name,)) for name in told]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    for revision, answers in enumerate(zip(*told.values(), strict=True), 2):
        won, lost = sorted(answers, key=lambda answer: answer.status_code)
        assert (won.status_code, won.json()["revision"]) == (200, revision)
        assert refused(lost) == (412, "changed")
        assert lost.headers["etag"] == f'"{revision}"'
        assert lost.json()["error"]["current"] == won.json()
    assert client.get(path).json()["revision"] == rounds + 1
