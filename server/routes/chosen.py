"""Which graph a request means: a document, one of the library, or one that is saved."""

import asyncio
from typing import Annotated, Any, cast

from pydantic import Discriminator, Field, Tag

from graphs import library
from server.clerks import Document as Readable
from server.errors import not_found
from server.limits import LIMITS
from server.records import GraphAt
from server.routes.shapes import Document, Request
from server.services import Services


class LibraryGraph(Request):
    """A graph that ships with the program."""

    library: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=128)


class StoredGraph(Request):
    """A saved graph; the latest revision where none is named."""

    saved: str = Field(pattern=r"^g_[A-Za-z0-9_-]{22}$", max_length=24)
    revision: int | None = Field(default=None, ge=1, lt=2**31)


def _kind(value: object) -> str:
    keys = set(value) if isinstance(value, dict) else set()
    return "library" if keys == {"library"} else "saved" if keys and keys <= {"saved", "revision"} else "document"


Chosen = Annotated[
    Annotated[LibraryGraph, Tag("library")]
    | Annotated[StoredGraph, Tag("saved")]
    | Annotated[Document, Tag("document")],
    Discriminator(_kind),
]
Inputs = Annotated[dict[Annotated[str, Field(max_length=256)], Any], Field(max_length=1_000)]
Targets = Annotated[list[Annotated[str, Field(max_length=2_000)]], Field(max_length=LIMITS.targets)]


async def document_of(chosen: Chosen, parts: Services) -> tuple[Readable, GraphAt | None]:
    """Give the document that is meant, and where it is saved."""
    match chosen:
        case LibraryGraph():
            return await library_document(chosen.library), None
        case StoredGraph():
            saved = await parts.db.graphs.get(chosen.saved, chosen.revision)
            return saved.document, GraphAt(id=saved.id, revision=saved.revision)
        case _:
            return cast("Readable", chosen), None


async def library_document(name: str) -> bytes:
    """Give a graph that ships, as its file holds it."""
    path = (await asyncio.to_thread(library_files)).get(name)
    if path is None:
        raise not_found("graph in the library")
    return await asyncio.to_thread(path.read_bytes)


def library_files() -> dict[str, Any]:
    """Name the files of the graphs that ship."""
    return {name: library.path(name) for name in library.names()}
