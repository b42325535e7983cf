"""The threads that read; they never wait for the writer."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine

from server.database.engines import READERS
from server.database.errors import Unavailable, Unkeepable
from server.database.faults import UNKEEPABLE, is_trouble, unavailable

Answer = TypeVar("Answer")
WAITING = 2_000


class Readers:
    """Runs questions side by side, each on one moment of the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="database-reader")
        self._waiting = 0

    async def do(self, work: Callable[[Connection], Answer]) -> Answer:
        """Ask the database, off the event loop."""
        if self._waiting >= WAITING:
            raise Unavailable("too many readers wait")
        try:
            asked = self._threads.submit(self._ask, work)
        except RuntimeError:
            raise Unavailable("the database is being closed") from None
        self._waiting += 1
        try:
            return await asyncio.wrap_future(asked)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Answer who waits, then end the threads."""
        self._threads.shutdown()

    def _ask(self, work: Callable[[Connection], Answer]) -> Answer:
        try:
            with self._engine.connect() as connection:
                return work(connection)
        except UNKEEPABLE as error:
            raise Unkeepable from error
        except Exception as error:
            if is_trouble(error):
                raise unavailable(error) from error
            raise
