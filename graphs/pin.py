"""Cut the pinned nodes of a flat graph off from what is before them: they give what they gave.

Guarantees
1. Nothing before a pinned node reaches it: no link, no param, no public input.
2. A graph without pins is returned as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphs.document import Graph, Node
from graphs.link import Link
from graphs.migrate import Raw


def cut(graph: Graph) -> Graph:
    """Take links and params off the pinned nodes."""
    if all(node.pin is None for node in graph.nodes.values()):
        return graph
    nodes = {id_: node if node.pin is None else _bare(node) for id_, node in graph.nodes.items()}
    return graph.model_copy(update={"nodes": nodes})


def asked(graph: Graph) -> list[str]:
    """Name the nodes that a run without targets asks for: not those that only pinned nodes need."""
    needed = {id_ for id_, node in graph.nodes.items() if node.pin is not None}
    if not needed:
        return list(graph.nodes)
    used = {source for node in graph.nodes.values() for source in _sources(node)}
    return [id_ for id_ in graph.nodes if id_ in needed or id_ not in used]


def digests(document: Raw) -> Iterator[str]:
    """List the digests that a document pins, those in its subgraphs too."""
    waiting = [document]
    while waiting:
        nodes = waiting.pop().get("nodes")
        for node in nodes.values() if isinstance(nodes, dict) else ():
            if isinstance(node, dict):
                yield from _pinned(node)
                inner = node.get("graph")
                waiting += [inner] if isinstance(inner, dict) else []


def _bare(node: Node) -> Node:
    return node.model_copy(update={"params": {}, "inputs": {}})


def _sources(node: Node) -> Iterator[str]:
    for wire in node.inputs.values():
        for text in (wire,) if isinstance(wire, str) else wire:
            yield Link.parse(text).node


def _pinned(node: Mapping[str, object]) -> Iterator[str]:
    pin = node.get("pin")
    for digest in pin.values() if isinstance(pin, dict) else ():
        yield from digest if isinstance(digest, list) else (digest,)
