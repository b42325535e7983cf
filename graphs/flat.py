"""Expand the subgraphs of a graph: inner nodes get ids like `sub/node`, links and params go through the ports.

Guarantees
1. The size after expansion is known and bounded before anything is built; expanding is linear in it.
2. A library graph that contains itself is refused, and the chain is spelled out.
3. What stands outside wins: a param or link on a port of a Subgraph replaces what the inner graph has there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import JsonValue

from graphs.bypass import wrong_names
from graphs.document import Graph, Node, PublicInput
from graphs.errors import GraphError, Problem, did_you_mean
from graphs.expansion import Expansion, expands, measure
from graphs.library import Library
from graphs.limits import LIMITS, Limits
from graphs.link import Link

Wire = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pushed:
    """What the outside sets on one port: a param, a link, or both."""

    params: tuple[JsonValue, ...] = ()  # none or one
    wires: tuple[Wire, ...] = ()  # none or one, in ids of the whole graph


@dataclass(frozen=True, slots=True)
class _Level:
    """One graph that waits to be expanded, with what is set on its nodes from outside, by node path."""

    graph: Graph
    prefix: str
    pushed: dict[str, dict[str, _Pushed]] = field(default_factory=dict)


def expanded(graph: Graph, *, library: Library, limits: Limits = LIMITS) -> Graph:
    """Expand all subgraphs, but bypassed ones; a graph without any is returned as it is."""
    if all(node.graph is None for node in graph.nodes.values()):
        return graph
    return _Flattening(measure(graph, library=library, limits=limits), library).of(graph)


class _Flattening:
    """One flattening, collecting nodes and problems."""

    def __init__(self, expansion: Expansion, library: Library) -> None:
        self.expansion = expansion
        self.library = library
        self.nodes: dict[str, Node] = {}
        self.problems: list[Problem] = []

    def of(self, graph: Graph) -> Graph:
        """Expand level by level, then rewire the public inputs and outputs."""
        waiting = [_Level(graph, "")]
        while waiting:
            waiting += self._expand(waiting.pop())
        inputs = {name: self._public(graph, public) for name, public in graph.inputs.items()}
        outputs = {name: self._resolved(graph, "", text, None, name) for name, text in graph.outputs.items()}
        if self.problems:
            raise GraphError.of(self.problems)
        return graph.model_copy(update={"nodes": self.nodes, "inputs": inputs, "outputs": outputs, "ui": {}})

    def _public(self, graph: Graph, public: PublicInput) -> PublicInput:
        targets = tuple(str(slot) for text in public.to for slot in self._slots(graph, text))
        return public.model_copy(update={"to": targets})

    def _expand(self, level: _Level) -> Iterator[_Level]:
        inner: dict[str, _Level] = {
            id_: _Level(self.expansion.inner(node), f"{level.prefix}{id_}/")
            for id_, node in level.graph.nodes.items()
            if expands(node)
        }
        for path, ports in level.pushed.items():
            id_, slash, rest = path.partition("/")
            if slash and id_ in inner:
                inner[id_].pushed.setdefault(rest, {}).update(ports)
        for id_, node in level.graph.nodes.items():
            mended = self._mended(level, id_, node)
            self._check_bypass(level.prefix + id_, node)
            self._check_pin(level.prefix + id_, node)
            if id_ in inner:
                self._push(level.prefix + id_, mended, inner[id_])
            else:
                self.nodes[level.prefix + id_] = mended
        yield from inner.values()

    def _check_bypass(self, path: str, node: Node) -> None:
        """Check the names in the bypass of a Subgraph; a library graph that is not there is not needed either."""
        if node.graph is None or node.bypass is None:
            return
        try:
            inner = self.library(node.graph) if isinstance(node.graph, str) else node.graph
        except GraphError:
            return
        self.problems += wrong_names(node, path, inner.inputs, inner.outputs)

    def _check_pin(self, path: str, node: Node) -> None:
        """Refuse the pin of a Subgraph: its outputs are those of nodes inside, and pins are theirs."""
        if node.graph is not None and node.pin is not None:
            hint = "unpin it, and pin the node inside that gives the output"
            self.problems.append(Problem("a Subgraph cannot be pinned", path, hint=hint))

    def _mended(self, level: _Level, id_: str, node: Node) -> Node:
        """Give a node with its links in ids of the whole graph, and with what the outside sets on it."""
        pushed = level.pushed.get(id_)
        if not pushed and not level.prefix and not self._goes_through(level.graph, node):
            return node
        path = level.prefix + id_
        params = dict(node.params)
        inputs = {port: self._wire(level, wire, path, port) for port, wire in node.inputs.items()}
        for port, value in (pushed or {}).items():
            inputs.pop(port, None)
            params.update((port, param) for param in value.params)
            inputs.update((port, wire) for wire in value.wires)
        return node.model_copy(update={"params": params, "inputs": inputs})

    def _goes_through(self, graph: Graph, node: Node) -> bool:
        for wire in node.inputs.values():
            for text in (wire,) if isinstance(wire, str) else wire:
                source = graph.nodes.get(text.partition(".")[0].partition("/")[0])
                if source is not None and expands(source):
                    return True
        return False

    def _push(self, path: str, node: Node, inner: _Level) -> None:
        """Hand what is set on the ports of a Subgraph to the ports inside."""
        for port in {**node.params, **node.inputs}:
            if (public := inner.graph.inputs.get(port)) is None:
                hint = did_you_mean(port, inner.graph.inputs) or "the graph has no public inputs"
                self.problems.append(Problem("the subgraph has no such input", path, port, hint))
                continue
            params = (node.params[port],) if port in node.params else ()
            wires = (node.inputs[port],) if port in node.inputs else ()
            for text in public.to:
                target = Link.parse(text)
                inner.pushed.setdefault(target.node, {})[target.port] = _Pushed(params, wires)

    def _wire(self, level: _Level, wire: Wire, node: str, port: str) -> Wire:
        if isinstance(wire, str):
            return self._resolved(level.graph, level.prefix, wire, node, port)
        return tuple(self._resolved(level.graph, level.prefix, text, node, port) for text in wire)

    def _resolved(self, graph: Graph, prefix: str, text: str, node: str | None, port: str) -> str:
        """Follow a link through the public outputs of subgraphs to the node that makes the value."""
        link = Link.parse(text)
        item = link.item
        while True:
            graph, path, rest = self.expansion.descend(graph, link.node)
            prefix += path
            source = graph.nodes.get(rest)
            if source is None or not expands(source):
                return prefix + str(Link(rest, link.port, item))
            inner = self.expansion.inner(source)
            if (made := inner.outputs.get(link.port)) is None:
                hint = did_you_mean(link.port, inner.outputs) or "the graph has no public outputs"
                self.problems.append(Problem(f"{text} is no output of the subgraph", node, port, hint))
                return prefix + str(Link(rest, link.port, item))
            graph, prefix, link = inner, f"{prefix}{rest}/", Link.parse(made)
            if item is not None and link.item is not None:
                self.problems.append(Problem(f"{text} asks for an item of one item", node, port, "link without [ ]"))
            item = link.item if item is None else item

    def _slots(self, graph: Graph, text: str) -> Iterator[Link]:
        """Follow a target of a public input to the ports that it sets in the end."""
        waiting = [(graph, "", Link.parse(text))]
        while waiting:
            graph, prefix, target = waiting.pop()
            graph, path, rest = self.expansion.descend(graph, target.node)
            prefix += path
            node = graph.nodes.get(rest)
            if node is None or not expands(node):
                yield Link(prefix + rest, target.port)
                continue
            inner = self.expansion.inner(node)
            if (public := inner.inputs.get(target.port)) is None:
                hint = did_you_mean(target.port, inner.inputs) or "the graph has no public inputs"
                self.problems.append(Problem("the subgraph has no such input", prefix + rest, target.port, hint))
                continue
            waiting += [(inner, f"{prefix}{rest}/", Link.parse(to)) for to in reversed(public.to)]
