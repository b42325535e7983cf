"""What is new in the queue: the runs that changed, each as it stands now.

Guarantees
1. A reader gets each run that changed once, however often it did since the reader's last look.
2. Where more changed than are told one by one, the reader is told once to look at the whole queue.
3. Readers are woken at most once every `pace_seconds`.
"""

import asyncio
from collections.abc import Sequence

from server.bell import Bell
from server.database.runs import Runs
from server.messages import QueueChanged
from server.records import Run
from server.socket_limits import SocketLimits


class QueueNews:
    """Holds the runs that changed lately, the newest last; `version` counts the changes."""

    def __init__(self, limits: SocketLimits) -> None:
        self.version = 0
        self.bell = Bell()
        self._most = limits.changed_runs
        self._pace = limits.pace_seconds
        self._changed: dict[str, tuple[int, Run]] = {}
        self._whole = 0  # the latest version at which the whole queue must be looked at
        self._ringing: asyncio.TimerHandle | None = None
        self._counting = asyncio.Lock()
        self._counted: tuple[int, int, bool] = (-1, 0, False)

    def add(self, run: Run | None) -> None:
        """A run changed; None: more than one, or the queue itself."""
        self.version += 1
        if run is None:
            self._whole = self.version
            self._changed.clear()
        else:
            self._changed.pop(run.id, None)
            self._changed[run.id] = (self.version, run)
        while len(self._changed) > self._most:
            self._whole, _ = self._changed.pop(next(iter(self._changed)))
        if len(self.bell) and self._ringing is None:
            self._ringing = asyncio.get_running_loop().call_later(self._pace, self._ring)

    def since(self, version: int) -> Sequence[Run | None]:
        """Give the runs that changed after a version (-1: nothing is known); None: look at the whole queue."""
        if version < self._whole:
            return [None]
        return [run for at, run in self._changed.values() if at > version]

    async def messages(self, runs: Runs, version: int) -> tuple[list[str], int]:
        """Give what a reader is told who knows of a version, with the version that it knows then."""
        async with self._counting:
            if self._counted[0] != self.version:
                at = self.version
                counts, paused = await runs.counts(), await runs.paused()
                self._counted = (at, counts.get("queued", 0), paused)
        at, queued, paused = self._counted
        changed = self.since(version)
        told = [QueueChanged(run=run, queued=queued, paused=paused).model_dump_json() for run in changed]
        return told, at

    def _ring(self) -> None:
        self._ringing = None
        self.bell.ring()
