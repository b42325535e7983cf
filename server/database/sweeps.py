"""Sweeps: many runs that were submitted as one."""

from sqlalchemy import Connection, select

from server.database import endings
from server.database.orders import Cancelled
from server.database.readers import Readers
from server.database.rows import run_record
from server.database.sweep_rows import sweep_of
from server.database.tables import run
from server.database.writer import Writer
from server.records import Run, Sweep


class Sweeps:
    """The store of sweeps; their cells are runs."""

    def __init__(self, writer: Writer, readers: Readers) -> None:
        self._writer = writer
        self._readers = readers

    async def get(self, id: str) -> Sweep:
        """Give a sweep with how many of its cells are in each state."""
        return await self._readers.do(lambda connection: sweep_of(connection, id))

    async def results(self, id: str, after: int = -1, limit: int = 100) -> list[Run]:
        """Give the runs of a sweep after a cell, in the order of the cells."""
        return await self._readers.do(lambda connection: _results(connection, id, after, limit))

    async def cancel(self, id: str) -> Cancelled:
        """End those cells of a sweep that wait or run."""
        return await self._writer.do(lambda connection: _cancel(connection, id))


def _results(connection: Connection, id: str, after: int, limit: int) -> list[Run]:
    sweep_of(connection, id)
    cells = select(run).where(run.c.sweep == id, run.c.cell > after).order_by(run.c.cell).limit(limit)
    return [run_record(row) for row in connection.execute(cells)]


def _cancel(connection: Connection, id: str) -> Cancelled:
    sweep_of(connection, id)
    return endings.cancel_where(connection, run.c.sweep == id)
