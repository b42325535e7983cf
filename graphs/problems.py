"""Put what pydantic found wrong into the words of the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import ValidationError

from graphs.document import Graph, Node, PublicInput
from graphs.errors import Problem, did_you_mean
from graphs.json_faults import where

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_FIELDS = sorted({*Node.model_fields, *Graph.model_fields, *PublicInput.model_fields})
_MENDS = {  # what the document wants -> how it is written
    "node id": "node ids are like sampler_2: a small letter, then small letters, digits and _",
    "port": "ports are like text_encoder: letters, digits and _",
    "node type": "node types are like Sampler or pack/Sampler",
    "link": "write node.port, sub/node.port or node.port[3]",
    "digest": "a digest has 64 hexadecimal digits; pin the node again, or take the pin away",
    "port of a node": "write node.port or sub/node.port",
    "library name": "library names are like text-to-image",
}


def problems(error: ValidationError) -> Iterator[Problem]:
    """List every problem, each with its node, its port and its mend."""
    for detail in error.errors(include_url=False):
        path = _path(detail["loc"])
        node, port = where(path)
        message, hint = _words(detail, path)
        if node is None and path:
            message = f"{'.'.join(map(str, path))}: {message}"
        elif node is not None and port is None and (rest := _rest(path)):
            message = f"{rest}: {message}"
        yield Problem(message, node, port, hint)


def _path(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Drop the names of union branches, which are no part of the document."""
    path: list[str | int] = []
    rest = loc[:-1] if loc[-1:] == ("[key]",) else loc
    while rest[:1] == ("nodes",) and rest[2:3] == ("graph",):
        path += rest[:3]
        rest = rest[4:]
    if rest[:1] == ("nodes",) and rest[2:3] in (("inputs",), ("pin",)):
        rest = rest[:4] + rest[5:]
    return (*path, *rest)


def _rest(path: tuple[str | int, ...]) -> str:
    rest = path
    while rest[:1] == ("nodes",):
        rest = rest[2:]
        if rest[:2] == ("graph", "nodes"):
            rest = rest[1:]
    return ".".join(map(str, rest))


def _words(detail: ErrorDetails, path: tuple[str | int, ...]) -> tuple[str, str]:
    shown = _shown(detail["input"])
    match detail["type"]:
        case "extra_forbidden":
            return "unknown field", did_you_mean(str(path[-1]), _FIELDS)
        case "missing":
            return "it is missing", "add it"
        case "string_pattern_mismatch" | "string_type":
            if wanted := _wanted(detail["loc"], path):
                return f"{shown} is not a {wanted}", _MENDS[wanted]
        case "model_type" | "model_attributes_type" | "dict_type" | "mapping_type":
            return f"an object is expected, not {shown}", "see graphs/schema.json"
        case "value_error":
            return detail["msg"].removeprefix("Value error, "), "name a library graph or embed one"
    message = detail["msg"]
    return f"{message[:1].lower()}{message[1:]}, not {shown}", "see graphs/schema.json"


def _shown(value: object) -> str:
    if isinstance(value, dict | list | tuple):
        return "an object" if isinstance(value, dict) else "a list"
    return repr(value[:80] if isinstance(value, str) else value)


def _wanted(loc: tuple[str | int, ...], path: tuple[str | int, ...]) -> str | None:
    """Say what a text should have been; None for free text."""
    if loc[-1] == "[key]":
        return "node id" if path[-2] == "nodes" else "port"
    match path[-3:]:
        case (*_, "inputs", _) | (*_, "inputs", _, int()) | ("outputs", _):
            return "link"
        case (*_, "bypass", _):
            return "port"
        case (*_, "pin", _) | (*_, "pin", _, int()):
            return "digest"
        case (_, "to", int()):
            return "port of a node"
        case (*_, "type"):
            return "node type"
        case (*_, "graph"):
            return "library name"
    return None
