"""The face of what is kept: open it, use its stores, close it."""

import asyncio
import os
from dataclasses import dataclass

from sqlalchemy import Engine

from server.database.assets import Assets
from server.database.engines import parse, reading_engine, writing_engine
from server.database.events import Events
from server.database.graphs import Graphs
from server.database.opening import bring_up_to_date, take_lock
from server.database.readers import Readers
from server.database.runs import Runs
from server.database.shares import Shares
from server.database.sweeps import Sweeps
from server.database.writer import Writer

BUSY = 5.0  # seconds to wait while another program holds a lock


@dataclass(frozen=True, eq=False)
class Database:
    """Everything the server keeps; its stores may be used by any number of tasks of one event loop."""

    url: str
    graphs: Graphs
    runs: Runs
    events: Events
    sweeps: Sweeps
    assets: Assets
    shares: Shares
    _writer: Writer
    _readers: Readers
    _engines: tuple[Engine, Engine]
    _lock: int | None

    @classmethod
    async def open(cls, url: str, *, busy: float = BUSY) -> "Database":
        """Open a database, make it if there is none, and bring it up to date; one server at a time may."""
        return await asyncio.to_thread(cls._open, url, busy)

    @classmethod
    def _open(cls, url: str, busy: float) -> "Database":
        parsed = parse(url)
        lock = take_lock(parsed)
        writing, reading = writing_engine(parsed, busy=busy), reading_engine(parsed, busy=busy)
        try:
            bring_up_to_date(writing)
        except BaseException:
            _release((writing, reading), lock)
            raise
        writer, readers = Writer(writing), Readers(reading)
        return cls(
            url=url,
            graphs=Graphs(writer, readers),
            runs=Runs(writer, readers),
            events=Events(readers),
            sweeps=Sweeps(writer, readers),
            assets=Assets(writer, readers),
            shares=Shares(writer, readers),
            _writer=writer,
            _readers=readers,
            _engines=(writing, reading),
            _lock=lock,
        )

    async def close(self) -> None:
        """Write what waits, answer who asks, and let go of the database."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.close()
        self._readers.close()
        _release(self._engines, self._lock)


def _release(engines: tuple[Engine, Engine], lock: int | None) -> None:
    for engine in engines:
        engine.dispose()
    if lock is not None:
        os.close(lock)
