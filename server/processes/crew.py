"""The workers of a server, one for each device."""

import asyncio
from collections.abc import Callable, Sequence

from server.database import Database
from server.hub import Hub
from server.journal import Journal
from server.processes.ledger import Ledger
from server.processes.member import Member, Vitals
from server.processes.nursery import Nursery
from server.processes.terms import Terms


class Crew:
    """Starts the workers, keeps them going, and stops them."""

    def __init__(self, terms: Terms, db: Database, hub: Hub, journal: Journal) -> None:
        self._nursery = Nursery(terms.catalog)
        self._ledger = Ledger(db, journal)
        self._on_idle: list[Callable[[], None]] = []
        self._workers = [
            Member(number, terms, self._nursery, hub, journal, self._ledger, on_idle=self._idle)
            for number in range(len(terms.devices))
        ]
        self._renewing: asyncio.Task[None] | None = None
        hub.on_watch(self._watch)
        journal.on_stale(self.cancel)

    async def start(self) -> None:
        """Have a worker for each device soon."""
        await self._nursery.start()
        self._renewing = asyncio.create_task(self._renew(), name="renewal of workers")
        for member in self._workers:
            member.start()

    async def stop(self, deadline: float = 5.0) -> None:
        """Have what runs stop and put back, and end all workers within the deadline."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.wait([self._renewing])
        self._ledger.leave()
        await asyncio.gather(*(member.stop(deadline) for member in self._workers))
        await self._nursery.stop()

    def on_idle(self, callback: Callable[[], None]) -> None:
        """Call this whenever a worker has nothing to do."""
        self._on_idle.append(callback)

    def idle(self) -> Sequence[Member]:
        """Give the workers that have nothing to do."""
        return [member for member in self._workers if member.state == "idle"]

    def cancel(self, run: str) -> None:
        """Have the work on a run stopped that is cancelled; does nothing if nobody is at it."""
        for member in self._workers:
            member.cancel(run)

    def members(self) -> Sequence[Vitals]:
        """Say how each worker stands."""
        return [member.vitals() for member in self._workers]

    @property
    def warm(self) -> bool:
        """Whether new workers have the libraries imported."""
        return self._nursery.warmed.is_set()

    def _idle(self) -> None:
        for callback in self._on_idle:
            callback()

    def _watch(self, run: str, watched: bool) -> None:
        for member in self._workers:
            member.watch(run, watched)

    async def _renew(self) -> None:
        await self._nursery.warmed.wait()
        for member in self._workers:
            member.renew()
