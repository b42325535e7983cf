"""Read a graph from whatever carries one: a document, a picture, an order for a run, or our own exports of these.

Guarantees
1. Any bytes give a graph or a GraphError; nothing in them is run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from graphs import Graph, GraphError, Limits, Migrations
from graphs.load import graph_of
from graphs.png import SIGNATURE, extract
from graphs.strict_json import read
from graphs.unscript import is_script, unscript
from server.curl import order_in

Kind = Literal["json", "png", "python", "curl"]


@dataclass(frozen=True, slots=True)
class Source:
    """What was found in a file."""

    kind: Kind
    graph: Graph
    inputs: Mapping[str, JsonValue] = field(default_factory=dict)
    manifest: Mapping[str, JsonValue] = field(default_factory=dict)


def read_source(file: bytes, migrations: Migrations, limits: Limits) -> Source:
    """Find the graph in a file, by its bytes."""
    if file.startswith(SIGNATURE):
        graph, manifest = extract(file, migrations=migrations, limits=limits)
        return Source("png", graph, manifest=manifest)
    if file.startswith(b"curl "):
        return _order("curl", order_in(file), migrations, limits)
    if is_script(file):
        document, inputs = unscript(file, limits=limits)
        return Source("python", graph_of(document, migrations=migrations, limits=limits), inputs)
    return _order("json", file, migrations, limits)


def _order(kind: Kind, text: bytes, migrations: Migrations, limits: Limits) -> Source:
    """Read a document, or a graph with its inputs as a run is ordered."""
    value = read(text, limits=limits)
    inputs: JsonValue = {}
    if isinstance(value, dict) and "format" not in value and "graph" in value:
        inputs, value = value.get("inputs", {}), value["graph"]
    if not isinstance(inputs, dict):
        raise GraphError("the inputs are not a JSON object", hint='write {"prompt": "..."}')
    return Source(kind, graph_of(value, migrations=migrations, limits=limits), inputs)
