"""Sweeps: one submission of many runs over public inputs."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.requests import Request as Asking
from starlette.responses import Response

from server.database import SweepSubmission
from server.errors import ApiError
from server.limits import LIMITS, PageSize, Priority
from server.records import Axis, Run, Sweep
from server.routes.chosen import Chosen, Inputs, Targets, document_of
from server.routes.keys import IdempotencyKey, key_of
from server.routes.shapes import Cancelled, Parameters, Request, SweepId, answer, router
from server.routes.submitted import bounded
from server.services import Parts

routes = router(tag="sweeps")

AxisValues = Annotated[list[Any], Field(min_length=1, max_length=LIMITS.axis_values)]


class NewAxis(Request):
    """One axis: the inputs on it change together (zip); axes are combined with one another (product)."""

    values: dict[Annotated[str, Field(max_length=256)], AxisValues] = Field(min_length=1, max_length=100)


class NewSweep(Request):
    """A graph to run once for each cell."""

    graph: Chosen
    inputs: Inputs = Field(default_factory=dict)
    axes: list[NewAxis] = Field(min_length=1, max_length=LIMITS.axes)
    targets: Targets = Field(default_factory=list)
    priority: Priority = 0


class Cells(Parameters):
    """Which cells of a sweep."""

    after: Annotated[int, Field(ge=-1, lt=2**31)] = -1
    limit: PageSize = 50


class Results(BaseModel):
    """Cells of a sweep in order, each as its run with its exact inputs; ask again `after` the last index."""

    sweep: str
    runs: list[Run]
    next: int | None


@routes.post("/sweeps", status_code=201, response_model=Sweep, responses={200: {"model": Sweep}})
async def submit(order: NewSweep, asking: Asking, parts: Parts, idempotency_key: IdempotencyKey = None) -> Response:
    """Put a run into the queue for each cell; the last axis changes fastest."""
    axes = _axes(order)
    document, at = await document_of(order.graph, parts)
    resolved = await parts.clerks.resolve(document, order.inputs, order.targets, [axis.values for axis in axes])
    submission = SweepSubmission(
        name=resolved.name,
        document=resolved.text,
        inputs=resolved.inputs,
        targets=tuple(order.targets),
        priority=order.priority,
        graph=at,
        models=resolved.models,
        axes=axes,
    )
    sweep, created = await parts.db.runs.submit_sweep(submission, await key_of(idempotency_key, asking))
    parts.told(None)
    return answer(sweep, 201 if created else 200, {"Location": f"/api/v1/sweeps/{sweep.id}"})


@routes.get("/sweeps/{id}", response_model=Sweep)
async def get(id: SweepId, parts: Parts) -> Response:
    """Give a sweep, and how many of its cells have which status."""
    return answer(await parts.db.sweeps.get(id))


@routes.get("/sweeps/{id}/results", response_model=Results)
async def results(id: SweepId, cells: Annotated[Cells, Query()], parts: Parts) -> Response:
    """Give the cells of a sweep in order."""
    runs = await parts.db.sweeps.results(id, cells.after, cells.limit)
    last = runs[-1].cell.index if len(runs) == cells.limit and runs[-1].cell else None
    return answer(Results(sweep=id, runs=runs, next=last))


@routes.post("/sweeps/{id}/cancel")
async def cancel(id: SweepId, parts: Parts) -> Cancelled:
    """Cancel all cells that have not ended."""
    return Cancelled(cancelled=await parts.dispatcher.cancel_sweep(id))


def _axes(order: NewSweep) -> tuple[Axis, ...]:
    bounded(order.inputs)
    cells = 1
    named: set[str] = set()
    for at, axis in enumerate(order.axes):
        place = f"body.axes.{at}.values"
        lengths = {len(values) for values in axis.values.values()}
        if len(lengths) > 1:
            message = f"inputs on one axis change together, but they have {sorted(lengths)} values"
            raise ApiError(422, "bad_sweep", message, field=place, hint="give each as many, or put them on two axes")
        if again := named & set(axis.values):
            message = f"{min(again)[:100]} is on two axes"
            raise ApiError(422, "bad_sweep", message, field=place, hint="keep it on one")
        named |= set(axis.values)
        cells *= lengths.pop()
    if cells > LIMITS.cells:
        message = f"the sweep has {cells:,} cells, and at most {LIMITS.cells:,} are made"
        raise ApiError(422, "too_large", message, field="body.axes", hint="split it")
    bounded({name: max(values, key=_size) for axis in order.axes for name, values in axis.values.items()})
    return tuple(Axis(values={name: tuple(values) for name, values in axis.values.items()}) for axis in order.axes)


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | list | dict) else 8
