"""Silence: a worker that is not heard loses its run, and what it writes later is refused."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest
from pydantic import JsonValue

from server.database import Append
from tests.server.processes.stage import Stage, soon, stage, until
from tests.server.toys import calls

pytestmark = pytest.mark.anyio
SHORT = {"heartbeat": 0.1, "lease": 1.0}


async def test_a_worker_that_hangs_loses_its_run_to_another(tmp_path: Path) -> None:
    async with stage(tmp_path, **SHORT) as at_work:
        await at_work.idle()
        log = tmp_path / "log"
        run = await at_work.submit({"a": {"type": "Patient", "params": {"steps": 40, "log": str(log)}}})
        await until(lambda: len(calls(log)) > 12)
        hung = at_work.pid()
        os.kill(hung, signal.SIGSTOP)
        begun = time.monotonic()
        await until(lambda: not Path(f"/proc/{hung}").exists())
        assert 0.8 < time.monotonic() - begun < soon(2)
        run = await at_work.ended(run)
        assert (run.status, run.attempt) == ("done", 2)
        (why,) = [event["reason"] for event in await at_work.events(run) if event["type"] == "run_interrupted"]
        assert "not heard" in why
        assert calls(log).count("step 5") == 1  # it went on from what was saved


async def test_what_a_worker_tells_after_it_lost_its_run_is_refused(tmp_path: Path) -> None:
    async with stage(tmp_path) as at_work:
        await at_work.idle()
        log = tmp_path / "log"
        run = await at_work.submit({"a": {"type": "Patient", "params": {"steps": 1000, "log": str(log)}}})
        await until(lambda: bool(calls(log)))
        stale: list[str] = []
        at_work.journal.on_stale(stale.append)
        fence = 1
        await at_work.db.runs.cancel(run.id)  # behind the dispatcher's back
        before = await at_work.events(run)
        await at_work.journal.add(run.id, fence, {"type": "node_blocked", "at": 1.0, "node": "a", "by": "b"})
        await at_work.journal.settled(run.id)
        assert set(stale) == {run.id}
        assert await at_work.events(run) == before
        await at_work.idle(soon(2))  # the worker was told to stop


async def test_of_two_that_hold_a_run_only_the_latter_can_write(at_work: Stage, tmp_path: Path) -> None:
    await at_work.dispatcher.stop()
    run = await at_work.submit({"a": {"type": "Number"}})
    first = await at_work.db.runs.lease(run.id, "one")
    assert first is not None
    await at_work.db.runs.release(run.id, first.fence, "it hangs")
    second = await at_work.db.runs.lease(run.id, "two")
    assert second is not None
    event: dict[str, JsonValue] = {"type": "node_blocked", "at": 1.0, "node": "a", "by": "b"}
    answers = await at_work.db.runs.append(
        [Append(run.id, first.fence, [event]), Append(run.id, second.fence, [event])]
    )
    assert [answer.refused for answer in answers] == ["stale", None]


async def test_a_long_node_keeps_its_lease(tmp_path: Path) -> None:
    async with stage(tmp_path, **SHORT) as at_work:
        run = await at_work.run({"a": {"type": "Deaf", "params": {"seconds": 2.5}}})
        assert (run.status, run.attempt) == ("done", 1)


async def test_a_server_that_was_held_up_gives_nobody_up(tmp_path: Path) -> None:
    async with stage(tmp_path, **SHORT) as at_work:
        await at_work.idle()
        log = tmp_path / "log"
        run = await at_work.submit({"a": {"type": "Patient", "params": {"steps": 100, "log": str(log)}}})
        await until(lambda: bool(calls(log)))
        time.sleep(1.5)  # nothing of the server runs meanwhile
        await asyncio.sleep(0.5)
        run = await at_work.ended(run)
        assert (run.status, run.attempt) == ("done", 1)
