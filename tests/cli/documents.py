"""Graphs of toy nodes, as text."""

import json
from typing import Any

Nodes = dict[str, dict[str, Any]]


def document(nodes: Nodes, outputs: dict[str, str], inputs: dict[str, list[str]] | None = None) -> str:
    """Write a graph; nodes may leave their version away."""
    return json.dumps(
        {
            "format": "promptograph/1",
            "nodes": {name: {"version": 1, **node} for name, node in nodes.items()},
            "inputs": {name: {"to": to} for name, to in (inputs or {}).items()},
            "outputs": outputs,
        }
    )


def add(a: int | str, b: int = 1) -> dict[str, Any]:
    """Give an Add node; a text is a link."""
    if isinstance(a, str):
        return {"type": "Add", "params": {"b": b}, "inputs": {"a": a}}
    return {"type": "Add", "params": {"a": a, "b": b}}


SUM = document({"first": add(1), "second": add("first.number", 10)}, {"sum": "second.number"}, {"start": ["first.a"]})
PICTURE = document({"paint": {"type": "Paint"}}, {"picture": "paint.image"}, {"red": ["paint.red"]})
