"""Ask clerks about documents, values and files; what comes back is what routes need.

A document is given as the bytes that a client sent, or as the JSON values that were read of them. What is wrong with
one is raised as a GraphError with all problems; everything else that goes wrong as an ApiError.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import JsonValue
from pydantic_core import to_json

from graphs import GraphError, Limits, Problem
from server.clerk_pool import ClerkPool
from server.errors import ApiError, of_problems
from server.sealed import LARGE, Sealed

Document = bytes | str | Mapping[str, JsonValue]
Row = dict[str, Any]  # a JSON object, as it goes out

_STATUS = {"no_such_node": 404, "no_such_value": 404, "unknown_type": 415, "cache_unavailable": 503, "broken": 500}
_LONGER = 3.0  # times the deadline: where a model's file or an upload is read as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where clerks work: with which catalog, in which folders, as which environment of a worker."""

    data: Path
    cache: Path
    catalog: str = "nodes:CATALOG"
    models: Sequence[Path] = ()
    device: str = "cpu"
    threads: int = 1
    limits: Limits = field(default_factory=lambda: Limits(bytes=8 * 2**20, values=1_000_000))
    memory: int = 2 * 2**30

    def order(self) -> Row:
        """Write it as the first frame that a clerk gets."""
        names = Limits.__dataclass_fields__
        return {
            "ask": "start",
            "data": str(self.data),
            "cache": str(self.cache),
            "catalog": self.catalog,
            "models": list(map(str, self.models)),
            "device": self.device,
            "threads": self.threads,
            "limits": {name: getattr(self.limits, name) for name in names},
            "memory": self.memory,
        }


@dataclass(frozen=True)
class Opened:
    """A document in its canonical, migrated form; `problems` keep it from being run, not from being saved."""

    text: str
    name: str
    problems: Sequence[Row]

    @cached_property
    def graph(self) -> dict[str, JsonValue]:
        return dict(json.loads(self.text))


@dataclass(frozen=True, slots=True)
class Resolved:
    """A submission that may be run: the canonical document, and its inputs beside it."""

    text: str
    name: str
    inputs: dict[str, JsonValue]
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """An output of a node of the expanded graph, or one item of it."""

    node: str
    port: str
    item: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a file: its bytes, or where they lie already (`path`)."""

    media_type: str
    suffix: str
    data: bytes = b""
    path: Path | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Evicted:
    """A value that has left the cache."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, as it came."""

    fields: Row
    parts: Sequence[bytes]


