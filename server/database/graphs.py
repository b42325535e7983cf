"""Saved graphs with their revisions.

Guarantees
1. Of two writers who saw the same revision one wins; the other is told what the graph is now.
2. Revisions count up by one; saving what is there already makes none.
"""

import asyncio
import json
import time

from pydantic import JsonValue
from sqlalchemy import Connection, delete, insert, select, update

from server.database import counters, documents
from server.database.errors import Conflict, NotFound
from server.database.pages import number_of
from server.database.readers import Readers
from server.database.rows import new_id
from server.database.tables import document, graph, revision
from server.database.writer import Writer
from server.records import GraphSummary, RevisionSummary, SavedGraph

Document = dict[str, JsonValue]
REVISIONS = 1_000  # that are kept of one graph; the oldest are forgotten
_NOW = graph.join(revision, (revision.c.graph == graph.c.id) & (revision.c.revision == graph.c.revision))
_SUMMARY = (graph.c.id, revision.c.name, revision.c.revision, graph.c.created, revision.c.saved)


class Graphs:
    """The store of saved graphs."""

    def __init__(self, writer: Writer, readers: Readers) -> None:
        self._writer = writer
        self._readers = readers

    async def create(self, document: Document, name: str) -> SavedGraph:
        """Save a new graph at revision 1."""
        text = await asyncio.to_thread(documents.canonical, document)
        return await self._writer.do(lambda connection: _create(connection, text, name))

    async def get(self, id: str, revision: int | None = None) -> SavedGraph:
        """Give a graph, as it is now or as it was at a revision."""
        return await self._readers.do(lambda connection: _get(connection, id, revision))

    async def pinning(self) -> dict[str, Document]:
        """Give the documents of now that pin values, and maybe some that do not, by graph."""
        return await self._readers.do(_pinning)

    async def page(self, after: str | None = None, limit: int = 50) -> tuple[list[GraphSummary], str | None]:
        """Give some graphs, the latest saved first, with what to ask for next."""
        start = None if after is None else number_of(after)
        return await self._readers.do(lambda connection: _page(connection, start, limit))

    async def save(self, id: str, document: Document, name: str, expected: int) -> SavedGraph:
        """Save a graph whose latest revision the caller has seen."""
        text = await asyncio.to_thread(documents.canonical, document)
        return await self._writer.do(lambda connection: _save(connection, id, text, name, expected))

    async def delete(self, id: str, expected: int) -> None:
        """Forget a graph with all of its revisions; runs of it stay."""
        await self._writer.do(lambda connection: _delete(connection, id, expected))

    async def revisions(self, id: str, before: int | None = None, limit: int = 50) -> list[RevisionSummary]:
        """Give some revisions of a graph, newest first."""
        return await self._readers.do(lambda connection: _revisions(connection, id, before, limit))


def _create(connection: Connection, text: str, name: str) -> SavedGraph:
    id = new_id("g")
    change = counters.take(connection, "change")
    connection.execute(insert(graph).values(id=id, change=change, revision=1, created=time.time()))
    _add(connection, id, 1, text, name)
    return _get(connection, id, None)


def _get(connection: Connection, id: str, at: int | None) -> SavedGraph:
    wanted = graph.c.revision if at is None else at
    joined = graph.join(revision, revision.c.graph == graph.c.id).join(document)
    found = select(*_SUMMARY, document.c.text).select_from(joined)
    row = connection.execute(found.where(graph.c.id == id, revision.c.revision == wanted)).one_or_none()
    if row is None:
        raise NotFound("graph", id if at is None else f"{id} at revision {at}")
    return SavedGraph(**_summary(row[:5]).model_dump(), document=json.loads(row.text))


def _pinning(connection: Connection) -> dict[str, Document]:
    found = select(graph.c.id, document.c.text).select_from(_NOW.join(document))
    return {row.id: json.loads(row.text) for row in connection.execute(found.where(document.c.text.contains('"pin"')))}


def _page(connection: Connection, after: int | None, limit: int) -> tuple[list[GraphSummary], str | None]:
    latest = select(*_SUMMARY, graph.c.change).select_from(_NOW).order_by(graph.c.change.desc()).limit(limit + 1)
    if after is not None:
        latest = latest.where(graph.c.change < after)
    rows = connection.execute(latest).all()
    more = len(rows) > limit
    return [_summary(row[:5]) for row in rows[:limit]], str(rows[limit - 1].change) if more else None


def _save(connection: Connection, id: str, text: str, name: str, expected: int) -> SavedGraph:
    current = _expected(connection, id, expected)
    if current.name == name and documents.canonical(current.document) == text:
        return current
    change = counters.take(connection, "change")
    connection.execute(update(graph).where(graph.c.id == id).values(change=change, revision=expected + 1))
    _add(connection, id, expected + 1, text, name)
    _forget(connection, id, through=expected + 1 - REVISIONS)
    return _get(connection, id, None)


def _delete(connection: Connection, id: str, expected: int) -> None:
    _expected(connection, id, expected)
    _forget(connection, id, through=expected)
    connection.execute(delete(graph).where(graph.c.id == id))


def _revisions(connection: Connection, id: str, before: int | None, limit: int) -> list[RevisionSummary]:
    newest = select(revision.c.revision, revision.c.name, revision.c.saved).where(revision.c.graph == id)
    newest = newest.order_by(revision.c.revision.desc()).limit(limit)
    if before is not None:
        newest = newest.where(revision.c.revision < before)
    rows = connection.execute(newest).all()
    if not rows:
        _get(connection, id, None)
    return [RevisionSummary(revision=row.revision, name=row.name, saved=row.saved) for row in rows]


def _expected(connection: Connection, id: str, expected: int) -> SavedGraph:
    current = _get(connection, id, None)
    if current.revision != expected:
        raise Conflict(f"the graph is at revision {current.revision}, not {expected}", current)
    return current


def _add(connection: Connection, id: str, number: int, text: str, name: str) -> None:
    digest = documents.keep(connection, text)
    values = {"graph": id, "revision": number, "name": name, "saved": time.time(), "document": digest}
    connection.execute(insert(revision).values(values))


def _forget(connection: Connection, id: str, *, through: int) -> None:
    old = (revision.c.graph == id) & (revision.c.revision <= through)
    digests = set(connection.scalars(select(revision.c.document).where(old)))
    if digests:
        connection.execute(delete(revision).where(old))
        documents.drop_unused(connection, digests)


def _summary(row: tuple[str, str, int, float, float]) -> GraphSummary:
    id, name, number, created, saved = row
    return GraphSummary(id=id, name=name, revision=number, created=created, saved=saved)
