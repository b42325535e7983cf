"""Set values in a graph, by public name or by port: the graph stays, a new one is given.

Guarantees
1. A value that is set takes effect: a link to the port is removed, and a port that a Subgraph overrides is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import JsonValue

from graphs.document import Graph, Node
from graphs.errors import GraphError, Problem, did_you_mean
from graphs.link import Link
from graphs.plain import plain

_Change = tuple[str, str, JsonValue]  # node path, port, value


def set_values(graph: Graph, values: Mapping[str, object]) -> Graph:
    """Set each value at all of its targets; every unknown name is reported, and every port that two names set."""
    changes: list[_Change] = []
    setters: dict[Link, str] = {}
    problems: list[Problem] = []
    for name, value in values.items():
        try:
            kept = plain(value)
            for target in _targets(graph, name):
                if (other := setters.setdefault(target, name)) != name:
                    raise GraphError(f"{target} is set by {other[:80]} as well", hint="set one of the two")
                changes.append((target.node, target.port, kept))
        except GraphError as error:
            problems += [Problem(f"{name[:80]}: {one.message}", hint=one.hint) for one in error.problems]
    if problems:
        raise GraphError.of(problems)
    return _changed(graph, changes) if changes else graph


def _targets(graph: Graph, name: str) -> Iterator[Link]:
    if (field := graph.inputs.get(name)) is not None:
        yield from (_checked(graph, Link.parse(target)) for target in field.to)
    elif "." in name:
        yield _checked(graph, _link(name))
    else:
        raise GraphError("there is no such public input", hint=_close(name, graph))


def _link(name: str) -> Link:
    link = Link.parse(name)
    if link.item is not None:
        raise GraphError("one item of a port cannot be set", hint=f"set {link.node}.{link.port} as a whole")
    return link


def _close(name: str, graph: Graph) -> str:
    return did_you_mean(name, graph.inputs) or "write node.param"


def _checked(graph: Graph, target: Link) -> Link:
    """Walk to a target through the subgraphs, and make sure that none of them overrides it."""
    level, path = graph, target.node
    while path not in level.nodes:
        id_, slash, path = path.partition("/")
        node = level.nodes.get(id_)
        if node is None:
            raise GraphError(f"there is no node {id_!r}", hint=did_you_mean(id_, (*level.inputs, *level.nodes)))
        if not slash or not isinstance(node.graph, Graph):
            raise GraphError(f"{id_!r} embeds no graph", hint="set a public input of it, or embed the library graph")
        _refuse_overridden(node, id_, f"{path}.{target.port}")
        level = node.graph
    return target


def _refuse_overridden(node: Node, id_: str, target: str) -> None:
    assert isinstance(node.graph, Graph)
    for name in (*node.params, *node.inputs):
        if (field := node.graph.inputs.get(name)) is not None and target in field.to:
            raise GraphError(f"{id_}.{name} sets this port", hint=f"set {id_}.{name}")


def _changed(graph: Graph, changes: Iterable[_Change]) -> Graph:
    """Apply changes; subgraphs nest no deeper than JSON may, which bounds the recursion."""
    nodes = dict(graph.nodes)
    inner: dict[str, list[_Change]] = {}
    for path, port, value in changes:
        if path in nodes:
            nodes[path] = _with_param(nodes[path], port, value)
        else:
            id_, _, rest = path.partition("/")
            inner.setdefault(id_, []).append((rest, port, value))
    for id_, below in inner.items():
        embedded = nodes[id_].graph
        assert isinstance(embedded, Graph)
        nodes[id_] = nodes[id_].model_copy(update={"graph": _changed(embedded, below)})
    return graph.model_copy(update={"nodes": nodes})


def _with_param(node: Node, port: str, value: JsonValue) -> Node:
    inputs = {name: wire for name, wire in node.inputs.items() if name != port}
    return node.model_copy(update={"params": {**node.params, port: value}, "inputs": inputs})
