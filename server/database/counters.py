"""Numbers that only count up, and how many runs are in each state; both move in the transaction that they count."""

from typing import get_args

from sqlalchemy import Connection, bindparam, insert, select, update

from server.database.tables import counter
from server.records import RunStatus

STATUSES: tuple[RunStatus, ...] = get_args(RunStatus)
_BY = counter.c.value + bindparam("by")
_ADD = update(counter).where(counter.c.name == bindparam("counted")).values(value=_BY)
_ADD_BOTH = update(counter).where(counter.c.name.in_(("run", "queued"))).values(value=_BY)
_BOTH = select(counter.c.name, counter.c.value).where(counter.c.name.in_(("run", "queued")))


def take(connection: Connection, name: str, count: int = 1) -> int:
    """Give the first of `count` new numbers; they start at 1."""
    _add(connection, name, count)
    return _value(connection, name) - count + 1


def take_queued(connection: Connection, count: int, limit: int) -> int | None:
    """Give the first of `count` new numbers for runs that will wait; None where more than `limit` would then."""
    known: dict[str, int] = dict(connection.execute(_BOTH).all())
    if known.get("queued", 0) + count > limit:
        return None
    if len(known) == 2:
        connection.execute(_ADD_BOTH, {"by": count})
    else:
        _add(connection, "run", count)
        _add(connection, "queued", count)
    return known.get("run", 0) + 1


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
    if connection.execute(_ADD, {"counted": name, "by": by}).rowcount == 0:
        connection.execute(insert(counter).values(name=name, value=by))


def _value(connection: Connection, name: str) -> int:
    return connection.execute(select(counter.c.value).where(counter.c.name == name)).scalar() or 0
