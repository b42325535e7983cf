"""Every question that the stores ask is answered from an index, never by reading or sorting a whole table."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from server.database import Append, Database, Key, Submission
from server.records import Asset, GraphAt
from tests.server.database.examples import DOCUMENT, GRAPH, LOST, NOTHING, ONE_RAN, finished, order, running, started
from tests.server.database.test_submissions import sweep

pytestmark = pytest.mark.anyio

# What reads a whole table, and why that is right
ALLOWED = (
    "SCAN graph USING INDEX",  # a page, in the order of the index
    "SCAN asset USING INDEX",
    "SCAN share USING INDEX",
    "SCAN run",  # a page: from the newest on, in the order of the rows
    "SCAN CONSTANT ROW",
)
Asked = dict[str, Any]


async def test_every_question_is_answered_from_an_index(sqlite_url: str) -> None:
    db = await Database.open(sqlite_url)
    asked: Asked = {}
    for engine in (db.runs._writer._engine, db.runs._readers._engine):
        _listen(engine, asked)
    await _ask_everything(db)
    plans = await db.runs._readers.do(lambda connection: _plans(connection, asked))
    await db.close()
    assert len(plans) > 50
    wrong = {
        statement: steps
        for statement, steps in plans.items()
        if any(("SCAN" in step or "TEMP B-TREE" in step) and not _allowed(step, statement) for step in steps)
    }
    assert wrong == {}


def _allowed(step: str, statement: str) -> bool:
    if step.startswith("SCAN run") and "LIMIT" not in statement:
        return False
    return step.startswith(ALLOWED)


def _listen(engine: Engine, asked: Asked) -> None:
    def note(_: Connection, cursor: object, statement: str, parameters: Any, context: object, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            asked[statement] = parameters[0] if many else parameters

    event.listen(engine, "before_cursor_execute", note)


def _plans(connection: Connection, asked: Asked) -> dict[str, list[str]]:
    return {
        statement: [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        for statement, parameters in list(asked.items())
    }


async def _ask_everything(db: Database) -> None:
    """Use every method of every store."""
    made = await db.graphs.create(GRAPH, "a")
    await db.graphs.save(made.id, {**GRAPH, "name": "b"}, "b", 1)
    await db.graphs.get(made.id, 1)
    await db.graphs.page(limit=10)
    await db.graphs.page("5")
    await db.graphs.revisions(made.id, before=2)
    run, _ = await db.runs.submit(
        Submission(name="", document=DOCUMENT, graph=GraphAt(id=made.id, revision=1)), Key("k", "b")
    )
    other, _ = await db.runs.submit(order(), Key("k2", "b"))
    wide, _ = await db.runs.submit_sweep(sweep(), Key("k3", "b"))
    await db.runs.move(other.id, before=run.id)
    await db.runs.move(other.id, priority=2)
    for _ in range(25):
        await db.runs.move(other.id, before=run.id)
        await db.runs.move(run.id, before=other.id)
    await db.runs.queue()
    await db.runs.candidates()
    await db.runs.counts()
    lease = await running(db)
    await db.runs.append([Append(lease.run.id, lease.fence, [started(), ONE_RAN])])
    await db.events.after(lease.run.id)
    await db.events.snapshot(lease.run.id)
    await db.runs.interrupt(lease.run.id, lease.fence, "", fault_if_last=LOST)
    await db.runs.lease(lease.run.id, "cpu")
    await db.runs.recover()
    ended = await finished(db)
    await db.runs.retry(ended.id)
    for filters in ({}, {"status": "done"}, {"graph": made.id}, {"sweep": wide.id}, {"before": "7"}):
        await db.runs.page(**filters)  # type: ignore[arg-type]
    await db.runs.page(status="done", before="7")
    await db.runs.page(sweep=wide.id, status="queued", before="7")
    await db.runs.page(graph=made.id, before="7")
    await db.sweeps.get(wide.id)
    await db.sweeps.results(wide.id, after=2)
    await db.runs.snapshot(run.id)
    share, token = await db.shares.create(ended.id)
    await db.shares.find(token)
    await db.shares.page("7")
    await db.shares.revoke(share.id)
    await db.assets.put(Asset(digest="d", name="", media_type="", size=1, created=1.0))
    await db.assets.get("d")
    await db.assets.page("7")
    await db.sweeps.cancel(wide.id)
    await db.runs.cancel(run.id)
    await db.runs.pause(True)
    await db.runs.paused()
    last = await running(db)
    await db.runs.finish(last.run.id, last.fence, "done", NOTHING, {})
    await db.runs.cancel_all()
    await db.runs.delete(run.id)
    await db.runs.prune(0)
    await db.graphs.delete(made.id, 2)
