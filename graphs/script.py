"""Write a graph as a Python script that builds the same graph.

Guarantees
1. Running the script makes `graph`, a document equal to the one that it was written of.
2. Whatever a document holds stands in the script as a literal: no text of it becomes code, or hides in it.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from pydantic import JsonValue

from graphs.document import Graph, Node
from graphs.link import Link

_WIDTH = 110
# of Builder.add: ports with these names need another way
_NAMED = {"self", "type", "id", "title", "version", "bypass", "pin"}
_NAMED_OF_SUBGRAPH = {"self", "graph", "id", "title", "bypass"}
_TAKEN = {"g", "graph", "inputs", "result", "print"}

FIRST_LINE = '"""Build a graph and run it; written by Promptograph."""'

_HEAD = "{}\n\nfrom graphs import {}\n\n"
_TAIL = """
inputs = {}

if __name__ == "__main__":
    from engine import Engine
    from nodes import CATALOG

    result = Engine(CATALOG).run(graph, inputs, on_event=print)
    print(result.status, *result.outputs)
"""


def script(graph: Graph, inputs: Mapping[str, JsonValue] | None = None) -> str:
    """Write the script; `inputs` are what it runs the graph with."""
    writer = _Writer()
    writer.build(graph, "g", "graph")
    body = "\n".join(writer.lines)
    names = [name for name in ("Graph", "Node", "PortRef") if name in writer.imports]
    return _HEAD.format(FIRST_LINE, ", ".join(names)) + body + "\n" + _TAIL.format(repr(dict(inputs or {})))


class _Writer:
    """A script in the making: its lines, and the names that are taken in it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.imports = {"Graph"}
        self._taken = set(_TAKEN)

    def build(self, graph: Graph, builder: str, made: str) -> None:
        """Write what builds a graph: a builder, and then the graph under a name."""
        self.lines.append(f"{builder} = Graph.build({graph.name!r})")
        names: dict[str, str] = {}
        odd: dict[str, str] = {}
        for id_ in _order(graph):
            node = graph.nodes[id_]
            inner = self._inner(id_, node)
            if _fits(node):
                arguments = [*self._first(node, inner), f"id={id_!r}", *self._values(node, names)]
                name = self._free(id_)
                call = f"{builder}.{'add' if node.graph is None else 'subgraph'}"
                self._call(f"{name} = {call}", arguments)
                names[id_] = name
            else:
                odd[id_] = self._odd(node, inner)
        self._public(graph, builder, names)
        self.lines.append(f"{made} = {builder}.graph()")
        self._rest(graph, made, odd)

    def _inner(self, id_: str, node: Node) -> str:
        """Write what builds the graph inside a Subgraph, and give what stands for it."""
        if not isinstance(node.graph, Graph):
            return repr(node.graph)
        builder, made = self._free(f"{id_}_g"), self._free(f"{id_}_graph")
        self.build(node.graph, builder, made)
        return made

    def _first(self, node: Node, inner: str) -> Iterator[str]:
        yield repr(node.type) if node.graph is None else inner
        if node.title is not None:
            yield f"title={node.title!r}"
        if node.version != 1:
            yield f"version={node.version}"
        if node.bypass is not None:
            yield f"bypass={dict(node.bypass)!r}"
        if node.pin is not None:
            yield f"pin={dict(node.pin)!r}"

    def _values(self, node: Node, names: Mapping[str, str]) -> Iterator[str]:
        """Write params and links as arguments; what is no name for an argument goes into a dict."""
        values = {port: repr(value) for port, value in node.params.items()}
        values |= {port: self._wire(wire, names) for port, wire in node.inputs.items()}
        plain = {port: text for port, text in values.items() if _speakable(port)}
        rest = {port: text for port, text in values.items() if port not in plain}
        yield from (f"{port}={text}" for port, text in sorted(plain.items()))
        if rest:
            yield "**{" + ", ".join(f"{port!r}: {text}" for port, text in sorted(rest.items())) + "}"

    def _wire(self, wire: str | tuple[str, ...], names: Mapping[str, str]) -> str:
        if isinstance(wire, str):
            return self._port(wire, names)
        return "[" + ", ".join(self._port(text, names) for text in wire) + "]"

    def _port(self, text: str, names: Mapping[str, str]) -> str:
        """Write a link by the name of its node, where that stands above."""
        link = Link.parse(text)
        if link.node not in names:
            self.imports.add("PortRef")
            return f"PortRef.of({text!r})"
        named = _speakable(link.port) and link.port != "id"
        port = names[link.node] + (f".{link.port}" if named else f"[{link.port!r}]")
        return port if link.item is None else f"{port}[{link.item}]"

    def _odd(self, node: Node, inner: str) -> str:
        """Write a node that the builder cannot make, such as one whose link hides a param."""
        self.imports.add("Node")
        fields = {"type": repr(node.type), "version": str(node.version), "title": repr(node.title)}
        fields |= {"params": repr(dict(node.params)), "inputs": repr(dict(node.inputs)), "graph": inner}
        fields["bypass"] = repr(None if node.bypass is None else dict(node.bypass))
        fields["pin"] = repr(None if node.pin is None else dict(node.pin))
        return "Node(" + ", ".join(f"{name}={text}" for name, text in fields.items() if text != "None") + ")"

    def _public(self, graph: Graph, builder: str, names: Mapping[str, str]) -> None:
        for name, field in sorted(graph.inputs.items()):
            title = [] if field.title is None else [f"title={field.title!r}"]
            self._call(f"{builder}.input", [repr(name), *map(repr, field.to), *title])
        for name, link in sorted(graph.outputs.items()):
            above = Link.parse(link).node in names
            self._call(f"{builder}.output", [repr(name), self._port(link, names) if above else repr(link)])

    def _rest(self, graph: Graph, made: str, odd: Mapping[str, str]) -> None:
        """Write what a builder has no words for: odd nodes, and the layout."""
        update = []
        if odd:
            nodes = ", ".join(f"{id_!r}: {text}" for id_, text in odd.items())
            update.append(f'"nodes": {{**{made}.nodes, {nodes}}}')
        if graph.ui:
            update.append(f'"ui": {dict(graph.ui)!r}')
        if update:
            self.lines.append(f"{made} = {made}.model_copy(update={{{', '.join(update)}}})")

    def _call(self, what: str, arguments: Iterable[str]) -> None:
        listed = list(arguments)
        line = f"{what}({', '.join(listed)})"
        if len(line) > _WIDTH:
            line = "\n".join([f"{what}(", *(f"    {argument}," for argument in listed), ")"])
        self.lines.append(line)

    def _free(self, name: str) -> str:
        """Give a name that is not taken and is no word of Python."""
        while name in self._taken or not _speakable(name):
            name += "_"
        self._taken.add(name)
        return name


def _fits(node: Node) -> bool:
    """Say whether the builder has words for a node."""
    ports = node.params.keys() | node.inputs.keys()
    named = _NAMED if node.graph is None else _NAMED_OF_SUBGRAPH
    hidden = node.params.keys() & node.inputs.keys()
    beyond = node.graph is not None and (node.version != 1 or node.pin is not None)
    return not (ports & named or hidden or () in node.inputs.values() or beyond)


def _speakable(name: str) -> bool:
    return not keyword.iskeyword(name) and not name.startswith("__")


def _order(graph: Graph) -> list[str]:
    """Order nodes so that links lead upwards; by name where they go in circles."""
    before = {id_: sorted(_sources(node) & graph.nodes.keys()) for id_, node in sorted(graph.nodes.items())}
    try:
        return list(TopologicalSorter(before).static_order())
    except CycleError:
        return sorted(graph.nodes)


def _sources(node: Node) -> set[str]:
    wires = node.inputs.values()
    return {Link.parse(text).node for wire in wires for text in ((wire,) if isinstance(wire, str) else wire)}
