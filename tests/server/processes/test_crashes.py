"""Nodes that end their process: the run fails at once, by name, and nothing else suffers."""

import time

import pytest

from tests.server.processes.stage import Stage

pytestmark = pytest.mark.anyio


async def test_a_run_is_carried_out_and_told_in_order(at_work: Stage) -> None:
    nodes = {"a": {"type": "Number", "params": {"value": 3}}, "b": {"type": "Step", "inputs": {"a": "a.number"}}}
    run = await at_work.run(nodes, document={"outputs": {"sum": "b.number"}})
    assert (run.status, run.fault, run.attempt) == ("done", None, 1)
    assert run.outputs["sum"].type == "int"
    assert await at_work.story(run) == [
        ("run_queued", None), ("run_started", None), ("node_started", "a"), ("node_finished", "a"),
        ("node_started", "b"), ("node_finished", "b"), ("run_finished", None),
    ]  # fmt: skip


@pytest.mark.parametrize("way", ["segfault", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "exit"])
async def test_a_node_that_ends_its_process_fails_its_run_by_name_in_two_seconds(at_work: Stage, way: str) -> None:
    begun = time.monotonic()
    run = await at_work.run({"a": {"type": "Number"}, "boom": {"type": "Die", "params": {"way": way, "a": 3}}})
    assert time.monotonic() - begun < 2
    assert run.fault is not None
    assert (run.status, run.attempt, run.fault.code, run.fault.node) == ("failed", 1, "worker_crashed", "boom")
    assert "boom" in run.fault.message
