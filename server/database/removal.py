"""Forget runs that have ended, with their events, keys and shares, and graphs that nothing has any more."""

from sqlalchemy import Connection, delete, exists, select

from server.database import counters, documents
from server.database.errors import Conflict
from server.database.rows import RunRow, row_of, run_record
from server.database.tables import run, share, sweep
from server.records import FINAL

AT_ONCE = 200


def remove(connection: Connection, id: str) -> None:
    """Forget one run that has ended."""
    row = row_of(connection, id)
    if row.status not in FINAL:
        raise Conflict(f"the run is {row.status}; cancel it first", run_record(row))
    _remove(connection, [row])


def prune(connection: Connection, keep: int) -> int:
    """Forget some of the oldest runs beyond `keep` that have ended and are not shared; say how many."""
    ended = sum(counters.runs_in(connection, status) for status in FINAL)
    rows = _oldest(connection, max(0, min(AT_ONCE, ended - keep)))
    if rows:
        _remove(connection, rows)
    return len(rows)


def _oldest(connection: Connection, limit: int) -> list[RunRow]:
    shared = exists().where(share.c.run == run.c.number, share.c.revoked.is_(None))
    rows: list[RunRow] = []
    for status in FINAL:  # one after another, so that each comes in order from the index
        ended = select(run).where(run.c.status == status, ~shared).order_by(run.c.number)
        rows += connection.execute(ended.limit(limit))
    return sorted(rows, key=lambda row: int(row.number))[:limit]


def _remove(connection: Connection, rows: list[RunRow]) -> None:
    connection.execute(delete(run).where(run.c.number.in_([row.number for row in rows])))
    for status in FINAL:
        counters.moved(connection, status, None, sum(row.status == status for row in rows))
    documents.drop_unused(connection, {row.document for row in rows})
    sweeps = {row.sweep for row in rows}
    connection.execute(delete(sweep).where(sweep.c.id.in_(sweeps), ~exists().where(run.c.sweep == sweep.c.id)))
