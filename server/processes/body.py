"""The process that is a device's worker now: heard, watched, and taken apart when it has ended.

Guarantees
1. A process that is silent for longer than its lease, or holds more memory than it may, is killed.
2. While the server is slow itself, nobody is given up.
3. Whatever it has printed is logged, and where it crashed.
"""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from server.pipe import Frame, FrameError, Line
from server.processes.blackbox import opened
from server.processes.memory import memory_of
from server.processes.nursery import Child
from server.processes.printed import Printed
from server.processes.terms import Terms
from server.processes.verdict import Cause, Silent, TooMuchMemory, cause_of, suspects

LOG = logging.getLogger("promptograph.worker")
_REPORTED = 5.0  # seconds in which a zygote tells how a child has ended
_LAST_WORDS = 0.2  # seconds in which what it has sent before its end is read
Hear = Callable[["Body", Frame], Awaitable[None]]


class Body:
    """One process."""

    def __init__(self, child: Child, line: Line, terms: Terms, log: Callable[[str], None]) -> None:
        self.used = False  # a run was given to it
        self.memory = 0
        self.told: dict[str, Any] = {}  # what it has last told of itself; nothing before it is ready
        self._child = child
        self._line = line
        self._terms = terms
        self._log = log
        self._killed: Cause | None = None
        self._silence = 0.0
        self._hearing = False
        self._heard = 0  # frames

    @classmethod
    async def of(cls, child: Child, terms: Terms, log: Callable[[str], None]) -> "Body":
        """Take over a child."""
        return cls(child, await Line.open(child.sock), terms, log)

    @property
    def pid(self) -> int:
        return self._child.process.pid

    @property
    def warm(self) -> bool:
        """Whether it has the libraries imported."""
        return self._child.warm

    def post(self, order: dict[str, Any], payload: bytes = b"") -> None:
        self._line.post(order, payload)

    def kill(self, cause: Cause | None = None) -> None:
        """End it; the first cause is the one that counts."""
        if cause is not None and self._killed is None:
            self._killed = cause
            LOG.warning("worker %s is killed: %s", self.pid, cause)
        self._child.process.kill()

    async def live(self, hear: Hear) -> tuple[Cause, Sequence[str]]:
        """Hear it until it has ended; give why, and the nodes that may have done it."""
        printed = Printed(self._child.printed, self._log)
        watching = asyncio.create_task(self._watch(), name=f"watch {self.pid}")
        listening = asyncio.create_task(self._listen(hear), name=f"listen {self.pid}")
        ended = self._child.process.ended
        try:
            either: list[asyncio.Future[Any]] = [listening, ended]
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            while self._hearing or await self._says_more(listening):
                await asyncio.wait([listening], timeout=_LAST_WORDS)
        finally:
            for task in (watching, listening):
                task.cancel()
            self._child.process.kill()
            await asyncio.wait([watching, listening])
            await asyncio.wait([ended], timeout=_REPORTED)
            await self._line.close()
            printed.close()
            calls = opened(self._child.box)
            os.close(self._child.box)
        if calls.trace:
            self._log(calls.trace)
        return self._killed or cause_of(ended.result() if ended.done() else None), suspects(calls)

    async def _says_more(self, listening: "asyncio.Task[None]") -> bool:
        """Say whether there is more to hear of a process that has ended; a stray one may keep its socket open."""
        heard = self._heard
        await asyncio.wait([listening], timeout=_LAST_WORDS)
        return not listening.done() and self._heard > heard

    async def _listen(self, hear: Hear) -> None:
        try:
            while (frame := await self._line.receive()) is not None:
                self._heard += 1
                self._hearing = True  # which may take as long as the database does
                await hear(self, frame)
                self._hearing = False
                self._silence = 0.0
        except FrameError as error:
            LOG.error("worker %s says what nobody understands: %s", self.pid, error)
        except Exception:
            LOG.exception("worker %s is replaced", self.pid)

    async def _watch(self) -> None:
        """Look again and again at the memory, and at how long it was silent."""
        look = self._terms.look
        before = time.monotonic()
        while True:
            await asyncio.sleep(look)
            now = time.monotonic()
            if not self._hearing:
                self._silence += min(now - before, 2 * look)  # a loop that was held up has heard nobody
            before = now
            self.memory = await asyncio.to_thread(memory_of, self.pid)
            if self.memory > self._terms.memory:
                self.kill(TooMuchMemory(self.memory, self._terms.memory))
            elif self._silence > (self._terms.lease if self.told else self._terms.start):
                self.kill(Silent(self._silence))
