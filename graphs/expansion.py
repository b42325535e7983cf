"""Know how large a graph is after its subgraphs are expanded, before it is.

Guarantees
1. Counting is linear in the documents, however often they use each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from graphs.document import Graph, Node
from graphs.errors import GraphError, Problem
from graphs.limits import Limits
from graphs.link import Link


@dataclass(frozen=True, slots=True)
class Size:
    """What one graph expands to."""

    nodes: int
    links: int  # links, and values that go through the ports of subgraphs
    depth: int  # 0 without subgraphs
    widths: Mapping[str, int]  # public input -> how many ports it sets in the end


def expands(node: Node) -> bool:
    """Say whether a node stands for the nodes of its graph: a bypassed Subgraph is left out as one."""
    return node.graph is not None and node.bypass is None


@dataclass(frozen=True, slots=True)
class Expansion:
    """The graphs that take part, by library name."""

    library: Mapping[str, Graph]

    def inner(self, node: Node) -> Graph:
        """Give the graph of a Subgraph."""
        assert node.graph is not None
        return self.library[node.graph] if isinstance(node.graph, str) else node.graph

    def descend(self, graph: Graph, path: str) -> tuple[Graph, str, str]:
        """Walk a path like `sub/node` inwards: the innermost graph, the prefix walked, and the id that is left."""
        prefix = ""
        while "/" in path and path not in graph.nodes:
            id_, _, rest = path.partition("/")
            node = graph.nodes.get(id_)
            if node is None or not expands(node):
                break
            graph, prefix, path = self.inner(node), f"{prefix}{id_}/", rest
        return graph, prefix, path


@dataclass(frozen=True, slots=True)
class _Step:
    """A graph that is being measured: where it stands, and the subgraphs in it that are left."""

    path: str
    name: str
    graph: Graph
    rest: Iterator[tuple[str, Node]]


def measure(graph: Graph, *, library: Callable[[str], Graph], limits: Limits) -> Expansion:
    """Load the library graphs that take part, and refuse what would grow too large or without end."""
    found: dict[str, Graph] = {}
    expansion = Expansion(found)
    sizes: dict[int, Size] = {}  # by id() of a graph, which the document or `found` keeps alive
    chain = [_Step("", "", graph, _subgraphs(graph))]
    while chain:
        at = chain[-1]
        if (following := next(at.rest, None)) is None:
            chain.pop()
            sizes[id(at.graph)] = _checked(_size(at.graph, expansion, sizes), limits)
            continue
        id_, node = following
        path = f"{at.path}/{id_}".lstrip("/")
        _find(node, path, library, found)
        inner = expansion.inner(node)
        if id(inner) not in sizes:
            step = _Step(path, node.graph if isinstance(node.graph, str) else id_, inner, _subgraphs(inner))
            _refuse_endless(chain, step, limits)
            chain.append(step)
    return expansion


def _subgraphs(graph: Graph) -> Iterator[tuple[str, Node]]:
    return ((id_, node) for id_, node in graph.nodes.items() if expands(node))


def _find(node: Node, path: str, library: Callable[[str], Graph], found: dict[str, Graph]) -> None:
    if isinstance(node.graph, str) and node.graph not in found:
        try:
            found[node.graph] = library(node.graph)
        except GraphError as error:
            places = ((f"{node.graph}: {p.node}.{p.port}: " if p.node else "", p) for p in error.problems)
            problems = [Problem(f"{place}{p.message}", path, "graph", p.hint) for place, p in places]
            raise GraphError.of(problems) from None


def _refuse_endless(chain: list[_Step], step: _Step, limits: Limits) -> None:
    names = [*(outer.name for outer in chain[1:]), step.name]
    if any(outer.graph is step.graph for outer in chain):
        raise GraphError(f"a graph contains itself: {' -> '.join(names)}", node=step.path, hint="break the chain")
    if len(chain) > limits.subgraph_depth:
        hint = f"at most {limits.subgraph_depth} levels are expanded"
        raise GraphError(f"subgraphs are nested too deep: {' -> '.join(names)}", node=step.path, hint=hint)


def _size(graph: Graph, expansion: Expansion, sizes: Mapping[int, Size]) -> Size:
    nodes = links = depth = 0
    for node in graph.nodes.values():
        nodes += 1
        entries = {port: 1 if isinstance(wire, str) else len(wire) for port, wire in node.inputs.items()}
        if not expands(node):
            links += sum(entries.values())
            continue
        inner = sizes[id(expansion.inner(node))]
        nodes, links, depth = nodes + inner.nodes, links + inner.links, max(depth, inner.depth + 1)
        links += sum(inner.widths.get(port, 0) * entries.get(port, 1) for port in {**node.params, **node.inputs})
    widths = {
        name: sum(_width(graph, text, expansion, sizes) for text in public.to) for name, public in graph.inputs.items()
    }
    return Size(nodes, links + sum(widths.values()), depth, widths)


def _width(graph: Graph, text: str, expansion: Expansion, sizes: Mapping[int, Size]) -> int:
    target = Link.parse(text)
    graph, _, rest = expansion.descend(graph, target.node)
    node = graph.nodes.get(rest)
    return 1 if node is None or not expands(node) else sizes[id(expansion.inner(node))].widths.get(target.port, 0)


def _checked(size: Size, limits: Limits) -> Size:
    checked = (("nodes", size.nodes, limits.nodes), ("links", size.links, limits.links))
    for what, number, most in checked:
        if number > most:
            raise GraphError(f"with its subgraphs the graph has {number:,} {what}", hint=f"at most {most:,} are run")
    if size.depth > limits.subgraph_depth:
        raise GraphError("subgraphs are nested too deep", hint=f"at most {limits.subgraph_depth} levels are expanded")
    return size
