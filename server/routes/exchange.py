"""Exchange: take graphs and runs elsewhere, look at what came from elsewhere, and list the models."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, JsonValue
from starlette.requests import Request as Asking
from starlette.responses import Response

from server.errors import ApiError, ProblemShape
from server.exchange import Form, Parcel, written
from server.routes.chosen import Chosen, Inputs, document_of
from server.routes.shapes import Request, router
from server.services import Parts, Services
from server.shares import pictures
from server.user_files import user_file

routes = router(tag="exchange")

_FILES: dict[str, dict[str, object]] = {
    "application/json": {},
    "image/png": {},
    "text/x-python": {},
    "text/x-shellscript": {},
}
_FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "required": True}


class Export(Request):
    """A graph with its inputs, or a run; and the form that is wanted."""

    form: Form = Field(alias="as")
    graph: Chosen | None = None
    inputs: Inputs = Field(default_factory=dict)
    run: Annotated[str, Field(pattern=r"^r_[A-Za-z0-9_-]{22}$", max_length=24)] | None = None


class RefusedNode(BaseModel):
    """A node that could not run here, and why."""

    node: str
    reason: str


class Import(BaseModel):
    """What a file holds: nothing of it is kept and nothing is run."""

    kind: Form
    name: str
    graph: dict[str, Any]
    inputs: dict[str, JsonValue]
    problems: list[ProblemShape]
    missing: list[str]  # node types that are not here
    plan: str | None = None  # what a run would do
    refused: list[RefusedNode] = []
    manifest: dict[str, JsonValue] = {}


class Model(BaseModel):
    """A model that a document can name."""

    name: str
    kind: str
    bytes: int | None


@routes.post("/export", response_class=Response, responses={200: {"content": _FILES}})
async def export(order: Export, parts: Parts) -> Response:
    """Write a graph or a run as JSON, as a picture that carries it, as a Python script or as a call of curl."""
    file = await written(await _parcel(order, parts), order.form, parts.clerks)
    return user_file(file.content, media_type=file.media_type, name=f"graph{file.suffix}")


@routes.post("/import", openapi_extra={"requestBody": _FILE})
async def look(asking: Asking, parts: Parts) -> Import:
    """Say what a file holds, what is missing for it here, and what a run of it would do; saving it is up to you."""
    return Import.model_validate(await parts.clerks.import_(await asking.body()))


@routes.get("/models")
async def models(parts: Parts) -> list[Model]:
    """List the models that a document can name."""
    return [Model.model_validate(model) for model in await parts.clerks.models()]


async def _parcel(order: Export, parts: Services) -> Parcel:
    if (order.graph is None) == (order.run is None):
        raise ApiError(422, "bad_request", "give a graph or a run, one of them", field="body.graph")
    if order.graph is not None:
        document, _ = await document_of(order.graph, parts)
        return Parcel(document, order.inputs)
    if order.inputs:
        raise ApiError(422, "bad_request", "a run has its inputs", field="body.inputs", hint="leave them out")
    run = await parts.db.runs.get(order.run or "")
    first = next(iter(pictures(run.outputs)), None)
    return Parcel(await parts.db.runs.snapshot(run.id), run.inputs, first)
