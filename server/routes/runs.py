"""Runs: put them into the queue, look at them, change and end them.

Guarantees
1. A run is acknowledged only once it is kept.
2. The same Idempotency-Key with the same body gives the same run; with another body it is refused (409).
"""

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request as Asking
from starlette.responses import Response

from server.database import Submission
from server.limits import LIMITS, PageSize, Priority
from server.messages import RunEvent
from server.records import FINAL, Page, Run, RunStatus
from server.routes.chosen import Chosen, Inputs, Targets, document_of
from server.routes.keys import IdempotencyKey, key_of
from server.routes.shapes import Cursor, Parameters, Request, RunId, answer, router
from server.routes.submitted import bounded
from server.routes.waiting import ended
from server.services import Parts

routes = router(tag="runs")

Wait = Annotated[
    float, Query(ge=0, le=LIMITS.wait, description="Answer when the run has ended, or after so many seconds.")
]


class NewRun(Request):
    """A graph to run, with values for its public inputs."""

    graph: Chosen
    inputs: Inputs = Field(default_factory=dict)
    targets: Targets = Field(default_factory=list)
    priority: Priority = 0


class Change(Request):
    """Another priority for a run that waits, or the place before another one."""

    priority: Priority | None = None
    before: str | None = Field(default=None, pattern=r"^r_[A-Za-z0-9_-]{22}$", max_length=24)


class Filter(Parameters):
    """Which runs, and how many."""

    status: RunStatus | None = None
    graph: Annotated[str, Field(pattern=r"^g_[A-Za-z0-9_-]{22}$", max_length=24)] | None = None
    sweep: Annotated[str, Field(pattern=r"^w_[A-Za-z0-9_-]{22}$", max_length=24)] | None = None
    before: Cursor = None
    limit: PageSize = 50


class EventsAfter(Parameters):
    """Which events of a run."""

    after: Annotated[int, Field(ge=-1, lt=2**53)] = -1
    limit: Annotated[int, Field(ge=1, le=LIMITS.events)] = 500


class EventPage(BaseModel):
    """State events of a run, in order; ask again after the last one's number."""

    run: str
    events: list[RunEvent]


@routes.post("/runs", status_code=201, response_model=Run, responses={200: {"model": Run}, 202: {"model": Run}})
async def submit(
    order: NewRun, asking: Asking, parts: Parts, wait: Wait = 0, idempotency_key: IdempotencyKey = None
) -> Response:
    """Put a run into the queue. With `wait`: 200 once it has ended, 202 if it has not by then."""
    bounded(order.inputs)
    document, at = await document_of(order.graph, parts)
    resolved = await parts.clerks.resolve(document, order.inputs, order.targets)
    submission = Submission(
        name=resolved.name,
        document=resolved.text,
        inputs=resolved.inputs,
        targets=tuple(order.targets),
        priority=order.priority,
        graph=at,
        models=resolved.models,
    )
    run, created = await parts.db.runs.submit(submission, await key_of(idempotency_key, asking))
    parts.told(run)
    return await _acknowledged(run, parts, asking, wait=wait, created=created)


@routes.get("/runs", response_model=Page)
async def list_runs(which: Annotated[Filter, Query()], parts: Parts) -> Response:
    """List runs, the newest first."""
    page = await parts.db.runs.page(
        status=which.status, sweep=which.sweep, graph=which.graph, before=which.before, limit=which.limit
    )
    return answer(page)


@routes.get("/runs/{id}", response_model=Run)
async def get(id: RunId, asking: Asking, parts: Parts, wait: Wait = 0) -> Response:
    """Give a run as it stands; with `wait`, once it has ended."""
    return answer(await ended(await parts.db.runs.get(id), parts, asking, seconds=wait))


@routes.get("/runs/{id}/graph", response_model=dict[str, Any])
async def graph(id: RunId, parts: Parts) -> Response:
    """Give the document that was run."""
    return Response(await parts.db.runs.snapshot(id), media_type="application/json")


@routes.get("/runs/{id}/events", response_model=EventPage)
async def events(id: RunId, which: Annotated[EventsAfter, Query()], parts: Parts) -> Response:
    """Give the state events of a run after a number."""
    listed = await parts.db.events.after(id, which.after, which.limit)
    return Response(b'{"run":"%s","events":[%s]}' % (id.encode(), b",".join(listed)), media_type="application/json")


@routes.post("/runs/{id}/cancel", response_model=Run)
async def cancel(id: RunId, parts: Parts) -> Response:
    """Cancel a run; one that has ended stays as it is."""
    return answer(await parts.dispatcher.cancel(id))


@routes.post("/runs/{id}/retry", status_code=201, response_model=Run, responses={200: {"model": Run}})
async def retry(
    id: RunId, asking: Asking, parts: Parts, wait: Wait = 0, idempotency_key: IdempotencyKey = None
) -> Response:
    """Run the same graph with the same inputs once more; what is known is not computed again."""
    run = await parts.db.runs.retry(id, await key_of(idempotency_key, asking))
    parts.told(run)
    return await _acknowledged(run, parts, asking, wait=wait, created=True)


@routes.patch("/runs/{id}", response_model=Run)
async def change(id: RunId, change: Change, parts: Parts) -> Response:
    """Move a run that waits."""
    run = await parts.db.runs.move(id, priority=change.priority, before=change.before)
    parts.told(run)
    return answer(run)


@routes.delete("/runs/{id}", status_code=204)
async def delete(id: RunId, parts: Parts) -> Response:
    """Forget a run that has ended."""
    await parts.db.runs.delete(id)
    return Response(status_code=204)


async def _acknowledged(run: Run, parts: Parts, asking: Asking, *, wait: float, created: bool) -> Response:
    headers = {"Location": f"/api/v1/runs/{run.id}"}
    if not wait:
        return answer(run, 201 if created else 200, headers)
    run = await ended(run, parts, asking, seconds=wait)
    return answer(run, 200 if run.status in FINAL else 202, headers)
