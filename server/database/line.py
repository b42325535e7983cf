"""The places of waiting runs: higher priority first, then by place; places leave room for runs to be moved between.

Guarantees
1. No two waiting runs of one priority have the same place.
2. A run that is put back waits at the front of its priority.
"""

from sqlalchemy import ColumnElement, Connection, func, select, update

from server.database.errors import Conflict
from server.database.rows import RunRow, row_of, run_record
from server.database.tables import QUEUED, run

GAP = 2**20
ORDER = (run.c.priority.desc(), run.c.place)


def back(connection: Connection, priority: int) -> int:
    """Give the place behind all others."""
    return (_end(connection, priority, func.max(run.c.place)) or 0) + GAP


def front(connection: Connection, priority: int) -> int:
    """Give the place before all others."""
    return (_end(connection, priority, func.min(run.c.place)) or 0) - GAP


def move(connection: Connection, id: str, *, priority: int | None, before: str | None) -> RunRow:
    """Give a waiting run another priority (and the last place of it), or the place before another run."""
    row = _waiting(row_of(connection, id))
    if before == id or (before is None and priority in (None, row.priority)):
        return row
    if before is not None:
        row_before = _waiting(row_of(connection, before))
        if priority not in (None, row_before.priority):
            raise Conflict("the run to be put before has another priority", run_record(row_before))
        wanted, place = row_before.priority, _place_before(connection, before)
    else:
        wanted = row.priority if priority is None else priority
        place = back(connection, wanted)
    connection.execute(update(run).where(run.c.number == row.number).values(priority=wanted, place=place))
    return row_of(connection, id)


def _waiting(row: RunRow) -> RunRow:
    if row.status != "queued":
        raise Conflict(f"the run is {row.status} and waits no more", run_record(row))
    return row


def _place_before(connection: Connection, id: str) -> int:
    row = row_of(connection, id)
    found = _end(connection, row.priority, func.max(run.c.place), run.c.place < row.place)
    previous = row.place - 2 * GAP if found is None else found
    if row.place - previous > 1:
        return int((previous + row.place) // 2)
    _spread(connection, row.priority)
    return _place_before(connection, id)


def _spread(connection: Connection, priority: int) -> None:
    """Make room again: the waiting runs of a priority keep their order, at even distances."""
    ranked = (
        select(run.c.number, (func.row_number().over(order_by=run.c.place) * GAP).label("place"))
        .where(QUEUED, run.c.priority == priority)
        .subquery()
    )
    place = select(ranked.c.place).where(ranked.c.number == run.c.number).scalar_subquery()
    connection.execute(update(run).where(QUEUED, run.c.priority == priority).values(place=place))


def _end(
    connection: Connection, priority: int, end: ColumnElement[int], *conditions: ColumnElement[bool]
) -> int | None:
    return connection.scalar(select(end).where(QUEUED, run.c.priority == priority, *conditions))
