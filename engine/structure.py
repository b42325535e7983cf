"""The pure structure of a graph: who feeds whom, in which order, and where it goes in circles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import networkx as nx

from graphs import Graph, Link


@dataclass(frozen=True, slots=True)
class Wire:
    """What feeds one input port: one link, or the links of a list port."""

    port: str
    links: Sequence[Link]
    listed: bool  # written as a list of links, which collects


@dataclass(frozen=True)
class Structure:
    """A flat graph's wires by consumer, and its nodes with every producer before its consumers, circles aside."""

    wires: Mapping[str, Sequence[Wire]]
    order: Sequence[str]
    cycle: Sequence[str]  # the ids along one circle; empty where there is none


class _Network(nx.DiGraph):  # type: ignore[type-arg]  # generic only in its stubs
    """A directed graph whose nodes and edges carry nothing: they all share one empty dict, which nobody writes to."""

    _nothing: dict[str, Any] = {}  # noqa: RUF012 - networkx wants a dict

    def _shared(self) -> dict[str, Any]:
        return self._nothing

    node_attr_dict_factory = edge_attr_dict_factory = _shared


def structure(graph: Graph) -> Structure:
    """Read the structure of a flat graph; links to nodes that do not exist are left to `check`."""
    wires = {name: _wires(node.inputs) for name, node in graph.nodes.items()}
    network = _Network()
    network.add_nodes_from(sorted(graph.nodes))
    network.add_edges_from(
        (link.node, name) for name, many in wires.items() for wire in many for link in wire.links if link.node in wires
    )
    try:
        return Structure(wires, tuple(nx.topological_sort(network)), ())
    except nx.NetworkXUnfeasible:
        circle = nx.find_cycle(network)
        return Structure(wires, _order_beside_circles(network), (*(tail for tail, _ in circle), circle[-1][1]))


def _order_beside_circles(network: _Network) -> tuple[str, ...]:
    """Order the nodes as far as circles let: the nodes of one circle stand together."""
    condensed = nx.condensation(network)
    return tuple(name for knot in nx.topological_sort(condensed) for name in sorted(condensed.nodes[knot]["members"]))


def _wires(inputs: Mapping[str, str | tuple[str, ...]]) -> Sequence[Wire]:
    return tuple([_wire(port, source) for port, source in inputs.items()])


@lru_cache(maxsize=2**16)
def _wire(port: str, source: str | tuple[str, ...]) -> Wire:
    """Read a wire; equal ones are one object, as equal links are."""
    links = (source,) if isinstance(source, str) else source
    return Wire(port, tuple(map(Link.parse, links)), listed=not isinstance(source, str))
