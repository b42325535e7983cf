"""Give runs to workers, in the order of the queue.

Guarantees
1. A run that waits is begun as soon as a worker is idle, unless the queue is paused or the disk is nearly full.
2. A cancelled run is over at once, and its worker is told in the same moment.
3. Nothing that goes wrong ends the dispatcher: it waits and goes on.
"""

import asyncio
import contextlib
import logging
import shutil
from collections.abc import Sequence

from server.database import Cancelled, Database
from server.database.errors import DatabaseError
from server.hub import Hub
from server.journal import Journal
from server.processes.backoff import Backoff
from server.processes.choice import AHEAD, Chooser
from server.processes.crew import Crew
from server.processes.terms import Terms
from server.records import FINAL, Run

LOG = logging.getLogger("promptograph.dispatcher")
_LAST = 1.0  # seconds to give away what is leased already
_LOOK_AGAIN = 5.0  # seconds, in case that nobody has rung


class Dispatcher:
    """Watches the queue and the crew."""

    def __init__(self, terms: Terms, db: Database, hub: Hub, journal: Journal, crew: Crew) -> None:
        self._terms = terms
        self._db = db
        self._hub = hub
        self._journal = journal
        self._crew = crew
        self._chooser = Chooser()
        self._wake = asyncio.Event()
        self._room = True
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        crew.on_idle(self._wake.set)

    async def start(self) -> None:
        self._task = asyncio.create_task(self._dispatch(), name="dispatcher")

    async def stop(self) -> None:
        """Begin no more runs; one that is just being given to a worker is."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=_LAST)
            self._task.cancel()
            await asyncio.wait([self._task])

    def submitted(self) -> None:
        """Look at the queue: runs have come, or it has changed, or goes on."""
        self._wake.set()

    async def cancel(self, id: str) -> Run:
        """End a run at once; one that has ended is given as it is."""
        before = await self._db.runs.get(id)
        if before.status in FINAL:
            return before
        run = await self._db.runs.cancel(id)
        await self._stopped([run.id])
        return run

    async def cancel_all(self) -> int:
        """End all runs that wait or run; say how many there were."""
        return await self._stop_all(await self._db.runs.cancel_all())

    async def cancel_sweep(self, id: str) -> int:
        """End the cells of a sweep that wait or run; say how many there were."""
        return await self._stop_all(await self._db.sweeps.cancel(id))

    async def _stop_all(self, cancelled: Cancelled) -> int:
        await self._stopped(cancelled.running)
        for id in cancelled.waited:
            if self._hub.followed(id):
                await self._journal.tell(await self._db.runs.get(id))
        self._hub.queue_changed(None)
        return len(cancelled.waited) + len(cancelled.running)

    async def _stopped(self, ids: Sequence[str]) -> None:
        for id in ids:
            self._crew.cancel(id)
        for id in ids:
            await self._journal.settled(id)
            await self._journal.tell(await self._db.runs.get(id))

    async def _dispatch(self) -> None:
        backoff = Backoff()
        while not self._stopping:
            self._wake.clear()
            try:
                while not self._stopping and await self._give_one():
                    pass
                backoff.succeeded()
            except DatabaseError as error:
                LOG.warning("no run can be begun: %s", error)
                await backoff.wait()
            except Exception:
                LOG.exception("no run can be begun")
                await backoff.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN):
                    await self._wake.wait()

    async def _give_one(self) -> bool:
        """Give a run to a worker; False if there is none to give, or nobody to take it."""
        if not self._crew.idle() or not await self._has_room():
            return False
        waiting = await self._db.runs.candidates(AHEAD)
        idle = self._crew.idle()
        if not waiting or not idle:
            return False
        run, member = self._chooser.choose(waiting, idle)
        with member.reserved() as place:
            document = await self._db.runs.snapshot(run.id)
            lease = await self._db.runs.lease(run.id, member.name)
            if lease is not None and place.take(lease, document):
                self._hub.queue_changed(lease.run)
            elif lease is not None:
                await self._db.runs.release(run.id, lease.fence, "the worker was lost before it began")
        return True

    async def _has_room(self) -> bool:
        """Say whether the disk has room for what a run makes."""
        reserve = self._terms.disk_reserve
        try:
            room = (await asyncio.to_thread(shutil.disk_usage, self._terms.cache)).free >= reserve
        except FileNotFoundError:  # the first worker makes it
            room = True
        if room != self._room:
            self._room = room
            LOG.warning("runs are begun again" if room else "no run is begun: the disk is nearly full")
        return room
