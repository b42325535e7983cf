"""The queue: the runs that wait, in the order in which they will be taken."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel
from starlette.responses import Response

from server.limits import PageSize
from server.records import Run, RunStatus
from server.routes.shapes import Cancelled, Parameters, answer, router
from server.services import Parts, Services

routes = router(tag="queue")


class Queue(BaseModel):
    """The runs that are next, how many there are of each status, and whether new ones are held back."""

    runs: list[Run]
    counts: dict[RunStatus, int]
    paused: bool


class Rows(Parameters):
    """How many."""

    limit: PageSize = 50


@routes.get("/queue", response_model=Queue)
async def queue(rows: Annotated[Rows, Query()], parts: Parts) -> Response:
    """Give the runs that will be taken next."""
    return answer(await _queue(parts, rows.limit))


@routes.post("/queue/pause", response_model=Queue)
async def pause(parts: Parts) -> Response:
    """Take no more runs; those that are running go on."""
    return await _paused(parts, paused=True)


@routes.post("/queue/resume", response_model=Queue)
async def resume(parts: Parts) -> Response:
    """Take runs again."""
    return await _paused(parts, paused=False)


@routes.post("/queue/cancel")
async def cancel(parts: Parts) -> Cancelled:
    """Cancel all runs, waiting and running."""
    return Cancelled(cancelled=await parts.dispatcher.cancel_all())


async def _paused(parts: Services, *, paused: bool) -> Response:
    await parts.db.runs.pause(paused)
    parts.told(None)
    return answer(await _queue(parts, 50))


async def _queue(parts: Services, limit: int) -> Queue:
    runs = parts.db.runs
    return Queue(runs=await runs.queue(limit), counts=await runs.counts(), paused=await runs.paused())
