"""One device's worker as the server sees it: given runs, and replaced when it ends.

Guarantees
1. A run whose worker has ended is brought on at once: failed, or put back to be tried again.
2. A cancelled run's worker is killed if it has not stopped within the grace.
3. A worker that cannot be started is tried again, ever more seldom.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from server.database import Lease
from server.hub import Hub
from server.journal import Journal
from server.pipe import Frame, FrameError
from server.processes.backoff import Backoff
from server.processes.body import Body
from server.processes.forker import CannotForkError
from server.processes.ledger import Ledger, Task
from server.processes.memory import out_of_memory_kills
from server.processes.nursery import Nursery
from server.processes.setting import Setting
from server.processes.terms import Terms
from server.processes.verdict import Signalled, said, verdict

LOG = logging.getLogger("promptograph.worker")
State = Literal["starting", "idle", "busy", "ending"]
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
        hub: Hub,
        journal: Journal,
        ledger: Ledger,
        *,
        on_idle: Callable[[], None],
    ) -> None:
        self.device = terms.devices[number]
        self.state: State = "starting"
        self._number = number
        self._terms = terms
        self._nursery = nursery
        self._hub = hub
        self._journal = journal
        self._ledger = ledger
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
            pid=None if body is None else body.pid,
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
        body.post(order, document.encode())
        return True

    def cancel(self, run: str) -> None:
        """Have the worker stop a run that is over for everybody else; kill it if it does not listen."""
        task, body = self._task, self._body
        if task is None or body is None or task.run.id != run or task.cancelled:
            return
        task.cancelled = True
        body.post({"order": "cancel", "run": run})
        asyncio.get_running_loop().call_later(self._terms.grace, self._end_of_grace, task, body)

    def watch(self, run: str, watched: bool) -> None:
        """Somebody wants the previews of a run, or nobody any more."""
        if self._body is not None and self.run == run:
            self._body.post({"order": "watch", "run": run, "watched": watched})

    def renew(self) -> None:
        """Replace a worker that has done nothing yet by one that has imported the libraries."""
        if self._body is not None and self.state == "idle" and not self._body.used and not self._body.warm:
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
                self._body.kill()
        await asyncio.wait([self._life], timeout=_BETWEEN)
        self._life.cancel()
        await asyncio.wait([self._life])

    def _let_go(self, body: Body) -> None:
        self.state = "ending"
        body.post({"order": "stop"})

    def _end_of_grace(self, task: Task, body: Body) -> None:
        if self._task is task:
            body.kill()

    # The life of a worker

    async def _live(self) -> None:
        backoff = Backoff()
        while not self._stopping:
            self.state = "starting"
            try:
                if await self._live_once():
                    backoff.succeeded()
            except CannotForkError as error:
                LOG.warning("worker %s cannot be started: %s", self.name, error)
            except Exception:
                LOG.exception("worker %s has ended, and its run cannot be brought on", self.name)
            if not self._stopping:
                await backoff.wait()

    async def _live_once(self) -> bool:
        """Have a process until it has ended; say whether it was ever ready."""
        child = await self._nursery.worker(self._setting())
        body = self._body = await Body.of(child, self._terms, self._log)
        if self._stopping:
            self._let_go(body)
        try:
            cause, nodes = await body.live(self._hear)
        finally:
            self._body = None
            self.state = "starting"
        task, self._task = self._task, None
        if task is not None and not task.cancelled:
            if isinstance(cause, Signalled) and out_of_memory_kills() > task.kills:
                cause = Signalled(cause.number, starved=True)
            if self._stopping:
                await self._ledger.put_back(task)
            else:
                judged = verdict(cause, nodes)
                LOG.warning("%s", said(judged), extra={"run": task.run.id})
                await self._ledger.bring_on(task, judged)
        return bool(body.told)

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
                    self._task = None
                    if self.state == "busy":
                        self._idle()
            case {"run": str()}:
                pass  # of a run that is over for everybody else
            case _:
                raise FrameError(f"nobody knows {str(frame.header)[:200]}")

    async def _hear_of_run(self, task: Task, told: dict[str, Any], payload: bytes) -> None:
        run = task.run.id
        match told:
            case {"told": "progress"}:
                self._hub.progress(run, told)
            case {"told": "preview", "node": node, "item": item, "media_type": media_type}:
                self._hub.preview(run, node, item, payload, media_type)
            case {"told": "begun", "nodes": nodes}:
                self._hub.nodes(run, nodes)
            case {"told": "event", "event": event}:
                await self._journal.add(run, task.fence, event)
            case {"told": "ended", "status": "cancelled"}:
                await self._ledger.put_back(task)
            case {"told": "ended"}:
                await self._ledger.finish(task, told)

    def _idle(self) -> None:
        self.state = "idle"
        if self._nursery.warmed.is_set():
            self.renew()
        self._on_idle()

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
