"""Write down what workers tell of their runs, then tell those who watch.

Guarantees
1. Nobody is told a state event before it is committed.
2. The events of a run are kept in the order that they were told, and never after its end was.
3. While the database cannot be written, events wait, and so do the workers who tell more than a bounded number.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from server.database import Append, Appended, Database
from server.database.errors import DatabaseError
from server.hub import Hub
from server.processes.backoff import Backoff
from server.records import FINAL, Run

LOG = logging.getLogger("promptograph.journal")
_JOIN = 0.005  # seconds in which events gather to one transaction
_WAITING = 2_000  # events, beyond which whoever tells must wait
_LAST = 1.0  # seconds to write what waits when the server stops
_BATCH = 500  # events of one transaction

Held = tuple[str, int]  # a run and its fence


class Journal:
    """Events on their way from workers to the database, and from there to the hub."""

    def __init__(self, db: Database, hub: Hub) -> None:
        self._db = db
        self._hub = hub
        self._waiting: dict[Held, list[dict[str, Any]]] = {}
        self._count = 0
        self._writing: frozenset[Held] = frozenset()
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._on_stale: list[Callable[[str], None]] = []

    async def start(self) -> None:
        self._task = asyncio.create_task(self._write(), name="journal")

    async def stop(self) -> None:
        """Write what waits if that goes well soon, and end."""
        if self._task is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LAST):
                    await self._all(lambda held: False)
            self._task.cancel()
            await asyncio.wait([self._task])

    def on_stale(self, callback: Callable[[str], None]) -> None:
        """Call this with a run whose worker tells of it, but does not hold it any more."""
        self._on_stale.append(callback)

    async def add(self, run: str, fence: int, event: dict[str, Any]) -> None:
        """Have an event kept and told; waits while too many wait."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._count < _WAITING)
            self._waiting.setdefault((run, fence), []).append(event)
            self._count += 1
            self._changed.notify_all()

    async def settled(self, run: str) -> None:
        """Wait until all that was told of a run is kept or refused."""
        await self._all(lambda held: held[0] != run)

    async def tell(self, run: Run) -> None:
        """Tell the event that the database itself has added last, and how the run stands."""
        events = await self._db.events.after(run.id, run.last - 1, 1)
        self._hub.publish(run.id, events, run.last, final=run.status in FINAL)
        self._hub.queue_changed(run)

    async def _all(self, settled: Callable[[Held], bool]) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: all(map(settled, (*self._waiting, *self._writing))))

    async def _write(self) -> None:
        backoff = Backoff()
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: bool(self._waiting))
            await asyncio.sleep(_JOIN)
            batch = self._take()
            while (appended := await self._appended(batch)) is None:
                await backoff.wait()
            backoff.succeeded()
            for answer in appended:
                self._publish(answer)
            async with self._changed:
                self._writing = frozenset()
                self._changed.notify_all()

    def _take(self) -> list[Append]:
        """Take some events of every run that has some, in order."""
        batch = []
        for held in list(self._waiting):
            events = self._waiting.pop(held)
            if events[_BATCH:]:
                self._waiting[held] = events[_BATCH:]
            batch.append(Append(*held, events[:_BATCH]))
            self._count -= len(events[:_BATCH])
        self._writing = frozenset((item.run, item.fence) for item in batch)
        return batch

    async def _appended(self, batch: list[Append]) -> list[Appended] | None:
        try:
            return await self._db.runs.append(batch)
        except DatabaseError as error:
            LOG.warning("events cannot be kept now, and wait: %s", error)
        except Exception:
            LOG.exception("events cannot be kept")
        return None

    def _publish(self, answer: Appended) -> None:
        match answer.refused:
            case None:
                self._hub.publish(answer.run, answer.events, answer.last)
            case "stale":
                for callback in self._on_stale:
                    callback(answer.run)
            case "invalid":
                LOG.error("an event is none of ours", extra={"run": answer.run})