class Clerks:
    """The questions that can be asked."""

    def __init__(
        self, place: Place, *, count: int = 2, deadline: float = 10.0, line: int = 64, patience: float = 10.0
    ) -> None:
        self._deadline = deadline
        self._pool = ClerkPool(place.order(), count=count, line=line, patience=patience)

    @property
    def pids(self) -> list[int]:
        """The processes that there are now."""
        return self._pool.pids

    def start(self) -> None:
        """Begin to start the clerks; questions wait until one is ready."""
        self._pool.start()

    async def stop(self) -> None:
        """End all of them at once; they keep nothing."""
        await self._pool.stop()

    async def body(self, text: bytes) -> JsonValue:
        """Read the body of a request strictly; its large documents stay `Sealed`. Raises GraphError."""
        answer = await self._ask("body", text)
        rest, *documents = answer.parts
        body: JsonValue = json.loads(rest)
        sealed = dict(zip(answer.fields["sealed"], map(Sealed, documents), strict=True))
        return {**body, **sealed} if isinstance(body, dict) else body

    async def catalog(self) -> Row:
        """Give every node type, and the views that values of each type have."""
        return await self._row("catalog")

    async def models(self) -> list[Row]:
        """List the models that a document can name."""
        listed: list[Row] = json.loads((await self._ask("models", heavy=True)).parts[0])
        return listed

    async def open(self, document: Document) -> Opened:
        """Read a document: canonical, migrated, with its problems. Raises GraphError for what is no document."""
        answer = await self._ask("open", as_bytes(document))
        return Opened(answer.parts[0].decode(), answer.fields["name"], answer.fields["problems"])

    async def check(
        self, graph: Document, inputs: Mapping[str, JsonValue] | None = None, targets: Sequence[str] = ()
    ) -> list[Row]:
        """List what keeps a graph from being run."""
        problems: list[Row] = (await self._ask("check", as_bytes(graph), _rest(inputs, targets))).fields["problems"]
        return problems

    async def resolve(
        self,
        graph: Document,
        inputs: Mapping[str, JsonValue] | None = None,
        targets: Sequence[str] = (),
        axes: Sequence[Mapping[str, Sequence[JsonValue]]] = (),
    ) -> Resolved:
        """Make a submission ready to be kept. `axes` are those of a sweep: every value on them is checked."""
        answer = await self._ask("resolve", as_bytes(graph), _rest(inputs, targets, axes=axes))
        text, given = answer.parts
        return Resolved(text.decode(), answer.fields["name"], json.loads(given), tuple(answer.fields["models"]))

    async def plan(
        self, graph: Document, inputs: Mapping[str, JsonValue] | None = None, targets: Sequence[str] = ()
    ) -> Row:
        """Say what a run would call, and for about how long."""
        return await self._row("plan", as_bytes(graph), _rest(inputs, targets), longer=True)

    async def why(self, graph: Document, node: str, inputs: Mapping[str, JsonValue] | None = None) -> Row:
        """Say why a node will run, or will not. Raises ApiError 404 if there is no such node."""
        return await self._row("why", as_bytes(graph), _rest(inputs, (), node=node), longer=True)

    async def diff(self, old: Document, new: Document) -> Row:
        """Say what leads from one document to another."""
        return await self._row("diff", as_bytes(old), as_bytes(new))

    async def flat_nodes(self, graph: Document) -> list[str]:
        """List the nodes that a run of this graph has, subgraphs expanded, sorted."""
        names: list[str] = json.loads((await self._ask("flat_nodes", as_bytes(graph))).parts[0])
        return names

    async def where(self, graph: Document, link: str) -> Spot:
        """Find the node that makes what a link names. Raises ApiError 404 if none does."""
        return Spot(**(await self._ask("where", as_bytes(graph), fields={"link": link})).fields)

    async def view(self, digest: str, name: str, item: int = 0) -> Shown | Evicted:
        """Show a value as a file. Raises ApiError 422 if it has no such view."""
        fields: Row = {"digest": digest, "as": name, "item": item}
        answer = await self._ask("view", fields=fields, heavy=True)
        if answer.fields.get("evicted"):
            return Evicted()
        path = answer.fields.pop("path", None)
        return Shown(**answer.fields, data=b"".join(answer.parts), path=None if path is None else Path(path))

    async def summary(self, digests: Sequence[str]) -> list[JsonValue]:
        """Sum up values; null stands for one that is gone."""
        summed: list[JsonValue] = json.loads((await self._ask("summary", " ".join(digests).encode())).parts[0])
        return summed

    async def keep(self, graph: str, digests: Sequence[str]) -> None:
        """Keep these values from eviction for a saved graph, and no others any more."""
        await self._ask("keep", " ".join(digests).encode(), fields={"graph": graph})

    async def keeping(self) -> list[str]:
        """List the saved graphs for which values are kept."""
        graphs: list[str] = json.loads((await self._ask("keeping")).parts[0])
        return graphs

    async def inspect(self, path: Path) -> Row:
        """Say what a received file is: `media_type`, `width`, `height`, `seconds`. Raises ApiError if it is unfit."""
        return (await self._ask("inspect", fields={"path": str(path)}, heavy=True)).fields

    async def settled(self, graph: Document, inputs: Mapping[str, JsonValue]) -> str:
        """Give the canonical document with inputs set in it."""
        return (await self._ask("settled", as_bytes(graph), _rest(inputs))).parts[0].decode()

    async def script(self, graph: Document, inputs: Mapping[str, JsonValue]) -> bytes:
        """Give a graph as a Python script."""
        return (await self._ask("script", as_bytes(graph), _rest(inputs))).parts[0]

    async def png(
        self,
        graph: Document,
        inputs: Mapping[str, JsonValue],
        digest: str | None = None,
        output: str = "",
        item: int = 0,
    ) -> bytes | Evicted:
        """Give a picture that carries a graph: the one with this digest, or a card."""
        fields: Row = {"digest": digest, "output": output, "item": item}
        answer = await self._ask("png", as_bytes(graph), _rest(inputs), fields=fields, heavy=True)
        return Evicted() if answer.fields.get("evicted") else answer.parts[0]

    async def import_(self, file: bytes) -> Row:
        """Say what a file holds, what is missing for it here, and what a run of it would do."""
        answer = await self._ask("read", file, heavy=True)
        return {"graph": json.loads(answer.parts[0]), **json.loads(answer.parts[1])}

    async def _row(self, ask: str, *parts: bytes, longer: bool = False) -> Row:
        row: Row = json.loads((await self._ask(ask, *parts, heavy=longer)).parts[0])
        return row

    async def _ask(
        self, ask: str, *parts: bytes, fields: Mapping[str, JsonValue] | None = None, heavy: bool = False
    ) -> Said:
        """Ask, and raise what was refused."""
        sizes = [len(part) for part in parts]
        header = {"ask": ask, "fields": dict(fields or {}), "parts": sizes}
        deadline = self._deadline * (_LONGER if heavy else 1.0)
        frame = await self._pool.ask(header, b"".join(parts), deadline=deadline, heavy=heavy or sum(sizes) > LARGE)
        if "refused" in frame.header:
            raise _refusal(frame.header["refused"], frame.payload)
        return Said(frame.header["fields"], _cut(frame.payload, frame.header["parts"]))


def as_bytes(document: Document) -> bytes:
    """Give a document as it is sent; whatever is wrong with it is found by who reads it."""
    if isinstance(document, str):
        return document.encode()
    return document if isinstance(document, bytes) else to_json(document)


def _rest(inputs: Mapping[str, JsonValue] | None, targets: Sequence[str] = (), **more: Any) -> bytes:
    return to_json({"inputs": inputs or {}, "targets": list(targets), **more})


def _cut(payload: bytes, lengths: Sequence[int]) -> list[bytes]:
    parts: list[bytes] = []
    at = 0
    for length in lengths:
        parts.append(payload[at : at + length])
        at += length
    return parts


def _refusal(code: str, said: bytes) -> GraphError | ApiError:
    problems = [Problem(**row) for row in json.loads(said)]
    return (
        GraphError.of(problems) if code == "bad_graph" else of_problems(code, problems, status=_STATUS.get(code, 422))
    )
