"""Stopping the server: what runs is put back and goes on with the next one; nothing outlives it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.server.processes.stage import alive, soon, stage, until
from tests.server.toys import calls

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]


async def test_a_run_goes_on_after_the_server_was_stopped_and_has_lost_no_attempt(tmp_path: Path) -> None:
    log = tmp_path / "log"
    nodes = {"a": {"type": "Patient", "params": {"steps": 60, "log": str(log)}}}
    async with stage(tmp_path) as at_work:
        run = await at_work.submit(nodes)
        await until(lambda: len(calls(log)) > 22)
        begun = time.monotonic()
    assert time.monotonic() - begun < soon(3)
    async with stage(tmp_path) as at_work:
        run = await at_work.ended(run)
        assert (run.status, run.attempt) == ("done", 1)
        assert len(calls(log)) <= 60 + 5
        story = [name for name, _ in await at_work.story(run)]
        assert story.count("run_interrupted") == 1


async def test_a_node_that_never_asks_does_not_hold_up_the_end(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with stage(tmp_path) as at_work:
        run = await at_work.submit({"a": {"type": "Deaf", "params": {"log": str(log)}}})
        await until(lambda: bool(calls(log)))
        worker = at_work.pid()
        begun = time.monotonic()
    assert time.monotonic() - begun < soon(10)
    assert not alive(worker)
    async with stage(tmp_path) as at_work:
        assert (await at_work.when(run, lambda run: run.status == "running")).attempt == 1


async def test_nothing_is_left_of_a_server_that_has_stopped(tmp_path: Path) -> None:
    others = descendants(os.getpid())  # servers that other tests share
    async with stage(tmp_path) as at_work:
        await at_work.idle()
        await until(lambda: at_work.crew.warm)
        await at_work.idle()
        shared = {pid for other in others for pid in (other, *descendants(other))}
        found = [pid for pid in descendants(os.getpid()) if pid not in shared]
        assert len(found) == 3  # two zygotes and a worker
    assert [pid for pid in found if alive(pid)] == []


async def test_nothing_is_left_of_a_server_that_is_killed_and_its_run_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-m", "tests.server.processes.program", str(tmp_path), str(log)]
    with subprocess.Popen(command, cwd=ROOT) as server:
        await until(lambda: len(calls(log)) > 12)
        found = descendants(server.pid)
        assert len(found) >= 3
        server.kill()
    await until(lambda: not any(map(alive, found)), soon(2))
    count = len(calls(log))
    async with stage(tmp_path) as at_work:
        (run,) = (await at_work.db.runs.page()).runs
        run = await at_work.ended(run)
        assert run.status == "done"
        assert len(calls(log)) <= 60 + 5
        assert len(calls(log)) > count


async def test_a_deaf_worker_is_gone_too_when_the_server_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-m", "tests.server.processes.program", str(tmp_path), str(log), "deaf"]
    with subprocess.Popen(command, cwd=ROOT) as server:
        await until(lambda: bool(calls(log)))
        found = descendants(server.pid)
        os.kill(server.pid, signal.SIGKILL)
    await until(lambda: not any(map(alive, found)), soon(2))


def descendants(pid: int) -> list[int]:
    """Give the processes below this one."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = stat.read_text().partition(" ")
        except OSError:
            continue
        parents[int(number)] = int(rest.rpartition(")")[2].split()[1])
    found = [pid]
    for above in found:
        found += [child for child, parent in parents.items() if parent == above]
    return found[1:]
