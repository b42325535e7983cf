"""Expanding subgraphs: the flat graph means the same, is bounded, and is found in linear time."""

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from graphs import Graph, GraphError, Limits, Link, Node, PublicInput
from tests.graphs.documents import chain, examples
from tests.graphs.growth import LINEAR, growth


def document(nodes: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"format": "promptograph/1", "nodes": nodes, **rest}


def graph(nodes: dict[str, Any], **rest: Any) -> Graph:
    return Graph.load(document(nodes, **rest))


INNER = document(
    {
        "t": {"type": "T", "params": {"text": "inner"}, "inputs": {"size": "n.number"}},
        "n": {"type": "N"},
    },
    inputs={"prompt": {"to": ["t.text", "n.text"]}, "size": {"to": ["t.size"]}},
    outputs={"tokens": "t.tokens", "first": "t.tokens[0]"},
)


def subgraph(inner: Any, **rest: Any) -> dict[str, Any]:
    return {"type": "Subgraph", "graph": inner, **rest}


def test_a_graph_without_subgraphs_is_returned_as_it_is() -> None:
    plain = graph({"a": {"type": "A"}})
    assert plain.flat() is plain


def test_params_and_links_go_through_the_ports_of_a_subgraph() -> None:
    flat = graph(
        {
            "a": {"type": "A"},
            "s": subgraph(INNER, params={"prompt": "outer"}, inputs={"size": "a.number"}),
            "b": {"type": "B", "inputs": {"x": "s.tokens[2]", "y": ["s.first", "a.number"]}},
        },
        inputs={"prompt": {"to": ["s.prompt"]}},
        outputs={"tokens": "s.tokens", "inside": "s/n.number"},
        ui={"positions": {}, "notes": [1]},
    ).flat()
    assert json.loads(flat.dumps()) == document(
        {
            "a": {"type": "A", "version": 1},
            "b": {"type": "B", "version": 1, "inputs": {"x": "s/t.tokens[2]", "y": ["s/t.tokens[0]", "a.number"]}},
            "s/n": {"type": "N", "version": 1, "params": {"text": "outer"}},
            "s/t": {"type": "T", "version": 1, "params": {"text": "outer"}, "inputs": {"size": "a.number"}},
        },
        inputs={"prompt": {"to": ["s/t.text", "s/n.text"]}},
        outputs={"tokens": "s/t.tokens", "inside": "s/n.number"},
    )


def test_a_param_from_outside_removes_the_link_inside() -> None:
    flat = graph({"s": subgraph(INNER, params={"size": 3})}).flat()
    assert (flat.nodes["s/t"].params["size"], flat.nodes["s/t"].inputs) == (3, {})


def test_a_library_graph_is_expanded_by_name() -> None:
    inner = Graph.load(INNER)
    flat = graph({"s": subgraph("shared"), "u": subgraph("shared")}).flat(library={"shared": inner}.__getitem__)
    assert set(flat.nodes) == {"s/t", "s/n", "u/t", "u/n"}
    assert flat.nodes["u/t"].inputs == {"size": "u/n.number"}


def test_an_unknown_library_graph_is_refused() -> None:
    with pytest.raises(GraphError) as raised:
        graph({"s": subgraph("no-such-graph")}).flat()
    assert (raised.value.problems[0].node, raised.value.problems[0].message) == (
        "s",
        "there is no library graph 'no-such-graph'",
    )


def test_a_library_graph_that_contains_itself_is_refused_with_the_chain() -> None:
    library = {
        "one": graph({"x": subgraph(document({"y": subgraph("two")}))}),
        "two": graph({"z": subgraph("one")}),
    }
    with pytest.raises(GraphError) as raised:
        graph({"s": subgraph("one")}).flat(library=library.__getitem__)
    assert str(raised.value) == "s/x/y/z: a graph contains itself: one -> x -> two -> one; break the chain"


def test_nesting_is_bounded() -> None:
    library = {f"g{at}": graph({"s": subgraph(f"g{at + 1}")}) for at in range(20)} | {"g20": graph({})}
    with pytest.raises(GraphError, match="subgraphs are nested too deep: g4 -> g5"):
        graph({"s": subgraph("g4")}).flat(library=library.__getitem__)
    assert graph({"s": subgraph("g5")}).flat(library=library.__getitem__).nodes == {}


