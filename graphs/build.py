"""Build a graph from code; it is the same document that JSON gives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from graphs.document import FORMAT, Graph
from graphs.errors import GraphError
from graphs.limits import LIMITS
from graphs.link import Link
from graphs.load import graph_of
from graphs.migrate import NONE, Raw
from graphs.plain import plain
from graphs.save import document, pin_document


@dataclass(frozen=True, slots=True)
class PortRef:
    """A port of a node that was added; `ref[3]` is one item of it."""

    link: Link

    @classmethod
    def of(cls, text: str) -> PortRef:
        """Make a reference of a link as it stands in a document."""
        return cls(Link.parse(text))

    def __getitem__(self, item: int) -> PortRef:
        if self.link.item is not None:
            raise GraphError(f"{self.link} is one item already", node=self.link.node, port=self.link.port)
        return PortRef(Link.parse(str(Link(self.link.node, self.link.port, item))))

    def __str__(self) -> str:
        return str(self.link)

    __iter__ = None  # a port is not the list of its items


@dataclass(frozen=True, slots=True)
class NodeRef:
    """A node that was added; its attributes are its ports, and `ref["id"]` is a port with a name that is taken."""

    id: str

    def __getattr__(self, port: str) -> PortRef:
        if port.startswith("__"):
            raise AttributeError(port)
        return self[port]

    def __getitem__(self, port: str) -> PortRef:
        return PortRef(Link.parse(f"{self.id}.{port}"))


class Builder:
    """A graph in the making."""

    def __init__(self, name: str = "") -> None:
        self._name = name
        self._nodes: dict[str, Raw] = {}
        self._inputs: dict[str, JsonValue] = {}
        self._outputs: dict[str, JsonValue] = {}
        self._counts: dict[str, int] = {}

    def add(
        self,
        type: str,
        *,
        id: str | None = None,
        title: str | None = None,
        version: int = 1,
        bypass: Mapping[str, str] | None = None,
        pin: Mapping[str, str | Sequence[str]] | None = None,
        **values: object,
    ) -> NodeRef:
        """Add a node: a port becomes a link, a list of ports a list link, anything else a param.

        `bypass` leaves it out of runs: which input passes through for each output; an empty one mutes the node.
        `pin` freezes it: what it gives, by digest, for each output.
        """
        node: Raw = {"type": type, "version": version}
        if pin is not None:
            node["pin"] = pin_document(pin)
        return self._place(node, id, title, bypass, values)

    def subgraph(
        self,
        graph: str | Graph,
        *,
        id: str | None = None,
        title: str | None = None,
        bypass: Mapping[str, str] | None = None,
        **values: object,
    ) -> NodeRef:
        """Add a subgraph, a library name or a graph; its ports are the public inputs and outputs of it."""
        inner = graph if isinstance(graph, str) else document(graph)
        return self._place({"type": "Subgraph", "version": 1, "graph": inner}, id, title, bypass, values)

    def input(self, name: str, *ports: PortRef | str, title: str | None = None) -> None:
        """Make ports a public input."""
        _refuse_taken(name, self._inputs, "input")
        made: Raw = {"to": [str(port) for port in ports]}
        if title is not None:
            made["title"] = title
        self._inputs[name] = made

    def output(self, name: str, port: PortRef | str) -> None:
        """Make a port a public output."""
        _refuse_taken(name, self._outputs, "output")
        self._outputs[name] = str(port)

    def graph(self) -> Graph:
        """Give the graph as it is now."""
        made: Raw = {
            "format": FORMAT,
            "name": self._name,
            "nodes": {**self._nodes},
            "inputs": dict(self._inputs),
            "outputs": dict(self._outputs),
        }
        return graph_of(made, migrations=NONE, limits=LIMITS)

    def _place(
        self,
        node: Raw,
        id_: str | None,
        title: str | None,
        bypass: Mapping[str, str] | None,
        values: dict[str, object],
    ) -> NodeRef:
        id_ = self._free_id(str(node["type"])) if id_ is None else id_
        if id_ in self._nodes:
            raise GraphError("there is a node with this id already", node=id_, hint="choose another id")
        params: Raw = {}
        inputs: Raw = {}
        for port, value in values.items():
            wire = _wire(value, id_, port)
            (params if wire is None else inputs)[port] = _param(value, id_, port) if wire is None else wire
        node.update({"params": params, "inputs": inputs} | ({} if title is None else {"title": title}))
        if bypass is not None:
            node["bypass"] = dict(bypass)
        self._nodes[id_] = node
        return NodeRef(id_)

    def _free_id(self, type_: str) -> str:
        stem = snake_case(type_.rpartition("/")[2])
        while True:
            self._counts[stem] = self._counts.get(stem, 0) + 1
            if (id_ := f"{stem}_{self._counts[stem]}") not in self._nodes:
                return id_


def snake_case(name: str) -> str:
    """Give the snake case of a PascalCase name: `VQGANDecoder` is `vqgan_decoder`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _wire(value: object, node: str, port: str) -> JsonValue:
    if isinstance(value, PortRef):
        return str(value)
    if isinstance(value, NodeRef):
        raise GraphError("a node is not a value", node=node, port=port, hint="name one of its ports")
    if isinstance(value, list | tuple) and any(isinstance(one, PortRef) for one in value):
        if not all(isinstance(one, PortRef) for one in value):
            raise GraphError("a list mixes ports and values", node=node, port=port, hint="make nodes of the values")
        return [str(one) for one in value]
    return None


def _param(value: object, node: str, port: str) -> JsonValue:
    try:
        return plain(value)
    except GraphError as error:
        raise GraphError(error.problems[0].message, node=node, port=port, hint=error.problems[0].hint) from None


def _refuse_taken(name: str, taken: dict[str, JsonValue], kind: str) -> None:
    if name in taken:
        raise GraphError(f"there is a public {kind} {name!r} already", hint="list all ports in one call")
