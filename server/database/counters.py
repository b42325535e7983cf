"""Numbers that only count up, and how many runs are in each state; both move in the transaction that they count."""

from typing import get_args

from sqlalchemy import Connection, bindparam, insert, select, update

from server.database.tables import counter
from server.records import RunStatus

STATUSES: tuple[RunStatus, ...] = get_args(RunStatus)
_BY = update(counter).where(counter.c.name == bindparam("counted")).values(value=counter.c.value + bindparam("by"))


def take(connection: Connection, name: str, count: int = 1) -> int:
    """Give the first of `count` new numbers; they start at 1."""
    _add(connection, name, count)
    return _value(connection, name) - count + 1


def moved(connection: Connection, before: RunStatus | None, after: RunStatus | None, count: int = 1) -> None:
    """Note that runs went from one state to another; None is before the first and after the last."""
    if before is not None:
        _add(connection, before, -count)
    if after is not None:
        _add(connection, after, count)


def runs_in(connection: Connection, status: RunStatus) -> int:
    """Say how many runs are in a state."""
    return _value(connection, status)


def run_counts(connection: Connection) -> dict[RunStatus, int]:
    """Say how many runs are in each state."""
    found = select(counter.c.name, counter.c.value).where(counter.c.name.in_(STATUSES))
    known = dict(connection.execute(found).all())
    return {status: known.get(status, 0) for status in STATUSES}


def _add(connection: Connection, name: str, by: int) -> None:
    if connection.execute(_BY, {"counted": name, "by": by}).rowcount == 0:
        connection.execute(insert(counter).values(name=name, value=by))


def _value(connection: Connection, name: str) -> int:
    return connection.execute(select(counter.c.value).where(counter.c.name == name)).scalar() or 0
