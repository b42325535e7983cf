"""One device's worker as the server sees it: started, watched, given runs, and replaced when it ends.

Guarantees
1. A worker that is silent for longer than its lease, or holds more memory than it may, is killed.
2. A run whose worker has ended is brought on at once: failed, or put back to be tried again.
3. A cancelled run's worker is killed if it has not stopped within the grace.
4. While the server is slow itself, nobody is given up.
"""

import asyncio
import contextlib
import json
import logging
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, assert_never

from server.database import Database, Lease
from server.database.errors import Stale, Unavailable
from server.hub import Hub
from server.journal import Journal
from server.pipe import Frame, FrameError, Line
from server.processes.backoff import Backoff
from server.processes.blackbox import opened
from server.processes.forker import CannotForkError
from server.processes.memory import memory_of, out_of_memory_kills
from server.processes.nursery import Child, Nursery
from server.processes.printed import Printed
from server.processes.setting import Setting
from server.processes.terms import Terms
from server.processes.verdict import Cause, Failed, Lost, Silent, TooMuchMemory, cause_of, suspects, verdict
from server.records import Counts, Fault, Output, Run

LOG = logging.getLogger("promptograph.worker")
State = Literal["starting", "idle", "busy", "ending"]
_NOTHING = Counts(ran=0, cached=0, failed=0, blocked=0)
_REPORTED = 5.0  # seconds in which a zygote tells how a child has ended
_BETWEEN = 1.0  # seconds in which what is between two workers comes to its end
_SPARE = 512 << 20  # bytes that a worker may ask for beyond what it may hold, so that a look finds it first
_VALUES = 2 << 30  # bytes of values in memory, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """How a worker stands; `found` counts what was computed and what was known, by tier; bytes otherwise."""

    device: str
    state: State
    pid: int | None
    run: str | None
    memory: int
    models: tuple[str, ...]
    found: dict[str, int]
    kept: dict[str, dict[str, int] | None]


@dataclass(slots=True, eq=False)
class Task:
    """The run that the worker is at."""

    run: Run
    fence: int
    kills: int  # of the kernel's, when it was begun
    cancelled: bool = False


@dataclass(slots=True, eq=False)
class Body:
    """The process that is the worker now."""

    child: Child
    line: Line
    killed: Cause | None = None
    used: bool = False
    silence: float = 0.0
    hearing: bool = False
    memory: int = 0
    told: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A worker's process that is kept for a run."""

    member: "Member"
    body: Body

    def take(self, lease: Lease, document: str) -> bool:
        """Carry out the run; False if the process is gone."""
        return self.member.take(self.body, lease, document)