def test_nesting_is_bounded_where_graphs_are_shared() -> None:
    library = {f"g{at}": graph({"s": subgraph(f"g{at + 1}")}) for at in range(20)} | {"g20": graph({})}
    nodes = {f"s{at}": subgraph(f"g{at}") for at in reversed(range(5, 20))}
    for first in (4, 5):
        outer = graph({**nodes, "last": subgraph(document({"in": subgraph(f"g{first}")}))})
        with pytest.raises(GraphError, match="nested too deep"):
            outer.flat(library=library.__getitem__)


def test_an_expansion_that_doubles_at_each_level_is_refused_before_it_is_built() -> None:
    library = {f"g{at}": graph({"a": subgraph(f"g{at + 1}"), "b": subgraph(f"g{at + 1}")}) for at in range(16)}
    library["g16"] = graph({"n": {"type": "N"}})

    def refusing(levels: int) -> Callable[[], object]:
        outer, limits = graph({"s": subgraph(f"g{17 - levels}")}), Limits(nodes=2**levels)

        def refused() -> None:
            for _ in range(20):
                with pytest.raises(GraphError, match=r"with its subgraphs the graph has [0-9,]+ nodes; at most"):
                    outer.flat(library=library.__getitem__, limits=limits)

        return refused

    assert growth(refusing, 8, 16) < LINEAR  # at twice the levels; the nodes would be 256 times as many


def test_links_that_multiply_through_public_inputs_are_bounded() -> None:
    wide = graph({"n": {"type": "N"}}, inputs={"all": {"to": [f"n.p{at}" for at in range(1000)]}})
    outer = graph({f"s{at}": subgraph("wide", inputs={"all": ["a.b", "a.c"]}) for at in range(100)})
    with pytest.raises(GraphError, match="with its subgraphs the graph has 300,000 links; at most 299,999"):
        outer.flat(library={"wide": wide}.__getitem__, limits=Limits(links=299_999))
    assert len(outer.flat(library={"wide": wide}.__getitem__).nodes["s0/n"].inputs) == 1000


def test_every_wrong_port_of_a_subgraph_is_reported() -> None:
    with pytest.raises(GraphError) as raised:
        graph(
            {
                "s": subgraph(INNER, params={"promt": 1}),
                "b": {"type": "B", "inputs": {"x": "s.token", "y": "s.first[0]"}},
            },
            inputs={"p": {"to": ["s.text"]}},
            outputs={"o": "s.out"},
        ).flat()
    assert sorted(str(raised.value).splitlines()) == [
        "b.x: s.token is no output of the subgraph; did you mean tokens?",
        "b.y: s.first[0] asks for an item of one item; link without [ ]",
        "o: s.out is no output of the subgraph; there are: first, tokens",
        "s.promt: the subgraph has no such input; did you mean prompt?",
        "s.text: the subgraph has no such input; there are: prompt, size",
    ]


def test_links_that_lead_nowhere_are_kept_for_the_engine_to_report() -> None:
    flat = graph({"s": subgraph(INNER), "b": {"type": "B", "inputs": {"x": "no.port", "y": "s/no.port"}}}).flat()
    assert flat.nodes["b"].inputs == {"x": "no.port", "y": "s/no.port"}


def test_ten_thousand_nodes_in_a_subgraph_are_expanded_in_linear_time() -> None:
    def outer(length: int) -> Graph:
        return graph({"s": subgraph(chain(length), params={"start": 5}), "x": subgraph(chain(length))})

    flat = outer(10_000).flat()
    assert (len(flat.nodes), flat.nodes["s/n0"].params["value"]) == (20_000, 5)
    assert growth(lambda length: outer(length).flat, 1_000, 10_000) < LINEAR


# What a graph means, found by the plainest possible recursion: the oracle for the flat graph.


