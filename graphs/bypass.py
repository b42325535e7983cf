"""Leave out the bypassed nodes of an expanded graph: whoever reads one gets what feeds it.

Guarantees
1. A bypassed node that passes its input on leaves the graph that it would be without the node.
2. The size is bounded before anything is built; leaving out is linear in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from pydantic import JsonValue

from graphs.document import Graph, Node, PublicInput
from graphs.errors import GraphError, Problem, did_you_mean
from graphs.limits import LIMITS, Limits
from graphs.link import Link

Port = tuple[str, str]  # node, port
Wire = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """Links feed the port."""

    wire: Wire


@dataclass(frozen=True, slots=True)
class Valued:
    """A param feeds the port."""

    value: JsonValue


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing feeds the port, because of a bypassed node."""

    node: str
    why: str

    def __str__(self) -> str:
        return f"comes from {self.node}, which {self.why}"


Feed = Linked | Valued | Nothing


@dataclass(frozen=True, slots=True)
class Passed:
    """A graph without bypassed nodes, and what is left without a value by that."""

    graph: Graph
    inputs: Mapping[Port, Nothing]  # ports whose wire gives nothing
    outputs: Mapping[str, Nothing]  # public outputs that are left out


def passed(graph: Graph, *, limits: Limits = LIMITS) -> Passed:
    """Leave out the bypassed nodes of an expanded graph; a graph without any is returned as it is."""
    gone = {id_: node for id_, node in graph.nodes.items() if node.bypass is not None}
    return _Passing(graph, gone, limits).result() if gone else Passed(graph, {}, {})


