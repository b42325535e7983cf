"""Small runs and events that the tests of the stores have in common."""

import json
from collections.abc import Mapping

from pydantic import JsonValue

from server.database import Append, Database, Lease, Submission
from server.records import Counts, Fault, Run

GRAPH: dict[str, JsonValue] = {"format": "promptograph/1", "nodes": {"a": {"type": "Add", "version": 1}}}
DOCUMENT = json.dumps(GRAPH)
NOTHING = Counts(ran=0, cached=0, failed=0, blocked=0)
LOST = Fault(code="too_many_attempts", message="the worker was lost three times")
ONE_RAN: dict[str, JsonValue] = {
    "type": "node_finished",
    "node": "a",
    "seconds": 0.5,
    "peak": None,
    "outputs": {"number": "d1"},
    "summaries": {"d1": {"mean": 1.5}},
}


def order(name: str = "a run", *, priority: int = 0, **inputs: JsonValue) -> Submission:
    """Ask for a run of the graph."""
    return Submission(name=name, document=DOCUMENT, inputs=inputs, priority=priority)


def started(attempt: int = 1) -> dict[str, JsonValue]:
    return {"type": "run_started", "attempt": attempt, "nodes": 1}


async def submitted(db: Database, *names: str, priority: int = 0) -> list[Run]:
    """Submit runs, one after another."""
    return [(await db.runs.submit(order(name, priority=priority)))[0] for name in names]


async def running(db: Database, name: str = "a run") -> Lease:
    """Submit a run and lease it."""
    (run,) = await submitted(db, name)
    lease = await db.runs.lease(run.id, "cpu")
    assert lease is not None
    return lease


async def finished(db: Database, name: str = "a run") -> Run:
    """Submit a run, lease it and finish it."""
    lease = await running(db, name)
    return await db.runs.finish(lease.run.id, lease.fence, "done", NOTHING, {})


async def append(db: Database, lease: Lease, *events: Mapping[str, JsonValue]) -> str | None:
    """Append events to a run; say why they were refused."""
    (answer,) = await db.runs.append([Append(lease.run.id, lease.fence, [dict(event) for event in events])])
    return answer.refused


async def types(db: Database, run: str) -> list[str]:
    """Name the types of a run's events, in order; their numbers have no hole."""
    events = [json.loads(text) for text in await db.events.after(run)]
    assert [event["n"] for event in events] == list(range(len(events)))
    return [event["type"] for event in events]


async def names(db: Database) -> list[str]:
    """Name the runs that wait, in the order in which they will be taken."""
    return [run.name for run in await db.runs.queue()]
