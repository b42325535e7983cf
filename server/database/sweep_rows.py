"""Rows of the table of sweeps, and the records that they are shown as."""

import json

from sqlalchemy import Connection, func, select

from server.database.counters import STATUSES
from server.database.errors import NotFound
from server.database.tables import run, sweep
from server.records import Axis, RunStatus, Sweep


def sweep_of(connection: Connection, id: str) -> Sweep:
    """Show a sweep with how many of its cells are in each state."""
    row = connection.execute(select(sweep).where(sweep.c.id == id)).one_or_none()
    if row is None:
        raise NotFound("sweep", id)
    axes = tuple(Axis.model_validate_json(json.dumps(axis)) for axis in json.loads(row.axes))
    return Sweep(
        id=row.id, name=row.name, axes=axes, cells=row.cells, created=row.created, counts=_counts(connection, id)
    )


def _counts(connection: Connection, id: str) -> dict[RunStatus, int]:
    found = select(run.c.status, func.count()).where(run.c.sweep == id).group_by(run.c.status)
    known: dict[str, int] = dict(connection.execute(found).all())
    return {status: known.get(status, 0) for status in STATUSES}
