"""The one thread that writes.

Guarantees
1. An answer is given after the commit, never before; a write is kept whole or not at all.
2. Writes that wait are committed together, so that one sync serves all of them; one that is refused takes nothing
   away from the others.
3. The thread never dies: where the database fails, those who waited are told, and the next write is tried.
4. No more than a fixed number of writes wait.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Lock, Thread
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from server.database.errors import DatabaseError, Unavailable, Unkeepable
from server.database.faults import UNKEEPABLE, is_trouble, unavailable

Answer = TypeVar("Answer")
WAITING = 10_000
_TOGETHER = 200  # writes in one transaction
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Write:
    """A change that is asked for: what to do with the connection, and whom to tell."""

    work: Callable[[Connection], Any]
    told: Future[Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change gave, or why it was refused."""

    write: Write
    answer: Any = None
    error: Exception | None = None

    def tell(self) -> None:
        if self.error is not None:
            self.write.told.set_exception(self.error)
        else:
            self.write.told.set_result(self.answer)


class Writer:
    """Runs changes one after another on one connection."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: Queue[Write | None] = Queue()
        self._closing = Lock()  # nothing is put behind the end
        self._closed = False
        self._thread = Thread(target=self._run, name="database-writer", daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[Connection], Answer]) -> Answer:
        """Run a change in a transaction and give its answer when it is on the disk."""
        if self._waiting.qsize() >= WAITING:
            raise Unavailable("too many writes wait")
        told: Future[Answer] = Future()
        with self._closing:
            if self._closed:
                raise Unavailable("the database is being closed")
            self._waiting.put(Write(work, told))
        return await asyncio.wrap_future(told)

    def close(self) -> None:
        """Write what waits, then end the thread."""
        with self._closing:
            self._closed = True
            self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        going_on = True
        while going_on:
            taken = self._take()
            going_on = None not in taken
            self._commit([write for write in taken if write is not None and write.told.set_running_or_notify_cancel()])

    def _take(self) -> list[Write | None]:
        taken = [self._waiting.get()]
        try:
            while taken[-1] is not None and len(taken) < _TOGETHER:
                taken.append(self._waiting.get_nowait())
        except Empty:
            pass
        return taken

    def _commit(self, writes: list[Write]) -> None:
        if not writes:
            return
        try:
            with self._engine.begin() as connection:
                outcomes = [_outcome(connection, write) for write in writes]
        except Exception as error:
            failure = self._failure(error)
            outcomes = [Outcome(write, error=failure) for write in writes]
        for outcome in outcomes:
            outcome.tell()

    def _failure(self, error: Exception) -> Exception:
        if isinstance(error, DatabaseError):  # the lock on PostgreSQL went to another server
            return error
        _log.warning("the database did not take a write: %s", getattr(error, "orig", error))
        return unavailable(error)


def _outcome(connection: Connection, write: Write) -> Outcome:
    """Run one change so that it can be undone alone."""
    step = connection.begin_nested()
    try:
        answer = write.work(connection)
        step.commit()
        return Outcome(write, answer=answer)
    except Exception as error:
        if is_trouble(error):
            raise
        step.rollback()
        return Outcome(write, error=Unkeepable() if isinstance(error, UNKEEPABLE) else error)
