"""A few clerks, and the line of those who wait for one.

Guarantees
1. A clerk that is late or has ended is replaced, and only the question that it was at gets no answer.
2. The line is bounded, and nobody stands in it for ever.
3. Heavy questions never take the last clerk: quick ones are answered all the while.
4. A question whose asker has left is carried through, so that its answer is never taken for another's.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from typing import Any

from server.clerk_process import Clerk, GoneError
from server.errors import ApiError
from server.faults import unavailable
from server.pipe import Frame

_PAUSE = 1.0  # seconds before another clerk is hired, after one could not be

log = logging.getLogger("promptograph.clerks")


class ClerkPool:
    """Hires clerks, and hands questions to those that are free."""

    def __init__(self, order: Mapping[str, Any], *, count: int, line: int, patience: float) -> None:
        self._order = order
        self._count = count
        self._patience = patience
        self._free: asyncio.Queue[Clerk] = asyncio.Queue()
        self._clerks: set[Clerk] = set()
        self._waiting = asyncio.Semaphore(line)
        self._heavy = asyncio.Semaphore(max(1, count - 1))
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def pids(self) -> list[int]:
        """The processes that there are now."""
        return sorted(clerk.pid for clerk in self._clerks)

    def start(self) -> None:
        """Begin to hire, one after another, so that the first is ready soon."""
        self._keep(self._hire_all())

    async def stop(self) -> None:
        """Let all go, whatever they are at."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(clerk.dismiss() for clerk in self._clerks))
        self._clerks.clear()

    async def ask(self, header: Mapping[str, Any], payload: bytes, *, deadline: float, heavy: bool) -> Frame:
        """Have a question answered. Raises ApiError: 503 if nobody can now, 422 if it takes too long or too much."""
        if self._waiting.locked():
            raise unavailable("too many questions wait for an answer", seconds=2)
        async with self._waiting, self._heavy if heavy else contextlib.nullcontext():
            clerk = await self._someone()
            answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
            self._keep(self._carry(clerk, header, payload, deadline, answer))
            return await answer

    async def _someone(self) -> Clerk:
        try:
            async with asyncio.timeout(self._patience):
                return await self._free.get()
        except TimeoutError:
            raise unavailable("nobody is free to look at this now", seconds=2) from None

    async def _carry(
        self,
        clerk: Clerk,
        header: Mapping[str, Any],
        payload: bytes,
        deadline: float,
        answer: asyncio.Future[Frame],
    ) -> None:
        """Carry one question through, and see that there is a free clerk afterwards."""
        try:
            frame = await clerk.ask(header, payload, deadline=deadline)
        except (TimeoutError, GoneError) as error:
            log.warning("a clerk was lost at the question %s: %s", header["ask"], type(error).__name__)
            killed = isinstance(error, GoneError) and await clerk.was_killed()
            _settle(answer, unavailable("who looked at it was killed") if killed else _lost(error, deadline))
            self._clerks.discard(clerk)
            await clerk.dismiss()
            await self._hire()
        else:
            if not answer.done():
                answer.set_result(frame)
            self._free.put_nowait(clerk)

    async def _hire_all(self) -> None:
        for _ in range(self._count):
            await self._hire()

    async def _hire(self) -> None:
        """Hire one clerk, however often it takes."""
        while True:
            try:
                clerk = await Clerk.hire(self._order)
                break
            except (GoneError, TimeoutError, OSError) as error:
                log.error("a clerk could not be started: %s", type(error).__name__)
                await asyncio.sleep(_PAUSE)
        self._clerks.add(clerk)
        self._free.put_nowait(clerk)

    def _keep(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _settle(answer: asyncio.Future[Frame], error: ApiError) -> None:
    if not answer.done():
        answer.set_exception(error)


def _lost(error: Exception, deadline: float) -> ApiError:
    if isinstance(error, TimeoutError):
        message = f"this takes longer than the {deadline:g} seconds that a question may take"
    else:
        message = "this takes more memory than a question may, or it breaks whoever reads it"
    return ApiError(422, "too_heavy", message, hint="make it smaller")
