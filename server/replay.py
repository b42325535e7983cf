"""Read what has happened in a run from the database; clients that are as far behind share one reading."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from server.database.events import Events
from server.socket_limits import SocketLimits

PAGES = 4  # kept for those who come next,
KEPT = 10.0  # seconds


class Replay:
    """Holds what was read of one run lately."""

    def __init__(self, run: str, limits: SocketLimits) -> None:
        self._run = run
        self._limits = limits
        self._reading = asyncio.Lock()
        self._pages: OrderedDict[int, Sequence[bytes]] = OrderedDict()
        self._snapshot: tuple[str, int] | None = None
        self._forgetting: asyncio.TimerHandle | None = None

    async def page(self, log: Events, after: int) -> Sequence[bytes]:
        """Give the next events after a number; none where there are none."""
        async with self._reading:
            if after not in self._pages:
                page = await log.after(self._run, after, self._limits.page_events)
                if not page:
                    return ()
                self._pages[after] = page
                self._forget_soon()
                while len(self._pages) > PAGES:
                    self._pages.popitem(last=False)
            return self._pages[after]

    async def snapshot(self, log: Events, last: int) -> tuple[str, int]:
        """Give a snapshot as it is sent with its number, from which `last` is not far."""
        async with self._reading:
            if self._snapshot is None or not 0 <= last - self._snapshot[1] <= self._limits.replay_events:
                made = await log.snapshot(self._run)
                self._snapshot = (await asyncio.to_thread(made.model_dump_json), made.n)
                self._forget_soon()
            return self._snapshot

    def forget(self) -> None:
        """Read again what is asked for next."""
        self._forgetting = None
        self._pages.clear()
        self._snapshot = None

    def _forget_soon(self) -> None:
        if self._forgetting is None:
            self._forgetting = asyncio.get_running_loop().call_later(KEPT, self.forget)
