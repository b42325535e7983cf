"""Saved graphs, each with all of its revisions; and the graphs that ship.

Guarantees
1. Of two who change the same revision one wins; the other is told what is saved now (412).
2. Nothing is changed unless the request names the revision that it changes (428).
"""

import asyncio
import json
import re
from typing import Annotated, Any

from fastapi import Header, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from server.errors import ApiError
from server.limits import LIMITS, PageSize
from server.records import GraphSummary, RevisionSummary, SavedGraph
from server.routes.chosen import library_document, library_files
from server.routes.shapes import Cursor, Document, GraphId, Parameters, Request, answer, router
from server.services import Parts

routes = router(tag="graphs")

_TAG = re.compile(r'"(\d{1,9})"')

Revision = Annotated[int, Path(ge=1, lt=2**31)]
IfMatch = Annotated[str | None, Header(max_length=64, description='The revision that is changed, such as "3".')]


class GraphToSave(Request):
    """A graph as it is to be saved; its name is the document's where none is given."""

    document: Document
    name: str | None = Field(default=None, max_length=LIMITS.name)


class GraphPage(BaseModel):
    """Saved graphs, those changed last first; `next` fetches the page after this."""

    graphs: list[GraphSummary]
    next: str | None


class Revisions(BaseModel):
    """The states of a saved graph, the latest first."""

    revisions: list[RevisionSummary]


class LibraryEntry(BaseModel):
    """A graph that ships."""

    library: str
    name: str


class Library(BaseModel):
    """The graphs that ship."""

    graphs: list[LibraryEntry]


class Pages(Parameters):
    """Which page of a list."""

    after: Cursor = None
    limit: PageSize = 50


class Versions(Parameters):
    """Which revisions of a graph."""

    before: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    limit: PageSize = 50


@routes.get("/graphs")
async def list_graphs(pages: Annotated[Pages, Query()], parts: Parts) -> GraphPage:
    """List the saved graphs."""
    graphs, following = await parts.db.graphs.page(pages.after, pages.limit)
    return GraphPage(graphs=graphs, next=following)


@routes.post("/graphs", status_code=201, response_model=SavedGraph)
async def create(graph: GraphToSave, parts: Parts) -> Response:
    """Save a graph that is new; it need not be complete."""
    opened = await parts.clerks.open(graph.document)
    name = opened.name if graph.name is None else graph.name
    return await _shown(await _kept(await parts.db.graphs.create(opened.graph, name), parts), 201)


@routes.get("/graphs/{id}", response_model=SavedGraph)
async def get(id: GraphId, parts: Parts) -> Response:
    """Give a saved graph; its revision is the ETag."""
    return await _shown(await parts.db.graphs.get(id))


@routes.put("/graphs/{id}", response_model=SavedGraph)
async def save(id: GraphId, graph: GraphToSave, parts: Parts, if_match: IfMatch = None) -> Response:
    """Save the next revision of a graph."""
    expected = _expected(if_match)
    opened = await parts.clerks.open(graph.document)
    name = opened.name if graph.name is None else graph.name
    return await _shown(await _kept(await parts.db.graphs.save(id, opened.graph, name, expected), parts))


@routes.delete("/graphs/{id}", status_code=204)
async def delete(id: GraphId, parts: Parts, if_match: IfMatch = None) -> Response:
    """Delete a graph with its revisions; runs that were made from it stay."""
    await parts.db.graphs.delete(id, _expected(if_match))
    await parts.pins.saved(id, {})
    return Response(status_code=204)


@routes.get("/graphs/{id}/revisions")
async def revisions(id: GraphId, versions: Annotated[Versions, Query()], parts: Parts) -> Revisions:
    """List the revisions of a graph."""
    return Revisions(revisions=await parts.db.graphs.revisions(id, versions.before, versions.limit))


@routes.get("/graphs/{id}/revisions/{revision}", response_model=SavedGraph)
async def get_revision(id: GraphId, revision: Revision, parts: Parts) -> Response:
    """Give a graph as it was at one revision."""
    return await _shown(await parts.db.graphs.get(id, revision))


@routes.post("/graphs/{id}/revisions/{revision}/restore", response_model=SavedGraph)
async def restore(id: GraphId, revision: Revision, parts: Parts, if_match: IfMatch = None) -> Response:
    """Save what a graph was at one revision as its next revision."""
    expected = _expected(if_match)
    past = await parts.db.graphs.get(id, revision)
    return await _shown(await _kept(await parts.db.graphs.save(id, past.document, past.name, expected), parts))


@routes.get("/graphs/{id}/diff")
async def diff(
    id: GraphId,
    parts: Parts,
    old: Annotated[int, Query(alias="from", ge=1, lt=2**31)],
    new: Annotated[int, Query(alias="to", ge=1, lt=2**31)],
) -> dict[str, Any]:
    """Say how two revisions of a graph differ."""
    before, after = await parts.db.graphs.get(id, old), await parts.db.graphs.get(id, new)
    return await parts.clerks.diff(before.document, after.document)


@routes.get("/library")
async def library() -> Library:
    """List the graphs that ship."""
    return Library(graphs=await asyncio.to_thread(_entries))


@routes.get("/library/{name}", response_model=dict[str, Any])
async def library_graph(name: Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=128)]) -> Response:
    """Give the document of a graph that ships."""
    return Response(await library_document(name), media_type="application/json")


def _entries() -> list[LibraryEntry]:
    documents = {name: json.loads(path.read_bytes()) for name, path in library_files().items()}
    return [LibraryEntry(library=name, name=document.get("name", "")) for name, document in documents.items()]


def _expected(if_match: str | None) -> int:
    if if_match is None:
        raise ApiError(
            428, "revision_needed", "say which revision is changed", hint='send If-Match: "REVISION", as the ETag was'
        )
    if (match := _TAG.fullmatch(if_match.strip())) is None:
        raise ApiError(
            400, "bad_request", "If-Match is not a revision", field="header.if-match", hint='send it as If-Match: "3"'
        )
    return int(match[1])


async def _kept(graph: SavedGraph, parts: Parts) -> SavedGraph:
    """Have what a saved graph pins kept from eviction."""
    await parts.pins.saved(graph.id, graph.document)
    return graph


async def _shown(graph: SavedGraph, status: int = 200) -> Response:
    headers = {"ETag": f'"{graph.revision}"', "Cache-Control": "private, no-cache"}
    if status == 201:
        headers["Location"] = f"/api/v1/graphs/{graph.id}"
    return await asyncio.to_thread(answer, graph, status, headers)