class Member:
    """One device, and whichever process is its worker now."""

    def __init__(
        self,
        number: int,
        terms: Terms,
        nursery: Nursery,
        db: Database,
        hub: Hub,
        journal: Journal,
        *,
        on_idle: Callable[[], None],
    ) -> None:
        self.device = terms.devices[number]
        self.state: State = "starting"
        self._number = number
        self._terms = terms
        self._nursery = nursery
        self._db = db
        self._hub = hub
        self._journal = journal
        self._on_idle = on_idle
        self._body: Body | None = None
        self._task: Task | None = None
        self._stopping = False
        self._life: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """What the database knows the worker by."""
        return f"{self._number}:{self.device}"

    @property
    def run(self) -> str | None:
        return None if self._task is None else self._task.run.id

    @property
    def models(self) -> frozenset[str]:
        """The names of the models that are loaded."""
        return frozenset() if self._body is None else frozenset(self._body.told.get("models", ()))

    def vitals(self) -> Vitals:
        body = self._body
        told = {} if body is None else body.told
        return Vitals(
            device=self.device,
            state=self.state,
            pid=None if body is None else body.child.process.pid,
            run=self.run,
            memory=0 if body is None else body.memory,
            models=tuple(told.get("models", ())),
            found=dict(told.get("found", {})),
            kept={tier: told.get(tier) for tier in ("memory", "disk")},
        )

    # Orders

    def start(self) -> None:
        self._life = asyncio.create_task(self._live(), name=f"worker {self.name}")

    @contextlib.contextmanager
    def reserved(self) -> Iterator["Place"]:
        """Keep an idle worker for a run; it is idle again if none is taken."""
        body = self._body
        if body is None or self.state != "idle":
            raise RuntimeError(f"worker {self.name} is {self.state}")
        self.state = "busy"
        try:
            yield Place(self, body)
        finally:
            if self._body is body and self._task is None and self.state == "busy":
                self._idle()

    def take(self, body: Body, lease: Lease, document: str) -> bool:
        """Carry out a run; False if the process that was kept for it is gone."""
        if self._body is not body or self.state != "busy":
            return False
        run = lease.run
        body.used = True
        self._task = Task(run, lease.fence, out_of_memory_kills())
        order = {
            "order": "take", "run": run.id, "attempt": run.attempt, "inputs": run.inputs, "targets": run.targets,
            "watched": self._hub.watched(run.id), "checkpoint_every": self._terms.checkpoint_every,
        }  # fmt: skip
        body.line.post(order, document.encode())
        return True

    def cancel(self, run: str) -> None:
        """Have the worker stop a run that is over for everybody else; kill it if it does not listen."""
        task, body = self._task, self._body
        if task is None or body is None or task.run.id != run or task.cancelled:
            return
        task.cancelled = True
        body.line.post({"order": "cancel", "run": run})
        asyncio.get_running_loop().call_later(self._terms.grace, self._end_of_grace, task, body)

    def watch(self, run: str, watched: bool) -> None:
        """Somebody wants the previews of a run, or nobody any more."""
        if self._body is not None and self.run == run:
            self._body.line.post({"order": "watch", "run": run, "watched": watched})

    def renew(self) -> None:
        """Replace a worker that has done nothing yet by one that has imported the libraries."""
        if self._body is not None and self.state == "idle" and not self._body.used and not self._body.child.warm:
            self._let_go(self._body)

    async def stop(self, deadline: float) -> None:
        """Have the worker stop at the next step, and put its run back; kill it at the deadline."""
        self._stopping = True
        if self._life is None:
            return
        if self._body is not None:
            self._let_go(self._body)
            await asyncio.wait([self._life], timeout=deadline)
            if self._body is not None:
                self._body.child.process.kill()
        await asyncio.wait([self._life], timeout=_REPORTED if self._body is not None else _BETWEEN)
        self._life.cancel()
        await asyncio.wait([self._life])

    def _let_go(self, body: Body) -> None:
        self.state = "ending"
        body.line.post({"order": "stop"})

    def _end_of_grace(self, task: Task, body: Body) -> None:
        if self._task is task:
            body.child.process.kill()

    # The life of a worker

    async def _live(self) -> None:
        backoff = Backoff()
        while not self._stopping:
            self.state = "starting"
            try:
                child = await self._nursery.worker(self._setting())
            except CannotForkError as error:
                LOG.warning("worker %s cannot be started: %s", self.name, error)
            else:
                try:
                    if await self._attend(child):
                        backoff.succeeded()
                except Exception:
                    LOG.exception("the run of worker %s cannot be brought on", self.name)
            if not self._stopping:
                await backoff.wait()

    async def _attend(self, child: Child) -> bool:
        """Be with a process until it has ended; say whether it was ever ready."""
        body = self._body = Body(child, await Line.open(child.sock))
        printed = Printed(child.printed, self._log)
        watching = asyncio.create_task(self._watch(body), name=f"watch {self.name}")
        if self._stopping:
            self._let_go(body)
        try:
            await self._listen(body)
        finally:
            watching.cancel()
            child.process.kill()
            status = await self._status(child)
            await asyncio.wait([watching])
            await body.line.close()
            printed.close()
            calls = opened(child.box)
            os.close(child.box)
            self._body = None
            self.state = "starting"
        if self._task is not None:
            starved = out_of_memory_kills() > self._task.kills
            cause = body.killed or cause_of(status, starved=starved)
            task, self._task = self._task, None
            if calls.trace:
                self._log(calls.trace)
            await self._bury(task, cause, suspects(calls))
        return bool(body.told)

    async def _status(self, child: Child) -> int | None:
        await asyncio.wait([child.process.ended], timeout=_REPORTED)
        return child.process.ended.result() if child.process.ended.done() else None

    async def _listen(self, body: Body) -> None:
        try:
            while (frame := await body.line.receive()) is not None:
                body.silence = 0.0
                body.hearing = True  # which may take as long as the database does
                await self._hear(body, frame)
                body.hearing = False
                body.silence = 0.0
        except FrameError as error:
            LOG.error("worker %s says what nobody understands: %s", self.name, error)
        except Exception:
            LOG.exception("worker %s is replaced", self.name)

    async def _watch(self, body: Body) -> None:
        """Look again and again at a worker's memory and at how long it was silent."""
        look = self._terms.look
        before = time.monotonic()
        while True:
            await asyncio.sleep(look)
            now = time.monotonic()
            if not body.hearing:
                body.silence += min(now - before, 2 * look)  # a loop that was held up has heard nobody
            before = now
            body.memory = await asyncio.to_thread(memory_of, body.child.process.pid)
            if body.memory > self._terms.memory:
                self._kill(body, TooMuchMemory(body.memory, self._terms.memory))
            elif body.silence > (self._terms.lease if body.told else self._terms.start):
                self._kill(body, Silent(body.silence))

    def _kill(self, body: Body, cause: Cause) -> None:
        if body.killed is None:
            body.killed = cause
            LOG.warning("worker %s is killed: %s", self.name, cause, extra={"run": self.run})
            body.child.process.kill()

    # What a worker tells

    async def _hear(self, body: Body, frame: Frame) -> None:
        task = self._task
        match frame.header:
            case {"told": "ready" | "vitals", **told}:
                first = not body.told
                body.told = {**body.told, **told}
                if first and self.state == "starting":
                    self._idle()
            case {"run": str(run), **told} if task is not None and task.run.id == run:
                if not task.cancelled:
                    await self._hear_of_run(task, told, frame.payload)
                if told["told"] == "ended":
                    self._over(body)
            case _:
                raise FrameError(f"{str(frame.header)[:200]}")

    async def _hear_of_run(self, task: Task, told: dict[str, Any], payload: bytes) -> None:
        run = task.run
        match told:
            case {"told": "progress"}:
                self._hub.progress(run.id, told)
            case {"told": "preview", "node": node, "item": item, "media_type": media_type}:
                self._hub.preview(run.id, node, item, payload, media_type)
            case {"told": "begun", "nodes": nodes}:
                self._hub.nodes(run.id, nodes)
            case {"told": "event", "event": event}:
                await self._journal.add(run.id, task.fence, event)
            case {"told": "ended", "status": "cancelled"}:
                await self._put_back(task)
            case {"told": "ended"}:
                await self._end(task, told)

    async def _end(self, task: Task, told: dict[str, Any]) -> None:
        counts = _NOTHING if told["counts"] is None else Counts(**told["counts"])
        outputs = {name: Output.model_validate_json(json.dumps(made)) for name, made in told["outputs"].items()}
        fault = None if told["fault"] is None else Fault(**told["fault"])
        run, fence, runs = task.run.id, task.fence, self._db.runs
        await self._journal.settled(run)
        await self._kept(
            lambda: runs.finish(run, fence, told["status"], counts, outputs, fault, seconds=told["seconds"])
        )

    async def _put_back(self, task: Task) -> None:
        """Let a run go on later that was stopped with the server."""
        run, fence = task.run.id, task.fence
        await self._journal.settled(run)
        await self._kept(lambda: self._db.runs.release(run, fence, "the server was stopped"))

    def _over(self, body: Body) -> None:
        self._task = None
        if self.state == "busy":
            self._idle()

    def _idle(self) -> None:
        self.state = "idle"
        if self._nursery.warmed.is_set():
            self.renew()
        self._on_idle()

    async def _bury(self, task: Task, cause: Cause, nodes: Sequence[str]) -> None:
        """Bring on the run of a worker that has ended."""
        if task.cancelled:
            return None
        run, fence, runs = task.run.id, task.fence, self._db.runs
        if self._stopping:
            return await self._put_back(task)
        judged = verdict(cause, nodes)
        LOG.warning("%s", judged, extra={"run": run})
        match judged:
            case Failed(fault):
                await self._fail(task, fault)
            case Lost(reason, fault):
                await self._journal.settled(run)
                await self._kept(lambda: runs.interrupt(run, fence, reason, fault_if_last=fault))
            case _:
                assert_never(judged)
        return None

    async def _fail(self, task: Task, fault: Fault) -> None:
        run, fence, runs = task.run.id, task.fence, self._db.runs
        if fault.node is not None:
            failed = {"type": "node_failed", "at": time.time(), "node": fault.node, "message": fault.message}
            await self._journal.add(run, fence, {**failed, "blame": "node"})
        await self._journal.settled(run)
        stands = await runs.get(run)
        await self._kept(lambda: runs.finish(run, fence, "failed", stands.counts or _NOTHING, {}, fault))

    async def _kept(self, change: Callable[[], Awaitable[Run]]) -> None:
        """Have a run changed, as soon as the database can be written; then tell of it."""
        backoff = Backoff()
        while True:
            try:
                return await self._journal.tell(await change())
            except Stale:  # it was cancelled meanwhile
                return None
            except Unavailable as error:
                LOG.warning("a run cannot be brought on, and waits: %s", error, extra={"run": self.run})
                if self._stopping:
                    return None  # the next server finds it
                await backoff.wait()

    def _setting(self) -> Setting:
        terms = self._terms
        return Setting(
            device=self.device,
            cache=str(terms.cache),
            data=str(terms.data),
            limit=None if self.device.startswith("cuda") else terms.memory + terms.memory // 4 + _SPARE,
            heartbeat=terms.heartbeat,
            values=min(_VALUES, terms.memory // 4),
            residency=terms.residency,
            roots=tuple(map(str, terms.models)),
        )

    def _log(self, line: str) -> None:
        LOG.info("%s", line, extra={"run": self.run, "device": self.device})
