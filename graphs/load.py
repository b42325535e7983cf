"""Make a graph of what a caller names: a library name, a file, bytes or a dict.

Guarantees
1. Any source gives a Graph or a GraphError that lists all problems of the document.
2. Sizes are checked before the document is built.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue, ValidationError

from graphs.document import Graph
from graphs.errors import GraphError, did_you_mean
from graphs.limits import Limits
from graphs.migrate import Migrations, Raw, check_steps, migrate_format, migrate_nodes, outdated
from graphs.plain import plain
from graphs.problems import problems
from graphs.save import document
from graphs.strict_json import read

_PNG = b"\x89PNG\r\n\x1a\n"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def load(source: str | Path | Mapping[str, object] | bytes, *, migrations: Migrations, limits: Limits) -> Graph:
    """Load a graph; the kind of a file is told by its bytes, not by its name."""
    check_steps(migrations)
    if isinstance(source, str | Path):
        source = _bytes(_file(source), limits)
    if isinstance(source, bytes) and source.startswith(_PNG):
        from graphs.png import extract

        return extract(source, migrations=migrations, limits=limits)[0]
    value = read(source, limits=limits) if isinstance(source, bytes) else plain(source, limits=limits)
    return graph_of(value, migrations=migrations, limits=limits)


def graph_of(value: JsonValue, *, migrations: Migrations, limits: Limits) -> Graph:
    """Check and migrate a JSON value that is to be a graph."""
    if not isinstance(value, dict):
        raise GraphError("the document is not a JSON object", hint='a graph starts with {"format": ...')
    value = migrate_format(value)
    _check_sizes(value, limits)
    graph = _validate(value)
    if migrations and outdated(value, migrations):
        graph = _validate(migrate_nodes(document(graph), migrations))
    return graph


def _validate(value: Raw) -> Graph:
    try:
        return Graph.model_validate(value)
    except ValidationError as error:
        raise GraphError.of(problems(error)) from None


def _check_sizes(value: Raw, limits: Limits) -> None:
    nodes = links = 0
    waiting: list[JsonValue] = [value]
    while waiting:
        graph = waiting.pop()
        inner = graph.get("nodes") if isinstance(graph, dict) else None
        if not isinstance(inner, dict):
            continue
        nodes += len(inner)
        for node in inner.values():
            if isinstance(node, dict):
                links += sum(_links(node.get(part)) for part in ("inputs", "bypass", "pin"))
                waiting.append(node.get("graph"))
    if nodes > limits.nodes:
        raise GraphError(f"the graph has {nodes:,} nodes", hint=f"at most {limits.nodes:,} are run; split the graph")
    if links > limits.links:
        raise GraphError(f"the graph has {links:,} links", hint=f"at most {limits.links:,} are run; split the graph")


def _links(inputs: JsonValue) -> int:
    if not isinstance(inputs, dict):
        return 0
    return sum(len(wire) if isinstance(wire, list) else 1 for wire in inputs.values())


def _file(source: str | Path) -> Path:
    from graphs import library

    if isinstance(source, str) and source in library.names():
        return library.path(source)
    path = Path(source)
    if not path.exists():
        raise _missing(str(source), library.names())
    return path


def _missing(source: str, names: tuple[str, ...]) -> GraphError:
    if source.lstrip().startswith("{"):
        return GraphError("text is not a path", hint="pass JSON as bytes or as a dict")
    if not _NAME.fullmatch(source):
        return GraphError(f"there is no file {source[:200]!r}", hint="give the path of a .json or .png file")
    hint = did_you_mean(source, names) or "give the path of a .json or .png file"
    return GraphError(f"{source[:200]!r} is neither a file nor a library graph", hint=hint)


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(len(_PNG))
            limit = limits.picture_bytes if data == _PNG else limits.bytes
            data += file.read(limit + 1 - len(data))
    except OSError as error:
        raise GraphError(f"cannot read {str(path)!r}: {error.strerror}", hint="name a readable file") from None
    if len(data) > limit:
        raise GraphError(f"{str(path)!r} has more than {limit:,} bytes", hint="this is too large for a graph")
    return data
