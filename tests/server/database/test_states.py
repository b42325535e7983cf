"""A model of runs and their queue, against the database: any order of commands gives what the model says."""

import asyncio
import json
import tempfile
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from server.database import Append, Database
from server.database.errors import Conflict, NotFound, Stale
from server.database.leases import MAX_ATTEMPTS
from server.records import FINAL, RunStatus
from tests.server.database.examples import LOST, NOTHING, ONE_RAN, order, started

Answer = TypeVar("Answer")
MEMORY = Path("/dev/shm")  # syncing is not what is looked at here
MAY_FOLLOW: dict[RunStatus, set[RunStatus]] = {
    "queued": {"queued", "running", "cancelled"},
    "running": {"queued", "running", "done", "failed", "cancelled"},
    **{status: {status} for status in FINAL},
}


@dataclass(frozen=True)
class Model:
    """What the model knows of a run."""

    id: str
    status: RunStatus = "queued"
    priority: int = 0
    attempt: int = 0
    fence: int = 0
    events: tuple[str, ...] = ("run_queued",)
    progressed: bool = False

    def then(self, status: RunStatus, event: str, **changes: object) -> "Model":
        return replace(self, status=status, events=(*self.events, event), **changes)  # type: ignore[arg-type]


@dataclass
class World:
    """All runs by id, and the ids that wait, by priority, in order."""

    runs: dict[str, Model] = field(default_factory=dict)
    lines: dict[int, list[str]] = field(default_factory=dict)

    def queue(self) -> list[str]:
        return [id for priority in sorted(self.lines, reverse=True) for id in self.lines[priority]]

    def leave(self, id: str) -> None:
        for line in self.lines.values():
            if id in line:
                line.remove(id)

    def front(self, id: str) -> None:
        self.lines.setdefault(self.runs[id].priority, []).insert(0, id)

    def back(self, id: str) -> None:
        self.lines.setdefault(self.runs[id].priority, []).append(id)


