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

_FIELDS = (*Node.model_fields, *Graph.model_fields, *PublicInput.model_fields)
_TAGS = ("graph", "name", "one", "many")

_LINK = "write node.port, sub/node.port or node.port[3]"
_MENDS = {  # the part of the document -> what is expected there
    "id": "node ids are like sampler_2: a small letter, then small letters, digits and _",
    "port": "ports are like text_encoder: letters, digits and _",
    "type": "node types are like Sampler or pack/Sampler",
    "link": _LINK,
    "to": "write node.port or sub/node.port",
    "library": "library names are like text-to-image",
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
    for at, step in enumerate(loc):
        branch = at > 0 and step in _TAGS and (loc[at - 1] == "graph" or loc[at - 2 : at - 1] == ("inputs",))
        if step != "[key]" and not branch:
            path.append(step)
    return tuple(path)


def _rest(path: tuple[str | int, ...]) -> str:
    rest = path
    while rest[:1] == ("nodes",):
        rest = rest[2:]
        if rest[:2] == ("graph", "nodes"):
            rest = rest[1:]
    return ".".join(map(str, rest))


def _words(detail: ErrorDetails, path: tuple[str | int, ...]) -> tuple[str, str]:
    shown = f"{detail['input']!r:.80}"
    match detail["type"]:
        case "extra_forbidden":
            return "unknown field", did_you_mean(str(path[-1]), _FIELDS)
        case "missing":
            return "it is missing", "add it"
        case "string_pattern_mismatch":
            part = _part(detail["loc"], path)
            return f"{shown} is not a {part.replace('id', 'node id')}", _MENDS[part]
        case "value_error":
            return detail["msg"].removeprefix("Value error, "), "name a library graph or embed one"
        case _:
            message = detail["msg"]
            return f"{message[:1].lower()}{message[1:]}, not {shown}", "see graphs/schema.json"


def _part(loc: tuple[str | int, ...], path: tuple[str | int, ...]) -> str:
    if loc[-1] == "[key]":
        return "id" if path[-2] == "nodes" else "port"
    if loc[-1] == "type":
        return "type"
    if loc[-1] == "name":
        return "library"
    return "to" if "to" in path[-2:] else "link"
