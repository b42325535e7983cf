"""Nodes that end their process, or eat its memory: the run fails at once, by name, and nothing else suffers."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.server.processes.stage import Stage, soon, stage, until
from tests.server.toys import calls

pytestmark = pytest.mark.anyio
MEGABYTE = 1 << 20


async def test_a_run_is_carried_out_and_told_in_order(at_work: Stage) -> None:
    nodes = {"a": {"type": "Number", "params": {"value": 3}}, "b": {"type": "Step", "inputs": {"a": "a.number"}}}
    run = await at_work.run(nodes, document={"outputs": {"sum": "b.number"}})
    assert (run.status, run.fault, run.attempt) == ("done", None, 1)
    assert run.counts is not None
    assert run.counts.model_dump() == {"ran": 2, "cached": 0, "failed": 0, "blocked": 0}
    assert (run.outputs["sum"].link, run.outputs["sum"].type, run.outputs["sum"].many) == ("b.number", "int", False)
    assert await at_work.story(run) == [
        ("run_queued", None), ("run_started", None), ("node_started", "a"), ("node_finished", "a"),
        ("node_started", "b"), ("node_finished", "b"), ("run_finished", None),
    ]  # fmt: skip


@pytest.mark.parametrize("way", ["segfault", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "exit"])
async def test_a_node_that_ends_its_process_fails_its_run_by_name_in_two_seconds(at_work: Stage, way: str) -> None:
    begun = time.monotonic()
    boom = {"type": "Die", "params": {"way": way}, "inputs": {"a": "a.number"}}
    run = await at_work.run({"a": {"type": "Number", "params": {"value": 3}}, "boom": boom})
    assert time.monotonic() - begun < soon(2)
    assert run.fault is not None
    assert (run.status, run.attempt, run.fault.code, run.fault.node) == ("failed", 1, "worker_crashed", "boom")
    assert "boom" in run.fault.message
    assert ("node_failed", "boom") in await at_work.story(run)


async def test_of_two_nodes_that_run_the_one_that_crashed_is_named(at_work: Stage) -> None:
    nodes = {
        "innocent": {"type": "Deaf"},
        "boom": {"type": "Die", "params": {"way": "segfault", "after": 0.2}},
    }
    run = await at_work.run(nodes)
    assert run.fault is not None
    assert run.fault.node == "boom"
    assert "innocent" not in run.fault.message


async def test_a_node_that_kills_its_worker_is_tried_three_times_in_two_seconds(at_work: Stage, tmp_path: Path) -> None:
    log = tmp_path / "log"
    begun = time.monotonic()
    run = await at_work.run({"boom": {"type": "Die", "params": {"way": "SIGKILL", "log": str(log)}}})
    assert time.monotonic() - begun < soon(2)
    assert len(calls(log)) == 3
    assert run.fault is not None
    assert (run.status, run.attempt, run.fault.code, run.fault.node) == ("failed", 3, "too_many_attempts", "boom")
    story = [name for name, _ in await at_work.story(run)]
    assert (
        story
        == [
            "run_queued",
            *(["run_started", "node_started", "run_interrupted"] * 2),
            *("run_started", "node_started", "run_finished"),
        ]
        or story.count("run_interrupted") == 2
    )  # an event that was on its way when the worker was killed is lost


async def test_a_run_that_is_killed_once_goes_on_and_is_done(at_work: Stage, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run = await at_work.run({"a": {"type": "Fragile", "params": {"log": str(log), "times": 2}}})
    assert (run.status, run.attempt, run.fault) == ("done", 3, None)


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_node_that_eats_all_memory_fails_its_run_by_name_in_two_seconds(tmp_path: Path, at_once: bool) -> None:
    async with stage(tmp_path, worker_memory=400 * MEGABYTE) as at_work:
        await at_work.idle()
        log = tmp_path / "log"
        run = await at_work.submit({"boom": {"type": "Eat", "params": {"log": str(log), "at_once": at_once}}})
        await until(lambda: len(calls(log)) > (0 if at_once else 20))
        begun = time.monotonic()
        run = await at_work.ended(run)
        assert time.monotonic() - begun < soon(2)
        assert run.fault is not None
        assert (run.status, run.attempt, run.fault.code, run.fault.node) == ("failed", 1, "out_of_memory", "boom")
        assert (await at_work.run({"a": {"type": "Number"}})).status == "done"


async def test_the_run_beside_one_that_crashes_goes_on(tmp_path: Path) -> None:
    async with stage(tmp_path, devices=("cpu", "cpu")) as at_work:
        await at_work.idle()
        log = tmp_path / "log"
        nodes = {"a": {"type": "Patient", "params": {"steps": 40, "log": str(log)}}}
        beside = await at_work.submit(nodes)
        await until(lambda: bool(calls(log)))
        for way in ("segfault", "SIGKILL", "exit"):
            assert (await at_work.run({"boom": {"type": "Die", "params": {"way": way}}})).status == "failed"
        beside = await at_work.ended(beside)
        assert (beside.status, beside.attempt) == ("done", 1)
        assert calls(log) == [f"step {at}" for at in range(40)]


async def test_the_next_run_starts_at_once_on_a_new_worker(at_work: Stage) -> None:
    before = at_work.pid()
    await at_work.run({"boom": {"type": "Die"}})
    begun = time.monotonic()
    assert (await at_work.run({"a": {"type": "Number"}})).status == "done"
    assert time.monotonic() - begun < soon(1)
    assert at_work.pid() != before


async def test_a_stray_process_that_keeps_the_socket_open_hides_no_end(at_work: Stage, tmp_path: Path) -> None:
    log = tmp_path / "log"
    begun = time.monotonic()
    run = await at_work.run({"a": {"type": "Stray", "params": {"log": str(log)}}})
    assert time.monotonic() - begun < soon(3.5)
    assert run.fault is not None
    assert (run.fault.code, len(calls(log))) == ("too_many_attempts", 3)


async def test_what_a_node_has_started_ends_with_its_worker(at_work: Stage, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run = await at_work.submit({"a": {"type": "Parent", "params": {"log": str(log)}}})
    await until(lambda: bool(calls(log)))
    (child,) = map(int, calls(log))
    os.kill(child, 0)
    os.kill(at_work.pid(), signal.SIGKILL)
    await until(lambda: not Path(f"/proc/{child}/cmdline").exists() or not Path(f"/proc/{child}/cmdline").read_bytes())
    await at_work.dispatcher.cancel(run.id)
