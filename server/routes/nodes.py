"""What can be placed in a graph, and what is to be said of a graph before it runs."""

from typing import Any

from pydantic import BaseModel, Field
from starlette.requests import Request as Asking
from starlette.responses import Response

from server.catalog import RememberedCatalog
from server.errors import ProblemShape
from server.routes.chosen import Chosen, Inputs, Targets, document_of
from server.routes.shapes import Request, router
from server.services import Parts

routes = router(tag="nodes")


class Question(Request):
    """A graph with inputs that are to be set on it."""

    graph: Chosen
    inputs: Inputs = Field(default_factory=dict)
    targets: Targets = Field(default_factory=list)


class WhyQuestion(Request):
    """A node of a graph."""

    graph: Chosen
    node: str = Field(max_length=2_000)
    inputs: Inputs = Field(default_factory=dict)


class DiffQuestion(Request):
    """Two graphs."""

    old: Chosen
    new: Chosen


class Checked(BaseModel):
    """What keeps a graph from being run: nothing, if the list is empty."""

    problems: list[ProblemShape]


@routes.get("/nodes", response_model=dict[str, Any])
async def nodes(asking: Asking, parts: Parts) -> Response:
    """Give all node types: their ports, widgets and help; and the views that values of each type have."""
    text = await parts.catalog.text()
    headers = {"ETag": RememberedCatalog.tag(text), "Cache-Control": "private, no-cache"}
    if asking.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(text, headers=headers, media_type="application/json")


@routes.post("/check")
async def check(question: Question, parts: Parts) -> Checked:
    """Say what keeps a graph from being run."""
    document, _ = await document_of(question.graph, parts)
    return Checked.model_validate({"problems": await parts.clerks.check(document, question.inputs, question.targets)})


@routes.post("/plan")
async def plan(question: Question, parts: Parts) -> dict[str, Any]:
    """Say what a run would compute, what is there already, and how long it would take."""
    document, _ = await document_of(question.graph, parts)
    return await parts.clerks.plan(document, question.inputs, question.targets)


@routes.post("/why")
async def why(question: WhyQuestion, parts: Parts) -> dict[str, Any]:
    """Say why a node would run again, or why not."""
    document, _ = await document_of(question.graph, parts)
    return await parts.clerks.why(document, question.node, question.inputs)


@routes.post("/diff")
async def diff(question: DiffQuestion, parts: Parts) -> dict[str, Any]:
    """Say how two graphs differ."""
    old, _ = await document_of(question.old, parts)
    new, _ = await document_of(question.new, parts)
    return await parts.clerks.diff(old, new)
