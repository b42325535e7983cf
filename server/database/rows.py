"""Rows of the table of runs, and the records that they are shown as."""

import json
import secrets
from typing import Any

from sqlalchemy import Connection, Row, select

from server.database.errors import NotFound
from server.database.tables import run
from server.records import CellOf, Counts, Fault, GraphAt, Output, Run

RunRow = Row[Any]  # of all columns of the table


def new_id(kind: str) -> str:
    """Make an id that nobody guesses: a letter, an underscore and 22 characters."""
    return f"{kind}_{secrets.token_urlsafe(16)}"


def dumped(value: object) -> str:
    """Write a small value as JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def row_of(connection: Connection, id: str) -> RunRow:
    """Give the row of a run."""
    row = find_row(connection, id)
    if row is None:
        raise NotFound("run", id)
    return row


def find_row(connection: Connection, id: str) -> RunRow | None:
    """Give the row of a run, if there is one."""
    return connection.execute(select(run).where(run.c.id == id)).one_or_none()


def run_of(connection: Connection, number: int) -> Run:
    """Give a run that is known to be there."""
    return run_record(connection.execute(select(run).where(run.c.number == number)).one())


def run_record(row: RunRow) -> Run:
    """Show a row as a run."""
    return Run(
        id=row.id,
        number=row.number,
        status=row.status,
        name=row.name,
        priority=row.priority,
        inputs=json.loads(row.inputs),
        targets=tuple(json.loads(row.targets)),
        models=tuple(json.loads(row.models)),
        attempt=row.attempt,
        last=row.last,
        created=row.created,
        started=row.started,
        finished=row.finished,
        graph=None if row.graph is None else GraphAt(id=row.graph, revision=row.graph_revision),
        cell=None if row.cell is None else CellOf(sweep=row.sweep, index=row.cell),
        retry_of=row.retry_of,
        fault=None if row.fault is None else Fault.model_validate_json(row.fault),
        outputs=_outputs(row.outputs),
        counts=None if row.status == "queued" else counts_of(row),
    )


def counts_of(row: RunRow) -> Counts:
    """Say how many nodes ended in which way, in the latest attempt."""
    return Counts(ran=row.ran, cached=row.cached, failed=row.failed, blocked=row.blocked)


def _outputs(text: str | None) -> dict[str, Output]:
    found: dict[str, object] = json.loads(text or "{}")
    return {name: Output.model_validate_json(json.dumps(output)) for name, output in found.items()}
