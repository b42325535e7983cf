"""A worker that is killed from outside: the run goes on from its last finished node, and within a node where it can."""

import os
import signal
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.server.processes.stage import Stage, stage, until
from tests.server.toys import calls

pytestmark = pytest.mark.anyio


def chain(length: int, log: Path, seconds: float = 0.05) -> dict[str, Any]:
    """Draw a chain of nodes that write down their calls."""
    nodes: dict[str, Any] = {}
    for at in range(length):
        wired = {"inputs": {"a": f"n{at - 1}.number"}} if at else {}
        nodes[f"n{at}"] = {"type": "Step", "params": {"log": str(log), "seconds": seconds, "name": f"n{at}"}, **wired}
    return nodes


def _called(log: Path, times: int) -> bool:
    return len(calls(log)) >= times


async def test_a_killed_worker_s_run_goes_on_from_its_last_finished_node(at_work: Stage, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run = await at_work.submit(chain(12, log), document={"outputs": {"last": "n11.number"}})
    for count in (4, 9):
        await until(partial(_called, log, count))
        os.kill(at_work.pid(), signal.SIGKILL)
    run = await at_work.ended(run)
    assert (run.status, run.attempt) == ("done", 3)
    counts = Counter(calls(log))
    assert set(counts) == {f"n{at}" for at in range(12)}
    assert sum(counts.values()) <= 12 + 2  # only what was at work when the worker was killed
    events = await at_work.events(run)
    assert [event["n"] for event in events] == list(range(run.last + 1))
    assert [event["attempt"] for event in events if event["type"] == "run_started"] == [1, 2, 3]


async def test_a_killed_worker_s_run_goes_on_within_a_node_that_saves_its_state(at_work: Stage, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run = await at_work.submit({"a": {"type": "Patient", "params": {"steps": 30, "log": str(log)}}})
    await until(lambda: len(calls(log)) >= 18)
    os.kill(at_work.pid(), signal.SIGKILL)
    run = await at_work.ended(run)
    assert (run.status, run.attempt) == ("done", 2)
    seen = calls(log)
    again = seen.index(next(step for step in seen[1:] if seen.count(step) > 1), 10)
    assert set(seen) == {f"step {at}" for at in range(30)}
    assert len(seen) - 30 <= at_work.terms.checkpoint_every
    assert again >= 15


async def test_runs_go_on_after_the_zygote_is_killed(at_work: Stage, tmp_path: Path) -> None:
    log = tmp_path / "log"
    run = await at_work.submit(chain(10, log))
    await until(lambda: len(calls(log)) >= 3)
    zygote = int(Path(f"/proc/{at_work.pid()}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(zygote, signal.SIGKILL)
    run = await at_work.ended(run)
    assert (run.status, run.attempt) == ("done", 2)
    assert len(calls(log)) <= 11


async def test_runs_are_done_while_the_libraries_cannot_be_imported(tmp_path: Path) -> None:
    async with stage(tmp_path, catalog="tests.server.processes.catalogs:FAILING") as at_work:
        await at_work.idle()
        assert (await at_work.run({"a": {"type": "Number"}})).status == "done"


async def test_a_zygote_with_threads_forks_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with stage(tmp_path, catalog="tests.server.processes.catalogs:THREADED") as at_work:
        await at_work.idle()
        await until(lambda: "1 threads" in caplog.text)
        run = await at_work.run({"a": {"type": "Die", "params": {"way": "SIGKILL"}}})
        assert run.attempt == 3
        assert (await at_work.run({"a": {"type": "Number"}})).status == "done"


async def test_a_run_that_needs_no_library_does_not_wait_for_the_import_and_the_next_worker_has_it(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path, catalog="tests.server.processes.catalogs:SLOW") as at_work:
        assert (await at_work.run({"a": {"type": "Number"}}, seconds=5)).status == "done"
        first = at_work.crew.members()[0]
        assert not at_work.crew.warm
        await until(lambda: at_work.crew.warm)
        await at_work.run({"a": {"type": "Die"}})
        await at_work.idle()
        assert at_work.pid() != first.pid
