"""A worker by itself, as anything could wrap it: no socket, no process, no database."""

import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine import Cache, Engine
from server.processes.worker import Order, Worker
from tests.server.toys import CATALOG, calls


def order(nodes: dict[str, Any], *, run: str = "r", **more: Any) -> Order:
    """Order a graph of these nodes."""
    document = {"format": "promptograph/1", "nodes": nodes, **more.pop("document", {})}
    return Order(run=run, attempt=1, document=json.dumps(document).encode(), **more)


def carried_out(worker: Worker, ordered: Order) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    worker.carry_out(worker.begin(ordered), lambda header, payload: told.append(header))
    return told


def worker(folder: Path | None = None) -> Worker:
    return Worker(Engine(CATALOG, cache=Cache(folder), grace=1e9))


def test_it_tells_all_about_a_run_and_last_how_it_ended() -> None:
    one = worker()
    nodes = {"a": {"type": "Number"}, "b": {"type": "Step", "inputs": {"a": "a.number"}}}
    told = carried_out(one, order(nodes, document={"outputs": {"it": "b.number"}}))
    assert [header["told"] for header in told] == ["begun", *["event"] * 5, "ended"]
    assert told[0]["nodes"] == ["a", "b"]
    assert told[1]["event"]["attempt"] == 1
    assert {header["run"] for header in told} == {"r"}
    last = told[-1]
    assert (last["status"], last["fault"], last["counts"]["ran"]) == ("done", None, 2)
    assert last["outputs"]["it"]["link"] == "b.number"
    one.close()


def test_it_can_be_cancelled_from_the_moment_that_a_run_is_in_hand(tmp_path: Path) -> None:
    one = worker()
    log = tmp_path / "log"
    task = one.begin(order({"a": {"type": "Patient", "params": {"log": str(log)}}}))
    one.cancel("another")
    assert not task.cancel.asked
    one.cancel("r")
    told: list[dict[str, Any]] = []
    one.carry_out(task, lambda header, payload: told.append(header))
    assert told[-1]["status"] == "cancelled"
    assert calls(log) == []
    one.close()


def test_previews_are_made_while_somebody_watches(tmp_path: Path) -> None:
    one = worker()
    seen: list[bytes] = []
    steps: list[int] = []

    def tell(header: dict[str, Any], payload: bytes) -> None:
        if header["told"] == "progress":
            steps.append(header["step"])
            one.watch("r", watched=20 <= header["step"] < 30)
        elif header["told"] == "preview":
            seen.append(payload)

    one.carry_out(one.begin(order({"a": {"type": "Patient", "params": {"steps": 50}}})), tell)
    assert 5 <= len(seen) <= 15
    assert seen[0] >= b"picture 19"
    assert steps == list(range(1, 51))
    one.close()


def test_a_document_that_is_not_legal_ends_the_run_and_not_the_worker(tmp_path: Path) -> None:
    one = worker()
    for nodes in ({"a": {"type": "NoSuchNode"}}, {"a": {"type": "Step", "inputs": {"a": "gone.number"}}}):
        (ended,) = carried_out(one, order(nodes))
        assert (ended["status"], ended["fault"]["code"], ended["fault"]["node"]) == ("failed", "refused", "a")
    (ended,) = carried_out(one, order({"a": {"type": "Number"}}, inputs={"gone": 1}))
    assert ended["fault"]["code"] == "refused"
    assert carried_out(one, order({"a": {"type": "Number"}}))[-1]["status"] == "done"
    one.close()


def test_a_cache_folder_that_cannot_be_used_ends_the_run_without_naming_it(tmp_path: Path) -> None:
    one = worker(tmp_path / "cache")
    (tmp_path / "cache" / "values").rmdir()
    (tmp_path / "cache" / "values").write_text("in the way")
    ended = carried_out(one, order({"a": {"type": "Blob"}}))[-1]
    assert (ended["status"], ended["fault"]["code"]) == ("failed", "refused")
    assert str(tmp_path) not in ended["fault"]["message"]
    (tmp_path / "cache" / "values").unlink()
    (tmp_path / "cache" / "values").mkdir()
    assert carried_out(one, order({"a": {"type": "Blob"}}))[-1]["status"] == "done"
    one.close()


def test_it_says_what_it_has_loaded_and_found(tmp_path: Path) -> None:
    one = worker(tmp_path / "cache")
    nodes = {"a": {"type": "Model", "params": {"source": "big"}}, "b": {"type": "Model"}}
    carried_out(one, order(nodes))
    carried_out(one, order(nodes))
    vitals = one.vitals()
    assert vitals["models"] == ["big", "one"]
    assert vitals["found"] == {"ran": 2, "memory": 2}
    assert vitals["memory"]["values"] == 2
    disk = one.disk()
    assert disk is not None
    assert disk["values"] == 2
    one.close()


def test_each_node_is_called_within_what_the_wrapper_gives() -> None:
    inside: list[str] = []

    @contextlib.contextmanager
    def calling(node: str) -> Iterator[None]:
        inside.append(f"{node} {threading.current_thread().name}")
        yield

    one = Worker(Engine(CATALOG, grace=1e9), calling=calling)
    carried_out(one, order({"a": {"type": "Number"}}))
    assert inside == ["a lane-cpu"]
    one.close()