@dataclass
class Scope:
    graph: Graph
    params: dict[str, JsonValue] = field(default_factory=dict)  # set from outside, by target
    links: dict[str, Any] = field(default_factory=dict)

    def args(self, id_: str) -> tuple[dict[str, JsonValue], dict[str, Any]]:
        node = self.graph.nodes[id_]
        params, links = dict(node.params), {port: self.wire(wire) for port, wire in node.inputs.items()}
        for name in {*self.params, *self.links}:
            target = Link.parse(name)
            if target.node == id_:
                links.pop(target.port, None)
                params |= {target.port: self.params[name]} if name in self.params else {}
                links |= {target.port: self.links[name]} if name in self.links else {}
        return params, links

    def wire(self, wire: str | tuple[str, ...]) -> Any:
        return self.value(wire) if isinstance(wire, str) else [self.value(text) for text in wire]

    def inner(self, id_: str) -> "Scope":
        node = self.graph.nodes[id_]
        assert isinstance(node.graph, Graph)
        scope = Scope(node.graph)
        for outside, inside in ((self.params, scope.params), (self.links, scope.links)):
            inside |= {
                name.removeprefix(f"{id_}/"): value for name, value in outside.items() if name.startswith(f"{id_}/")
            }
        params, links = self.args(id_)
        for port in {*params, *links}:
            for target in node.graph.inputs[port].to:
                scope.params.pop(target, None)
                scope.links.pop(target, None)
                scope.params |= {target: params[port]} if port in params else {}
                scope.links |= {target: links[port]} if port in links else {}
        return scope

    def value(self, text: str) -> Any:
        link = Link.parse(text)
        id_, slash, rest = link.node.partition("/")
        if slash and id_ in self.graph.nodes:
            return self.inner(id_).value(str(Link(rest, link.port, link.item)))
        node = self.graph.nodes[link.node]
        if isinstance(node.graph, Graph):
            made = self.inner(link.node).value(node.graph.outputs[link.port])
            return made if link.item is None else (*made[:-1], link.item)
        params, links = self.args(link.node)
        return node.type, {**params, **links}, link.port, link.item


def meaning(graph: Graph) -> Mapping[str, Any]:
    scope = Scope(graph)
    return {name: scope.value(text) for name, text in graph.outputs.items()}


@st.composite
def nested(draw: st.DrawFn, depth: int = 3) -> Graph:
    """Draw a graph whose links all lead to earlier nodes, with subgraphs in it."""
    nodes: dict[str, Node] = {}
    targets: list[str] = []
    sources = ["zero.out"]
    nodes["zero"] = Node(type="Zero")
    for at in range(draw(st.integers(1, 4))):
        id_ = f"n{at}"
        inner = draw(st.none() | nested(depth - 1)) if depth else None
        ports = sorted(inner.inputs) if inner else ["a", "b"]
        params = draw(st.dictionaries(st.sampled_from(ports), st.integers(0, 9))) if ports else {}
        links = st.one_of(st.sampled_from(sources), st.lists(st.sampled_from(sources), max_size=2).map(tuple))
        inputs = draw(st.dictionaries(st.sampled_from(ports), links)) if ports else {}
        nodes[id_] = Node(type="Subgraph" if inner else f"T{at}", params=params, inputs=inputs, graph=inner)
        targets += [f"{id_}.{port}" for port in ports]
        if inner:
            targets += [f"{id_}/zero.a"]
            sources += [f"{id_}/zero.out", *(f"{id_}.{name}" for name in inner.outputs)]
        else:
            sources += [f"{id_}.out", f"{id_}.list"]
    return Graph(
        nodes=nodes,
        inputs={
            f"i{at}": PublicInput(to=(target,))
            for at, target in enumerate(
                draw(st.lists(st.sampled_from(targets), max_size=3, unique=True)) if targets else []
            )
        },
        outputs={f"o{at}": text for at, text in enumerate(draw(st.lists(st.sampled_from(sources), max_size=3)))},
    )


@given(nested())
@examples(40)
def test_the_flat_graph_means_what_the_graph_means(graph: Graph) -> None:
    flat = graph.flat()
    assert all(node.graph is None for node in flat.nodes.values())
    assert meaning(flat) == meaning(graph)


@given(nested(), st.integers(10, 19))
@examples(25)
def test_setting_and_expanding_commute(graph: Graph, value: int) -> None:
    values = dict.fromkeys(graph.inputs, value)
    with contextlib.suppress(GraphError):
        early = graph.set(values)
        assert meaning(early.flat()) == meaning(graph.flat().set(values))