class Runs(RuleBasedStateMachine):
    """Commands, as many servers, workers and people could give them, with old fences among them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.runner = asyncio.Runner()
        self.url = f"sqlite:///{self.folder.name}/promptograph.sqlite"
        self.db = self.do(Database.open(self.url))
        self.world = World()
        self.seen: dict[str, RunStatus] = {}

    def do(self, ask: Awaitable[Answer]) -> Answer:
        async def wait() -> Answer:
            return await ask

        return self.runner.run(wait())

    def teardown(self) -> None:
        self.do(self.db.close())
        self.runner.close()
        self.folder.cleanup()

    def some(self, pick: int) -> Model:
        runs = list(self.world.runs.values())
        return runs[pick % len(runs)]

    @initialize()
    def first(self) -> None:
        self.submit(0)

    @rule(priority=st.integers(-1, 1))
    def submit(self, priority: int) -> None:
        run, _ = self.do(self.db.runs.submit(order(priority=priority)))
        self.world.runs[run.id] = Model(run.id, priority=priority)
        self.world.back(run.id)

    @precondition(lambda self: self.world.queue())
    @rule()
    def lease_the_next(self) -> None:
        (candidate,) = self.do(self.db.runs.candidates(1))
        assert candidate.id == self.world.queue()[0]
        self.lease(list(self.world.runs).index(candidate.id))

    @rule(pick=st.integers(0, 50))
    def lease(self, pick: int) -> None:
        model = self.some(pick)
        lease = self.do(self.db.runs.lease(model.id, "cpu"))
        assert (lease is not None) == (model.status == "queued")
        if lease is not None:
            assert lease.fence > model.fence
            changes = {"attempt": model.attempt + 1, "fence": lease.fence, "progressed": False}
            self.world.runs[model.id] = replace(model, status="running", **changes)  # type: ignore[arg-type]
            self.world.leave(model.id)

    @rule(pick=st.integers(0, 50), old=st.integers(0, 2), progress=st.booleans())
    def append(self, pick: int, old: int, progress: bool) -> None:
        model = self.some(pick)
        events = [started(), ONE_RAN] if progress else [started()]
        (answer,) = self.do(self.db.runs.append([Append(model.id, model.fence - old, events)]))
        assert (answer.refused is None) == (model.status == "running" and old == 0)
        if answer.refused is None:
            for event in events:
                model = model.then("running", str(event["type"]), progressed=model.progressed or progress)
            self.world.runs[model.id] = model

    @rule(pick=st.integers(0, 50), old=st.integers(0, 2), status=st.sampled_from(["done", "failed", "cancelled"]))
    def finish(self, pick: int, old: int, status: RunStatus) -> None:
        model = self.some(pick)
        ask = self.db.runs.finish(model.id, model.fence - old, status, NOTHING, {})
        if self.held(model, old, ask):
            self.end(model, status)

    @rule(pick=st.integers(0, 50), old=st.integers(0, 2))
    def interrupt(self, pick: int, old: int) -> None:
        model = self.some(pick)
        if self.held(model, old, self.db.runs.interrupt(model.id, model.fence - old, "lost", fault_if_last=LOST)):
            self.put_back(model, costs=True)

    @rule(pick=st.integers(0, 50), old=st.integers(0, 2))
    def release(self, pick: int, old: int) -> None:
        model = self.some(pick)
        if self.held(model, old, self.db.runs.release(model.id, model.fence - old, "stopped")):
            self.put_back(model, costs=False)

    @rule()
    def restart(self) -> None:
        self.do(self.db.close())
        self.db = self.do(Database.open(self.url))
        orphans = [model for model in self.world.runs.values() if model.status == "running"]
        assert self.do(self.db.runs.recover()) == len(orphans)
        for model in reversed(orphans):
            self.put_back(model, costs=not model.progressed)

    @rule(pick=st.integers(0, 50))
    def cancel(self, pick: int) -> None:
        model = self.some(pick)
        self.do(self.db.runs.cancel(model.id))
        if model.status not in FINAL:
            self.end(model, "cancelled")

    @rule()
    def cancel_all(self) -> None:
        cancelled = self.do(self.db.runs.cancel_all())
        open_ = [model for model in self.world.runs.values() if model.status not in FINAL]
        assert {*cancelled.waited, *cancelled.running} == {model.id for model in open_}
        for model in open_:
            self.end(model, "cancelled")

    @rule(pick=st.integers(0, 50))
    def retry(self, pick: int) -> None:
        model = self.some(pick)
        if model.status not in FINAL:
            with pytest.raises(Conflict):
                self.do(self.db.runs.retry(model.id))
            return
        run = self.do(self.db.runs.retry(model.id))
        self.world.runs[run.id] = Model(run.id, priority=model.priority)
        self.world.back(run.id)

    @rule(pick=st.integers(0, 50), priority=st.integers(-1, 1))
    def give_priority(self, pick: int, priority: int) -> None:
        model = self.some(pick)
        if model.status != "queued":
            with pytest.raises(Conflict):
                self.do(self.db.runs.move(model.id, priority=priority + 10))
            return
        self.do(self.db.runs.move(model.id, priority=priority))
        if priority != model.priority:
            self.world.leave(model.id)
            self.world.runs[model.id] = replace(model, priority=priority)
            self.world.back(model.id)

    @precondition(lambda self: len(self.world.queue()) > 1)
    @rule(pick=st.integers(0, 50), other=st.integers(0, 50))
    def put_before(self, pick: int, other: int) -> None:
        queue = self.world.queue()
        mover, before = queue[pick % len(queue)], queue[other % len(queue)]
        self.do(self.db.runs.move(mover, before=before))
        if mover != before:
            priority = self.world.runs[before].priority
            self.world.leave(mover)
            self.world.runs[mover] = replace(self.world.runs[mover], priority=priority)
            line = self.world.lines[priority]
            line.insert(line.index(before), mover)

    @precondition(lambda self: len(self.world.runs) > 1)
    @rule(pick=st.integers(0, 50))
    def delete(self, pick: int) -> None:
        model = self.some(pick)
        if model.status not in FINAL:
            with pytest.raises(Conflict):
                self.do(self.db.runs.delete(model.id))
            return
        self.do(self.db.runs.delete(model.id))
        del self.world.runs[model.id]
        with pytest.raises(NotFound):
            self.do(self.db.runs.get(model.id))

    def held(self, model: Model, old: int, ask: Awaitable[object]) -> bool:
        """Ask with a fence; say whether it was taken."""
        if model.status == "running" and old == 0:
            self.do(ask)
            return True
        with pytest.raises(Stale):
            self.do(ask)
        return False

    def end(self, model: Model, status: RunStatus) -> None:
        self.world.leave(model.id)
        self.world.runs[model.id] = model.then(status, "run_finished", fence=model.fence + 1)

    def put_back(self, model: Model, *, costs: bool) -> None:
        if costs and model.attempt >= MAX_ATTEMPTS:
            self.end(model, "failed")
            return
        attempt = model.attempt if costs else model.attempt - 1
        self.world.runs[model.id] = model.then("queued", "run_interrupted", attempt=attempt)
        self.world.front(model.id)

    @invariant()
    def the_database_is_as_the_model_says(self) -> None:
        page = self.do(self.db.runs.page(limit=1000))
        assert {run.id: run.status for run in page.runs} == {id: run.status for id, run in self.world.runs.items()}
        for run in page.runs:
            model = self.world.runs[run.id]
            assert (run.attempt, run.priority, run.last) == (model.attempt, model.priority, len(model.events) - 1)
            assert run.status in MAY_FOLLOW[self.seen.get(run.id, "queued")]
            self.seen[run.id] = run.status
        assert [run.id for run in self.do(self.db.runs.queue(1000))] == self.world.queue()
        counts = self.do(self.db.runs.counts())
        statuses = [run.status for run in page.runs]
        assert counts == {status: statuses.count(status) for status in counts}

    @invariant()
    def the_events_of_one_run_are_those_of_the_model(self) -> None:
        model = self.some(len(self.world.runs) - 1)
        events = [json.loads(text) for text in self.do(self.db.events.after(model.id))]
        assert [(event["n"], event["type"]) for event in events] == list(enumerate(model.events))


class ManyRuns(Runs):
    """The same commands; a machine has one size."""


TestRuns = Runs.TestCase
TestRuns.settings = settings(
    max_examples=12,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

TestManyRuns = pytest.mark.full(pytest.mark.timeout(7200)(ManyRuns.TestCase))
TestManyRuns.settings = settings(TestRuns.settings, max_examples=1000, stateful_step_count=100, derandomize=False)
