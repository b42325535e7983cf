"""Bring runs to their end: finished by a worker, given up, or cancelled.

Guarantees
1. A run ends once: the state, the counts and the last event are one transaction, and nothing comes after it.
2. Cancelling is final at once, whoever holds the run; what its worker writes later is refused.
"""

import time
from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from server.database import counters, event_log
from server.database.errors import Stale
from server.database.orders import Cancelled
from server.database.rows import RunRow, counts_of, dumped, find_row, row_of, run_of, run_record
from server.database.tables import QUEUED, run
from server.records import FINAL, Counts, Fault, Output, Run, RunStatus

Values = dict[str, object]
_AT_ONCE = 500


def held(connection: Connection, id: str, fence: int) -> RunRow:
    """Give the row of a run that is held with this fence."""
    row = find_row(connection, id)
    if row is None or row.status != "running" or row.fence != fence:
        raise Stale(id)
    return row


def finish(
    connection: Connection,
    row: RunRow,
    *,
    status: RunStatus,
    counts: Counts,
    outputs: Mapping[str, Output],
    fault: Fault | None,
    seconds: float | None,
) -> Run:
    """End a run that is held."""
    if status not in FINAL:
        raise ValueError(f"a run does not end as {status}")
    made = {name: output.model_dump(mode="json") for name, output in outputs.items()}
    event = _finished(row, status, counts, outputs=made, fault=fault, seconds=seconds)
    values: Values = counts.model_dump() | {"outputs": dumped(made)}
    if fault is not None:
        values["fault"] = fault.model_dump_json()
    _end(connection, [row], status, [event], values)
    return run_of(connection, row.number)


def fail(connection: Connection, row: RunRow, fault: Fault) -> Run:
    """End a run that nobody can finish."""
    return finish(connection, row, status="failed", counts=counts_of(row), outputs={}, fault=fault, seconds=None)


def cancel(connection: Connection, id: str) -> Run:
    """End a run that waits or runs; one that has ended is given as it is."""
    row = row_of(connection, id)
    if row.status in FINAL:
        return run_record(row)
    _cancel(connection, [row])
    return run_of(connection, row.number)


def cancel_where(connection: Connection, *conditions: ColumnElement[bool]) -> Cancelled:
    """End all runs that wait or run."""
    waited: list[str] = []
    running: list[str] = []
    for state, ids in ((QUEUED, waited), (run.c.status == "running", running)):
        some = select(run).where(state, *conditions).order_by(run.c.number).limit(_AT_ONCE)
        while rows := connection.execute(some).all():
            _cancel(connection, list(rows))
            ids += [row.id for row in rows]
    return Cancelled(tuple(waited), tuple(running))


def _cancel(connection: Connection, rows: list[RunRow]) -> None:
    """End runs of one status."""
    _end(connection, rows, "cancelled", [_finished(row, "cancelled", counts_of(row)) for row in rows], {})


def _end(
    connection: Connection, rows: list[RunRow], status: RunStatus, events: list[Mapping[str, object]], values: Values
) -> None:
    now = time.time()
    texts = [event_log.number([event], after=row.last)[0] for row, event in zip(rows, events, strict=True)]
    event_log.add(connection, ((row.number, row.last + 1, text) for row, text in zip(rows, texts, strict=True)))
    change = update(run).where(run.c.number == bindparam("ended"))
    change = change.values(
        status=status, finished=now, fence=run.c.fence + 1, last=run.c.last + 1, worker=None, **values
    )
    connection.execute(change, [{"ended": row.number} for row in rows])
    counters.moved(connection, rows[0].status, status, len(rows))


def _finished(
    row: RunRow,
    status: RunStatus,
    counts: Counts,
    *,
    outputs: Mapping[str, object] | None = None,
    fault: Fault | None = None,
    seconds: float | None = None,
) -> Mapping[str, object]:
    if seconds is None:  # nobody has measured it: the clock on the wall may have been moved meanwhile
        seconds = 0.0 if row.started is None else max(0.0, time.time() - row.started)
    return {
        "type": "run_finished",
        "status": status,
        "seconds": seconds,
        "counts": counts.model_dump(),
        "outputs": outputs or {},
        "fault": None if fault is None else fault.model_dump(),
    }