class _Passing:
    """One graph that loses its bypassed nodes."""

    def __init__(self, graph: Graph, gone: Mapping[str, Node], limits: Limits) -> None:
        self.graph = graph
        self.gone = gone
        self.limits = limits
        self.problems: list[Problem] = []
        self.silent: dict[Port, Nothing] = {}
        self.links = 0
        self.feeds: dict[Port, Feed] = {}

    def result(self) -> Passed:
        """Follow every wire to what feeds it."""
        for port in self._order():
            self.feeds[port] = self._feed(port)
        nodes = {id_: self._rewired(id_, node) for id_, node in self.graph.nodes.items() if id_ not in self.gone}
        outputs = {name: self._public(name, text) for name, text in self.graph.outputs.items()}
        kept = {name: feed.wire for name, feed in outputs.items() if isinstance(feed, Linked)}
        inputs = self._inputs()
        if self.problems:
            raise GraphError.of(self.problems)
        graph = self.graph.model_copy(update={"nodes": nodes, "inputs": inputs, "outputs": kept})
        return Passed(graph, self.silent, {name: feed for name, feed in outputs.items() if isinstance(feed, Nothing)})

    def _order(self) -> Iterable[Port]:
        """Order what the bypassed nodes pass on, so that each stands after what feeds it."""
        before = {
            (id_, output): [port for port in _sources(node, input_) if port[0] in self.gone]
            for id_, node in self.gone.items()
            for output, input_ in (node.bypass or {}).items()
        }
        try:
            return [port for port in TopologicalSorter(before).static_order() if port in before]
        except CycleError as error:
            circle = " -> ".join(id_ for id_, _ in error.args[1])
            message = f"the graph goes in a circle of bypassed nodes: {circle}"
            raise GraphError(message, node=error.args[1][0][0], hint="remove one of these links") from None

    def _feed(self, port: Port) -> Feed:
        """Find what comes out of a bypassed node, where all that is before it is known."""
        id_, output = port
        node = self.gone[id_]
        input_ = (node.bypass or {})[output]
        if input_ in node.inputs:
            return self._followed(node.inputs[input_], id_, input_)
        if input_ in node.params:
            return Valued(node.params[input_])
        return Nothing(id_, f"is bypassed and has nothing at its input {input_!r}")

    def _followed(self, wire: Wire, node: str, port: str) -> Feed:
        if isinstance(wire, str):
            feed = self._of(wire, node, port)
            self._count(len(feed.wire) if isinstance(feed, Linked) and isinstance(feed.wire, tuple) else 1)
            return feed
        links: list[str] = []
        silent: Nothing | None = None
        for text in wire:
            match self._of(text, node, port):
                case Linked(one):
                    self._count(len(_texts(one)))
                    links.extend(_texts(one))
                case Valued():
                    hint = "a list takes links only; wire a node that makes the value"
                    self.problems.append(Problem(f"{text} passes a value on, not a link", node, port, hint))
                case Nothing() as nothing:
                    silent = silent or nothing
        return silent if silent and not links else Linked(tuple(links))

    def _of(self, text: str, node: str, port: str) -> Feed:
        """Follow one link; what is asked of a live node stays."""
        link = Link.parse(text)
        if (source := self._gone(link.node)) is None:
            return Linked(text)
        feed = self.feeds.get((link.node, link.port)) or _silence(source, self.gone[source], link)
        if link.item is None or isinstance(feed, Nothing):
            return feed
        if isinstance(feed, Linked) and isinstance(feed.wire, str) and (inner := Link.parse(feed.wire)).item is None:
            return Linked(str(Link(inner.node, inner.port, link.item)))
        hint = "link without [ ], or let the node run"
        self.problems.append(Problem(f"{text} asks for an item of what {source} passes on", node, port, hint))
        return feed

    def _gone(self, path: str) -> str | None:
        """Give the bypassed node that a path names, or that it leads into."""
        if path in self.graph.nodes:
            return path if path in self.gone else None
        while "/" in path:
            path = path.rpartition("/")[0]
            if path in self.gone:
                return path
        return None

    def _rewired(self, id_: str, node: Node) -> Node:
        if not any(self._gone(text.partition(".")[0]) for wire in node.inputs.values() for text in _texts(wire)):
            self._count(sum(len(_texts(wire)) for wire in node.inputs.values()))
            return node
        params, inputs = dict(node.params), dict[str, Wire]()
        for port, wire in node.inputs.items():
            match self._followed(wire, id_, port):
                case Linked(found):
                    inputs[port] = found
                case Valued(value):
                    params[port] = value
                case Nothing() as nothing:
                    self.silent[id_, port] = nothing
        return node.model_copy(update={"params": params, "inputs": inputs})

    def _public(self, name: str, text: str) -> Feed:
        feed = self._of(text, "", "")
        if isinstance(feed, Valued) or (isinstance(feed, Linked) and not isinstance(feed.wire, str)):
            what = "a value" if isinstance(feed, Valued) else "several links"
            hint = "name the port of a node that runs"
            self.problems.append(Problem(f"the public output {name!r} names {text}, which passes {what} on", hint=hint))
        return feed

    def _inputs(self) -> Mapping[str, PublicInput]:
        """Let public inputs set the ports that read a bypassed one."""
        readers = self._readers()
        return {
            name: public.model_copy(update={"to": tuple(self._targets(public.to, readers))})
            for name, public in self.graph.inputs.items()
        }

    def _readers(self) -> Mapping[Port, list[Port]]:
        """Map each port of a bypassed node that is passed on to the ports that get it."""
        passing: dict[Port, list[Port]] = defaultdict(list)  # output of a bypassed node -> who reads it
        for id_, node in self.graph.nodes.items():
            for port, wire in node.inputs.items():
                if isinstance(wire, str) and (link := Link.parse(wire)).node in self.gone and link.item is None:
                    passing[link.node, link.port].append((id_, port))
        readers: dict[Port, list[Port]] = defaultdict(list)
        for id_, node in self.gone.items():
            for output, input_ in (node.bypass or {}).items():
                readers[id_, input_] += passing[id_, output]
        return readers

    def _targets(self, texts: Iterable[str], readers: Mapping[Port, list[Port]]) -> Iterator[str]:
        waiting = [(link.node, link.port) for link in map(Link.parse, reversed(list(texts)))]
        seen: set[Port] = set()
        while waiting:
            port = waiting.pop()
            if port in seen:
                continue
            self._count(1)
            if self._gone(port[0]) is None:
                yield str(Link(*port))
            else:
                seen.add(port)
                waiting += reversed(readers.get(port, ()))

    def _count(self, links: int) -> None:
        self.links += links
        if self.links > self.limits.links:
            most = f"{self.limits.links:,}"
            raise GraphError("bypassed nodes pass too many links on", hint=f"at most {most} are run; split the graph")


def wrong_names(node: Node, id_: str, inputs: Iterable[str], outputs: Iterable[str]) -> Iterator[Problem]:
    """Say which names in the `bypass` of a node are no ports of it."""
    for output, input_ in (node.bypass or {}).items():
        if output not in outputs:
            hint = did_you_mean(output, outputs) or "it has no outputs"
            yield Problem(f"the bypass names {output!r}, which is no output of {node.type}", id_, output, hint)
        if input_ not in inputs:
            hint = did_you_mean(input_, inputs) or "it has no inputs"
            yield Problem(f"the bypass passes {input_!r} on, which is no input of {node.type}", id_, input_, hint)


def _sources(node: Node, port: str) -> Iterator[Port]:
    for text in _texts(node.inputs.get(port, ())):
        link = Link.parse(text)
        yield link.node, link.port


def _silence(source: str, node: Node, link: Link) -> Nothing:
    if link.node != source:
        return Nothing(source, "is bypassed with all that is in it")
    if not node.bypass:
        return Nothing(source, "is muted")
    return Nothing(source, f"is bypassed and passes nothing on to {link.port!r}")


def _texts(wire: Wire) -> tuple[str, ...]:
    return (wire,) if isinstance(wire, str) else wire
