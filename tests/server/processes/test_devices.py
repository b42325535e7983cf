"""Which run goes where: two devices work side by side, models are used where they are loaded, nobody starves."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from server.processes.choice import Chooser
from server.processes.member import Member
from server.records import Run
from tests.server.processes.stage import Stage, soon, stage, until
from tests.server.toys import calls

pytestmark = pytest.mark.anyio


async def test_two_devices_are_two_workers_that_work_side_by_side(tmp_path: Path) -> None:
    async with stage(tmp_path, devices=("cpu", "cpu")) as at_work:
        await at_work.idle()
        nodes = [{"a": {"type": "Deaf", "params": {"seconds": 1.0 + at / 1000}}} for at in range(2)]
        begun = time.monotonic()
        runs = [await at_work.submit(each) for each in nodes]
        await until(lambda: sum(member.state == "busy" for member in at_work.crew.members()) == 2)
        assert {(await at_work.ended(run)).status for run in runs} == {"done"}
        assert time.monotonic() - begun < soon(1.9)
        first, second = at_work.crew.members()
        assert first.pid != second.pid


async def test_one_worker_carries_out_runs_one_after_another_and_stays(at_work: Stage, tmp_path: Path) -> None:
    log = tmp_path / "log"
    runs = [
        await at_work.submit({"a": {"type": "Model", "params": {"a": at, "log": str(log)}}}, models=("one",))
        for at in range(5)
    ]
    for run in runs:
        assert (await at_work.ended(run)).status == "done"
    assert len(set(calls(log))) == 1
    await until(lambda: at_work.crew.members()[0].models == ("one",))


async def test_runs_go_to_the_worker_that_has_their_models(tmp_path: Path) -> None:
    async with stage(tmp_path, devices=("cpu", "cpu")) as at_work:
        await at_work.idle()
        log = tmp_path / "log"

        def nodes(name: str, at: int) -> dict[str, Any]:
            return {"a": {"type": "Model", "params": {"source": name, "a": at, "log": str(log)}}}

        for at in range(6):
            for name in ("one", "two"):
                await at_work.run(nodes(name, at), models=(name,))
                await at_work.idle()
        workers = {name: {line.split()[1] for line in calls(log) if line.startswith(name)} for name in ("one", "two")}
        assert len(workers["one"]) == len(workers["two"]) == 1


# Choosing, without processes


@dataclass
class Idle:
    """What choosing looks at of a worker."""

    models: frozenset[str]


def waiting(number: int, *models: str, priority: int = 0) -> Run:
    return Run(
        id=f"r{number}", number=number, status="queued", name="", priority=priority, inputs={}, targets=(),
        models=models, attempt=0, last=0, created=0.0,
    )  # fmt: skip


def workers(*models: set[str]) -> list[Member]:
    return [cast(Member, Idle(frozenset(names))) for names in models]


def test_the_first_goes_first_where_models_make_no_difference() -> None:
    runs = [waiting(1), waiting(2, "a")]
    (member,) = workers({"a"})
    assert Chooser().choose(runs, [member]) == (runs[0], member)


def test_a_run_whose_models_are_loaded_goes_before_one_of_the_same_priority() -> None:
    runs = [waiting(1, "b"), waiting(2, "a")]
    (member,) = workers({"a"})
    assert Chooser().choose(runs, [member]) == (runs[1], member)


def test_a_run_of_a_higher_priority_is_never_passed_over() -> None:
    runs = [waiting(1, "b", priority=1), waiting(2, "a")]
    (member,) = workers({"a"})
    assert Chooser().choose(runs, [member]) == (runs[0], member)


def test_the_first_is_passed_over_a_bounded_number_of_times() -> None:
    first, *others = [waiting(1, "b"), *(waiting(number, "a") for number in range(2, 20))]
    (member,) = workers({"a"})
    chooser = Chooser()
    for passes in range(20):
        chosen, _ = chooser.choose([first, *others[passes:]], [member])
        if chosen is first:
            break
    assert passes == 4
    assert chooser.choose([others[5], waiting(30, "b")], workers({"b"}))[0].number == 30


def test_the_worker_that_has_the_models_is_taken_and_else_the_emptiest() -> None:
    empty, full = workers(set(), {"a", "b"})
    assert Chooser().choose([waiting(1, "a")], [empty, full])[1] is full
    assert Chooser().choose([waiting(1, "c")], [full, empty])[1] is empty
    assert Chooser().choose([waiting(1)], [full, empty])[1] is empty


async def test_runs_are_taken_by_priority_and_none_while_the_queue_is_paused(tmp_path: Path) -> None:
    async with stage(tmp_path) as at_work:
        log = tmp_path / "log"
        await at_work.db.runs.pause(True)
        runs = [
            await at_work.submit(
                {"a": {"type": "Step", "params": {"log": str(log), "name": str(priority)}}}, priority=priority
            )
            for priority in (0, 2, 1)
        ]
        await at_work.idle()
        await asyncio.sleep(0.2)
        assert calls(log) == []
        await at_work.db.runs.pause(False)
        at_work.dispatcher.submitted()
        for run in runs:
            await at_work.ended(run)
        assert calls(log) == ["2", "1", "0"]


async def test_no_run_is_begun_while_the_disk_is_nearly_full(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with stage(tmp_path, disk_reserve=1 << 62) as at_work:
        await at_work.idle()
        run = await at_work.submit({"a": {"type": "Number"}})
        await until(lambda: "nearly full" in caplog.text)
        assert (await at_work.db.runs.get(run.id)).status == "queued"
