"""Who holds a run: it is taken, written to, and put back when its worker is lost.

Guarantees
1. A run is held by one worker at a time; what another writes is refused as stale.
2. A run is tried at most three times; putting it back on purpose costs no attempt, and a restart of the server costs
   none where the attempt had finished something.
3. The events of a run count up by one from 0, over all attempts, without a hole.
"""

import time
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, update

from server.database import counters, endings, event_log, line
from server.database.errors import Stale
from server.database.orders import Append, Appended, JsonObject, Lease
from server.database.rows import RunRow, row_of, run_of
from server.database.tables import run
from server.records import Fault, Run

MAX_ATTEMPTS = 3
RESTARTED = "the server was started again"
_LOST = Fault(code="too_many_attempts", message=f"the run was lost {MAX_ATTEMPTS} times, and is not tried again")
_COUNTED = {"node_finished": "ran", "node_cached": "cached", "node_failed": "failed", "node_blocked": "blocked"}
_PROGRESS = frozenset({"node_finished", "item_finished"})
_APPENDED = (
    update(run)
    .where(run.c.number == bindparam("appended"))
    .values(
        last=bindparam("new_last"),
        progressed=run.c.progressed | bindparam("did_progress", type_=run.c.progressed.type),
        **{name: run.c[name] + bindparam(f"more_{name}") for name in _COUNTED.values()},
    )
)


def lease(connection: Connection, id: str, worker: str) -> Lease | None:
    """Give a waiting run to a worker; None if it waits no more."""
    row = row_of(connection, id)
    if row.status != "queued":
        return None
    zero = dict.fromkeys(_COUNTED.values(), 0)
    change = update(run).where(run.c.number == row.number)
    connection.execute(
        change.values(
            status="running",
            worker=worker,
            attempt=row.attempt + 1,
            fence=row.fence + 1,
            started=time.time(),
            progressed=False,
            **zero,
        )
    )
    counters.moved(connection, "queued", "running")
    return Lease(run_of(connection, row.number), row.fence + 1)


def append(connection: Connection, batch: Sequence[Append]) -> list[Appended]:
    """Keep events of runs that are held; each run's are kept whole or refused."""
    return [_appended(connection, item) for item in batch]


def _appended(connection: Connection, item: Append) -> Appended:
    try:
        row = endings.held(connection, item.run, item.fence)
    except Stale:
        return Appended(item.run, [], -1, "stale")
    try:
        texts = event_log.number(item.events, after=row.last)
    except ValueError:
        return Appended(item.run, [], row.last, "invalid")
    event_log.add(connection, ((row.number, row.last + 1 + place, text) for place, text in enumerate(texts)))
    last = row.last + len(texts)
    connection.execute(_APPENDED, {"appended": row.number, "new_last": last, **_sums(item.events)})
    return Appended(item.run, texts, last)


def _sums(events: Sequence[JsonObject]) -> dict[str, int | bool]:
    types = [str(event["type"]) for event in events]
    sums: dict[str, int | bool] = {f"more_{name}": types.count(type_) for type_, name in _COUNTED.items()}
    return sums | {"did_progress": not _PROGRESS.isdisjoint(types)}


def interrupt(connection: Connection, row: RunRow, reason: str, fault_if_last: Fault) -> Run:
    """Put a run back whose worker was lost, or end it if that was the last attempt."""
    if row.attempt >= MAX_ATTEMPTS:
        return endings.fail(connection, row, fault_if_last)
    return _put_back(connection, row, reason, attempt=row.attempt)


def release(connection: Connection, row: RunRow, reason: str) -> Run:
    """Put a run back that was stopped on purpose, without cost to it."""
    return _put_back(connection, row, reason, attempt=row.attempt - 1)


def recover(connection: Connection) -> int:
    """Put back every run that a server before this one was at; say how many there were."""
    rows = connection.execute(select(run).where(run.c.status == "running")).all()  # at most one for each worker
    for row in sorted(rows, key=lambda row: int(row.number), reverse=True):  # each goes before those already put back
        if row.progressed:
            release(connection, row, RESTARTED)
        else:
            interrupt(connection, row, RESTARTED, _LOST)
    return len(rows)


def _put_back(connection: Connection, row: RunRow, reason: str, *, attempt: int) -> Run:
    (text,) = event_log.number([{"type": "run_interrupted", "reason": reason}], after=row.last)
    event_log.add(connection, [(row.number, row.last + 1, text)])
    change = update(run).where(run.c.number == row.number)
    place = line.front(connection, row.priority)
    values = {"status": "queued", "place": place, "attempt": attempt, "last": row.last + 1}
    connection.execute(change.values(**values, worker=None, started=None))
    counters.moved(connection, "running", "queued")
    return run_of(connection, row.number)
