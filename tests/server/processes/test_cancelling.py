"""Cancelling: reported at once, stopped within two seconds whether the node listens or not."""

import time
from pathlib import Path

import pytest

from server.database import SweepSubmission
from server.records import Axis
from tests.server.processes.stage import Stage, soon, stage, until
from tests.server.toys import calls

pytestmark = pytest.mark.anyio


async def test_a_cancelled_run_is_over_at_once_and_its_worker_stays(at_work: Stage, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run = await at_work.submit({"a": {"type": "Patient", "params": {"steps": 1000, "log": str(log)}}})
    await until(lambda: len(calls(log)) > 3)
    worker = at_work.pid()
    begun = time.monotonic()
    cancelled = await at_work.dispatcher.cancel(run.id)
    assert time.monotonic() - begun < soon(0.25)
    assert cancelled.status == "cancelled"
    await at_work.idle(soon(1))
    count = len(calls(log))
    assert (await at_work.run({"a": {"type": "Number"}})).status == "done"
    assert len(calls(log)) == count
    assert at_work.pid() == worker
    assert (await at_work.story(cancelled))[-1] == ("run_finished", None)
    assert await at_work.db.runs.get(run.id) == cancelled


@pytest.mark.parametrize("holding", [False, True])
async def test_a_node_that_never_asks_is_stopped_in_two_seconds(at_work: Stage, tmp_path: Path, holding: bool) -> None:
    log = tmp_path / "log"
    run = await at_work.submit({"a": {"type": "Deaf", "params": {"log": str(log), "holding": holding}}})
    await until(lambda: bool(calls(log)))
    worker = at_work.pid()
    begun = time.monotonic()
    assert (await at_work.dispatcher.cancel(run.id)).status == "cancelled"
    assert time.monotonic() - begun < soon(0.25)
    await until(lambda: not Path(f"/proc/{worker}").exists(), soon(2.2))
    assert (await at_work.run({"a": {"type": "Number"}}, seconds=soon(1))).status == "done"
    assert (await at_work.db.runs.get(run.id)).status == "cancelled"


async def test_a_run_that_waits_is_cancelled_and_never_begun(tmp_path: Path) -> None:
    async with stage(tmp_path) as at_work:
        log = tmp_path / "log"
        await at_work.db.runs.pause(True)
        run = await at_work.submit({"a": {"type": "Step", "params": {"log": str(log)}}})
        assert (await at_work.dispatcher.cancel(run.id)).status == "cancelled"
        await at_work.db.runs.pause(False)
        assert (await at_work.run({"a": {"type": "Number"}})).status == "done"
        assert calls(log) == []


async def test_what_was_finished_before_a_cancellation_is_known_to_the_next_run(at_work: Stage, tmp_path: Path) -> None:
    log = tmp_path / "log"
    nodes = {
        "a": {"type": "Step", "params": {"log": str(log), "name": "first"}},
        "b": {"type": "Patient", "params": {"log": str(tmp_path / "steps"), "steps": 200}, "inputs": {"a": "a.number"}},
    }
    run = await at_work.submit(nodes)
    await until(lambda: len(calls(tmp_path / "steps")) > 12)
    await at_work.dispatcher.cancel(run.id)
    again = await at_work.submit(nodes)
    await until(lambda: calls(tmp_path / "steps").count("step 11") + len(calls(tmp_path / "steps")) > 30)
    assert calls(log) == ["first"]
    assert calls(tmp_path / "steps").count("step 5") == 1
    await at_work.dispatcher.cancel(again.id)


async def test_all_runs_and_all_cells_of_a_sweep_are_cancelled_together(at_work: Stage, tmp_path: Path) -> None:
    log = tmp_path / "log"
    first = await at_work.submit({"a": {"type": "Patient", "params": {"steps": 1000, "log": str(log)}}})
    await until(lambda: bool(calls(log)))
    document = '{"format": "promptograph/1", "nodes": {"a": {"type": "Number"}}, "inputs": {"v": {"to": ["a.value"]}}}'
    axes = (Axis(values={"v": tuple(range(30))}),)
    sweep, _ = await at_work.db.runs.submit_sweep(SweepSubmission(name="s", document=document, axes=axes))
    second = await at_work.submit({"a": {"type": "Number"}})
    assert await at_work.dispatcher.cancel_sweep(sweep.id) == 30
    assert await at_work.dispatcher.cancel_all() == 2
    assert [(await at_work.db.runs.get(run.id)).status for run in (first, second)] == ["cancelled"] * 2
    await at_work.idle(soon(2))


async def test_a_run_that_has_ended_is_given_as_it_is(at_work: Stage) -> None:
    run = await at_work.run({"a": {"type": "Number"}})
    assert await at_work.dispatcher.cancel(run.id) == run
