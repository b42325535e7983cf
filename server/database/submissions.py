"""Put runs into the queue.

Guarantees
1. A run, its graph and its first event are there together or not at all.
2. The same key with the same request gives the run that is there; with another request it is refused.
3. The queue never grows beyond its limit; a sweep has room for all of its cells or is refused.
"""

import itertools
import time
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from server.database import counters, documents, event_log, line
from server.database.errors import Conflict, KeyReused, QueueFull, TooLarge
from server.database.orders import MAX_CELLS, MAX_SWEEP_BYTES, Key, Submission, SweepSubmission
from server.database.rows import dumped, new_id, row_of, run_of, run_record
from server.database.sweep_rows import sweep_of
from server.database.tables import key as key_table
from server.database.tables import run, sweep
from server.records import FINAL, Run, Sweep

MAX_WAITING = 20_000
_AT_ONCE = 500
Values = dict[str, Any]


def submit(connection: Connection, order: Submission, key: Key | None) -> tuple[Run, bool]:
    """Put one run into the queue, unless its key has done so before."""
    known = _known(connection, key)
    if known is not None:
        return run_of(connection, known), False
    values = _common(connection, order) | {"inputs": dumped(order.inputs)}
    number = _enqueue(connection, [values], priority=order.priority)
    _keep(connection, key, run=number)
    return run_of(connection, number), True


def retry(connection: Connection, id: str, key: Key | None) -> Run:
    """Run a finished run again; as a cell of a sweep it takes the old one's place."""
    known = _known(connection, key)
    if known is not None:
        return run_of(connection, known)
    old = row_of(connection, id)
    if old.status not in FINAL:
        raise Conflict(f"the run is {old.status} and can be run again when it has ended", run_record(old))
    same = ("name", "document", "inputs", "targets", "models", "priority", "graph", "graph_revision", "sweep", "cell")
    values: Values = {name: getattr(old, name) for name in same} | {"retry_of": id}
    connection.execute(update(run).where(run.c.number == old.number).values(sweep=None, cell=None))
    number = _enqueue(connection, [values], priority=old.priority)
    _keep(connection, key, run=number)
    return run_of(connection, number)


def submit_sweep(connection: Connection, order: SweepSubmission, key: Key | None) -> tuple[Sweep, bool]:
    """Put all cells of a sweep into the queue, in order."""
    known = _known_sweep(connection, key)
    if known is not None:
        return sweep_of(connection, known), False
    _check_size(order)
    id = new_id("w")
    values = {"id": id, "name": order.name, "axes": _axes(order), "cells": order.count(), "created": time.time()}
    connection.execute(insert(sweep).values(number=counters.take(connection, "sweep"), **values))
    common = _common(connection, order) | {"sweep": id}
    cells = (common | {"inputs": dumped(inputs), "cell": cell} for cell, inputs in enumerate(order.cells()))
    _enqueue(connection, cells, count=order.count(), priority=order.priority)
    _keep(connection, key, sweep=id)
    return sweep_of(connection, id), True


def _check_size(order: SweepSubmission) -> None:
    cells = order.count()
    if not 1 <= cells <= MAX_CELLS:
        raise TooLarge(f"the sweep has {cells:,} cells; from 1 to {MAX_CELLS:,} can be run")
    if order.bytes() > MAX_SWEEP_BYTES:
        raise TooLarge(f"the inputs of all cells are over {MAX_SWEEP_BYTES // 2**20} MB; make the sweep smaller")


def _axes(order: SweepSubmission) -> str:
    return dumped([axis.model_dump(mode="json") for axis in order.axes])


def _common(connection: Connection, order: Submission) -> Values:
    return {
        "name": order.name,
        "document": documents.keep(connection, order.document),
        "targets": dumped(order.targets),
        "models": dumped(order.models),
        "graph": None if order.graph is None else order.graph.id,
        "graph_revision": None if order.graph is None else order.graph.revision,
    }


def _enqueue(connection: Connection, runs: Iterable[Values], *, count: int = 1, priority: int) -> int:
    """Put runs at the back of the line, and give the number of the first."""
    first = counters.take_queued(connection, count, MAX_WAITING)
    if first is None:
        raise QueueFull(counters.runs_in(connection, "queued"), MAX_WAITING)
    place = line.back(connection, priority)
    (queued,) = event_log.number([{"type": "run_queued"}], after=-1)
    same: Values = {"status": "queued", "priority": priority, "last": 0, "created": time.time()}
    rows = (
        values | same | {"number": first + index, "id": new_id("r"), "place": place + index * line.GAP}
        for index, values in enumerate(runs)
    )
    while some := list(itertools.islice(rows, _AT_ONCE)):
        connection.execute(insert(run), some)
        event_log.add(connection, ((row["number"], 0, queued) for row in some))
    return first


def _known(connection: Connection, key: Key | None) -> int | None:
    row = None if key is None else _kept(connection, key)
    if row is not None and row.run is None:
        raise KeyReused
    return None if row is None else int(row.run)


def _known_sweep(connection: Connection, key: Key | None) -> str | None:
    row = None if key is None else _kept(connection, key)
    if row is not None and row.sweep is None:
        raise KeyReused
    return None if row is None else str(row.sweep)


def _kept(connection: Connection, key: Key) -> Row[Any] | None:
    row = connection.execute(select(key_table).where(key_table.c.key == key.value)).one_or_none()
    if row is not None and row.body != key.body:
        raise KeyReused
    return row


def _keep(connection: Connection, key: Key | None, **owner: int | str) -> None:
    if key is not None:
        connection.execute(insert(key_table).values(key=key.value, body=key.body, **owner))
