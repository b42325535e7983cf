"""The events of runs, and what they add up to."""

from sqlalchemy import Connection

from server.database import event_log
from server.database.fold import folded
from server.database.readers import Readers
from server.database.rows import row_of, run_record
from server.messages import Snapshot


class Events:
    """The store of events; they are added with what they tell."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    async def after(self, run: str, n: int = -1, limit: int = 500) -> list[bytes]:
        """Give the events of a run after number `n`, each as it is sent."""
        return await self._readers.do(
            lambda connection: list(event_log.after(connection, row_of(connection, run).number, n=n, limit=limit))
        )

    async def snapshot(self, run: str) -> Snapshot:
        """Give a run with where each of its nodes stands."""
        return await self._readers.do(lambda connection: _snapshot(connection, run))


def _snapshot(connection: Connection, id: str) -> Snapshot:
    row = row_of(connection, id)
    nodes = folded(event_log.every(connection, row.number))
    return Snapshot(n=row.last, run=run_record(row), nodes=nodes)
