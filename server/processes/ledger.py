"""Bring a run on in the database when its worker is done with it, or has ended; then tell of it.

Guarantees
1. What the worker has told before is kept first.
2. While the database cannot be written, it is tried again and again.
3. A run that is held no longer is left as it is.
"""

import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, assert_never

from server.database import Database
from server.database.errors import Stale, Unavailable
from server.journal import Journal
from server.processes.backoff import Backoff
from server.processes.verdict import Failed, Lost
from server.records import Counts, Fault, Output, Run

LOG = logging.getLogger("promptograph.worker")
_NOTHING = Counts(ran=0, cached=0, failed=0, blocked=0)
_STOPPED = "the server was stopped"


@dataclass(slots=True, eq=False)
class Task:
    """A run that a worker is at."""

    run: Run
    fence: int
    kills: int  # of the kernel's for want of memory, when it was begun
    cancelled: bool = False


class Ledger:
    """Writes what becomes of runs."""

    def __init__(self, db: Database, journal: Journal) -> None:
        self._runs = db.runs
        self._journal = journal
        self._leaving = False

    def leave(self) -> None:
        """Try once and no more: the next server finds what is left."""
        self._leaving = True

    async def finish(self, task: Task, told: dict[str, Any]) -> None:
        """End a run as its worker has told."""
        counts = _NOTHING if told["counts"] is None else Counts(**told["counts"])
        outputs = {name: Output.model_validate_json(json.dumps(made)) for name, made in told["outputs"].items()}
        fault = None if told["fault"] is None else Fault(**told["fault"])
        status, seconds = told["status"], told["seconds"]
        await self._kept(
            task,
            lambda: self._runs.finish(task.run.id, task.fence, status, counts, outputs, fault, seconds=seconds),
        )

    async def put_back(self, task: Task) -> None:
        """Let a run go on later that was stopped with the server."""
        await self._kept(task, lambda: self._runs.release(task.run.id, task.fence, _STOPPED))

    async def bring_on(self, task: Task, judged: Failed | Lost) -> None:
        """Fail a run whose worker has ended, or let it be tried again."""
        match judged:
            case Failed(fault):
                await self._fail(task, fault)
            case Lost(reason, fault):
                await self._kept(
                    task, lambda: self._runs.interrupt(task.run.id, task.fence, reason, fault_if_last=fault)
                )
            case _:
                assert_never(judged)

    async def _fail(self, task: Task, fault: Fault) -> None:
        if fault.node is not None:
            failed = {"type": "node_failed", "at": time.time(), "node": fault.node, "message": fault.message}
            await self._journal.add(task.run.id, task.fence, {**failed, "blame": "node"})
        await self._kept(task, lambda: self._failed(task, fault))

    async def _failed(self, task: Task, fault: Fault) -> Run:
        stands = await self._runs.get(task.run.id)
        return await self._runs.finish(task.run.id, task.fence, "failed", stands.counts or _NOTHING, {}, fault)

    async def _kept(self, task: Task, change: Callable[[], Awaitable[Run]]) -> None:
        await self._journal.settled(task.run.id)
        backoff = Backoff()
        while True:
            try:
                return await self._journal.tell(await change())
            except Stale:  # it was cancelled meanwhile
                return None
            except Unavailable as error:
                LOG.warning("a run cannot be brought on, and waits: %s", error, extra={"run": task.run.id})
                if self._leaving:
                    return None
                await backoff.wait()
