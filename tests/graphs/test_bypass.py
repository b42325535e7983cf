"""Bypassed nodes: the graph that runs is the one without them, and what they leave without a value is said."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs import Graph, GraphError, Limits, Node, PublicInput, diff, library
from graphs.bypass import passed
from graphs.migrate import NodeMigration
from graphs.script import script
from graphs.unscript import unscript
from tests.graphs.documents import examples
from tests.graphs.growth import LINEAR, growth
from tests.graphs.test_flat import document, graph, meaning, nested, subgraph

A = {"type": "A"}
THROUGH = {"out": "x"}


def bypassed(bypass: dict[str, str], **rest: Any) -> dict[str, Any]:
    return {"type": "Same", "bypass": bypass, **rest}


def runs(nodes: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """Give the nodes and the public ports of the graph that runs, as JSON."""
    made = json.loads(graph(nodes, **rest).flat().dumps())
    return {id_: node.get("inputs", {}) | node.get("params", {}) for id_, node in made.get("nodes", {}).items()}


def refused(nodes: dict[str, Any], **rest: Any) -> list[str]:
    with pytest.raises(GraphError) as raised:
        graph(nodes, **rest).flat()
    return str(raised.value).splitlines()


def test_a_graph_without_bypassed_nodes_is_returned_as_it_is() -> None:
    plain = graph({"a": A})
    assert passed(plain).graph is plain


def test_readers_of_a_bypassed_node_get_the_link_or_the_param_that_feeds_it() -> None:
    assert runs({
        "a": A,
        "link": bypassed(THROUGH, inputs={"x": "a.out"}, params={"x": "hidden by the link"}),
        "param": bypassed(THROUGH, params={"x": 5}),
        "b": {"type": "B", "inputs": {"p": "link.out", "q": "param.out", "r": ["link.out", "a.out"]}},
    }) == {"a": {}, "b": {"p": "a.out", "q": 5, "r": ["a.out", "a.out"]}}  # fmt: skip


def test_chains_are_followed_to_their_end_and_items_are_kept() -> None:
    last = {f"m{at}": bypassed(THROUGH, inputs={"x": f"m{at + 1}.out"}) for at in range(3)}
    assert runs({
        **last,
        "m3": bypassed(THROUGH, inputs={"x": "a.list"}),
        "a": A,
        "b": {"type": "B", "inputs": {"all": "m0.out", "one": "m0.out[2]"}},
    })["b"] == {"all": "a.list", "one": "a.list[2]"}  # fmt: skip


def test_a_list_of_links_is_passed_on_and_put_into_other_lists() -> None:
    nodes = {"a": A, "m": bypassed(THROUGH, inputs={"x": ["a.p", "a.q"]})}
    assert runs({**nodes, "b": {"type": "B", "inputs": {"one": "m.out", "many": ["a.z", "m.out"]}}})["b"] == {
        "one": ["a.p", "a.q"],
        "many": ["a.z", "a.p", "a.q"],
    }


def test_what_a_muted_node_feeds_is_left_out_and_remembered() -> None:
    muted = graph(
        {
            "m": bypassed({}, inputs={"x": "a.out"}),
            "a": A,
            "b": {
                "type": "B",
                "params": {"p": "kept"},
                "inputs": {"p": "m.out", "q": ["m.out", "a.out"], "r": ["m.out"]},
            },
        },
        outputs={"from_muted": "m.out", "other": "b.out"},
    )  # fmt: skip
    found = passed(muted)
    assert (dict(found.graph.nodes["b"].inputs), dict(found.graph.nodes["b"].params)) == (
        {"q": ("a.out",)},
        {"p": "kept"},
    )
    assert found.graph.outputs == {"other": "b.out"}
    assert {place: str(nothing) for place, nothing in found.inputs.items()} == {
        ("b", "p"): "comes from m, which is muted",
        ("b", "r"): "comes from m, which is muted",
    }
    assert str(found.outputs["from_muted"]) == "comes from m, which is muted"


def test_it_is_said_why_a_bypassed_node_gives_nothing() -> None:
    found = passed(graph({
        "half": bypassed({"out": "x"}),
        "sub": subgraph(document({"i": A}), bypass={}),
        "b": {"type": "B", "inputs": {"p": "half.out", "q": "half.rest", "r": "sub/i.out"}},
    }))  # fmt: skip
    assert [str(nothing) for nothing in found.inputs.values()] == [
        "comes from half, which is bypassed and has nothing at its input 'x'",
        "comes from half, which is bypassed and passes nothing on to 'rest'",
        "comes from sub, which is bypassed with all that is in it",
    ]


def test_a_public_input_of_a_bypassed_node_sets_those_who_read_it() -> None:
    whole = graph(
        {"m": bypassed({"out": "x", "copy": "x"}), "n": bypassed(THROUGH, inputs={"x": "m.copy"}),
         "b": {"type": "B", "inputs": {"p": "m.out", "q": "n.out"}}},
        inputs={"text": {"to": ["m.x"]}},
    )  # fmt: skip
    assert whole.flat().inputs["text"].to == ("b.p", "b.q")
    assert whole.set({"text": "new"}).flat().nodes["b"].params == {"p": "new", "q": "new"}


def test_public_outputs_lead_to_what_feeds_a_bypassed_node() -> None:
    flat = graph({"m": bypassed(THROUGH, inputs={"x": "a.list"}), "a": A}, outputs={"o": "m.out[1]"}).flat()
    assert flat.outputs == {"o": "a.list[1]"}


def test_bypassed_nodes_inside_subgraphs_pass_what_comes_from_outside() -> None:
    inner = document(
        {"m": bypassed(THROUGH, params={"x": 1})}, inputs={"in": {"to": ["m.x"]}}, outputs={"out": "m.out"}
    )
    nodes = {"a": A, "s": subgraph(inner, inputs={"in": "a.out"}), "t": subgraph(inner)}
    assert runs({**nodes, "b": {"type": "B", "inputs": {"p": "s.out", "q": "t.out"}}}) == {
        "a": {}, "b": {"p": "a.out", "q": 1},
    }  # fmt: skip


def test_a_bypassed_subgraph_is_left_out_as_one_node() -> None:
    inner = document({"i": A, "j": A}, inputs={"in": {"to": ["i.x"]}}, outputs={"out": "j.out"})
    nodes = {"a": A, "s": subgraph(inner, inputs={"in": "a.out"}, bypass={"out": "in"})}
    assert runs({**nodes, "b": {"type": "B", "inputs": {"p": "s.out"}}}, inputs={"deep": {"to": ["s/i.x"]}}) == {
        "a": {}, "b": {"p": "a.out"},
    }  # fmt: skip


def test_a_bypassed_library_graph_need_not_be_there() -> None:
    assert runs({"s": subgraph("no-such-graph", bypass={"out": "in"})}) == {}


def test_wrong_names_in_the_bypass_of_a_subgraph_are_reported_with_their_mend() -> None:
    inner = document({"i": A}, inputs={"picture": {"to": ["i.x"]}}, outputs={"image": "i.out"})
    assert refused({"o": subgraph(document({"s": subgraph(inner, bypass={"imag": "pictur"})}))}) == [
        "o/s.imag: the bypass names 'imag', which is no output of Subgraph; did you mean image?",
        "o/s.pictur: the bypass passes 'pictur' on, which is no input of Subgraph; did you mean picture?",
    ]


def test_a_circle_of_bypassed_nodes_is_found() -> None:
    assert refused({
        "m": bypassed(THROUGH, inputs={"x": "n.out"}),
        "n": bypassed(THROUGH, inputs={"x": ["m.out"]}),
    }) in (
        ["m: the graph goes in a circle of bypassed nodes: m -> n -> m; remove one of these links"],
        ["n: the graph goes in a circle of bypassed nodes: n -> m -> n; remove one of these links"],
    )  # fmt: skip


def test_a_circle_through_a_bypassed_node_stays_one_for_the_engine_to_find() -> None:
    assert runs({"m": bypassed(THROUGH, inputs={"x": "b.out"}), "b": {"type": "B", "inputs": {"p": "m.out"}}}) == {
        "b": {"p": "b.out"}
    }


def test_what_cannot_be_passed_on_is_refused_with_its_place() -> None:
    assert refused(
        {
            "value": bypassed(THROUGH, params={"x": 1}),
            "list": bypassed(THROUGH, inputs={"x": ["a.p", "a.q"]}),
            "a": A,
            "b": {"type": "B", "inputs": {"p": ["value.out"], "q": "list.out[1]"}},
        },
        outputs={"o": "list.out", "v": "value.out"},
    ) == [
        "b.p: value.out passes a value on, not a link; a list takes links only; wire a node that makes the value",
        "b.q: list.out[1] asks for an item of what list passes on; link without [ ], or let the node run",
        "the public output 'o' names list.out, which passes several links on; name the port of a node that runs",
        "the public output 'v' names value.out, which passes a value on; name the port of a node that runs",
    ]


def test_lists_that_double_in_a_chain_are_refused_before_they_are_built() -> None:
    nodes = {f"m{at}": bypassed(THROUGH, inputs={"x": [f"m{at + 1}.out"] * 2}) for at in range(60)}
    whole = graph({**nodes, "m60": bypassed(THROUGH, inputs={"x": "a.out"}), "a": A})
    with pytest.raises(GraphError, match="bypassed nodes pass too many links on; at most 1,000"):
        whole.flat(limits=Limits(links=1_000))


def test_ten_thousand_bypassed_nodes_are_left_out_in_linear_time() -> None:
    def whole(length: int) -> Graph:
        nodes = {f"m{at}": bypassed(THROUGH, inputs={"x": f"m{at + 1}.out"}) for at in range(length)}
        return graph({**nodes, f"m{length}": A, "b": {"type": "B", "inputs": {"x": "m0.out"}}})

    assert whole(10_000).flat().nodes["b"].inputs == {"x": "m10000.out"}
    assert growth(lambda length: whole(length).flat, 1_000, 10_000) < LINEAR


# The document: saved, compared, built, written as a script, migrated.

SMALL = {"a": {"type": "A", "bypass": {"b": "x", "a": "x"}}, "m": {"type": "M", "bypass": {}}}


def test_a_bypass_is_saved_and_none_changes_no_byte() -> None:
    text = graph(SMALL).dumps()
    assert json.loads(text)["nodes"] == {id_: {**node, "version": 1} for id_, node in SMALL.items()}
    assert Graph.load(text.encode()).dumps() == text
    assert "bypass" not in graph({"a": A}).dumps()
    assert graph({"a": {**A, "bypass": None}}).dumps() == graph({"a": A}).dumps()


def test_a_change_of_bypass_is_shown() -> None:
    assert diff(graph({"a": A, "m": A}), graph({"a": A, "m": {**A, "bypass": {}}})).lines() == ["+ m bypass: {}"]
    assert diff(graph({"m": {**A, "bypass": {}}}), graph({"m": {**A, "bypass": {"o": "i"}}})).lines() == [
        '~ m bypass: {} -> {"o": "i"}'
    ]


def test_the_builder_says_it_in_one_word() -> None:
    g = Graph.build()
    g.add("A", id="a", bypass={"a": "x", "b": "x"})
    g.add("M", id="m", bypass={})
    g.subgraph("text-to-image", id="s", bypass={})
    assert g.graph() == graph({**SMALL, "s": subgraph("text-to-image", bypass={})})


def test_a_script_keeps_it() -> None:
    odd = Node(type="B", params={"x": 1}, inputs={"x": "a.out"}, bypass={"out": "x"})
    whole = graph(SMALL).model_copy(update={"nodes": {**graph(SMALL).nodes, "odd": odd}})
    assert "g.add('M', bypass={}, id='m')" in script(whole)
    assert Graph.load(unscript(script(whole).encode())[0]) == whole


def test_renamed_ports_are_renamed_in_it() -> None:
    step = NodeMigration(to=2, inputs={"old_in": "new_in"}, outputs={"old_out": "new_out"})
    old = document({"a": {"type": "A", "bypass": {"old_out": "old_in", "other": "more"}}})
    assert Graph.load(old, migrations={"A": (step,)}).nodes["a"].bypass == {"new_out": "new_in", "other": "more"}


def test_a_bypass_that_is_not_one_is_refused_in_one_line() -> None:
    with pytest.raises(GraphError) as raised:
        graph(
            {"a": {**A, "bypass": {"out": "no port"}}, "b": {**A, "bypass": {"no port": "x"}}, "c": {**A, "bypass": 1}}
        )
    assert str(raised.value).splitlines() == [
        "a.out: 'no port' is not a port; ports are like text_encoder: letters, digits and _",
        "b.no port: 'no port' is not a port; ports are like text_encoder: letters, digits and _",
        "c: bypass: an object is expected, not 1; see graphs/schema.json",
    ]


# Whatever the graph: with bypassed nodes spliced into it, it means what it meant.


class Splicing:
    """Splices nodes that are bypassed, and muted ones that nobody reads, into a graph and those inside it."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.count = 0

    def into(self, old: Graph) -> Graph:
        self.nodes: dict[str, Node] = {}
        self.moved: dict[str, str] = {}
        changed = {id_: self.node(id_, node) for id_, node in old.nodes.items()}
        outputs = {name: self.through(text) for name, text in old.outputs.items()}
        inputs = {
            name: PublicInput(to=tuple(self.moved.get(target, target) for target in public.to))
            for name, public in old.inputs.items()
        }
        nodes = {**changed, **self.nodes, "silent": Node(type="Muted", inputs={"x": "zero.out"}, bypass={})}
        nodes = {id_: self.inside(node) for id_, node in nodes.items()}
        return old.model_copy(update={"nodes": nodes, "inputs": inputs, "outputs": outputs})

    def inside(self, node: Node) -> Node:
        if not isinstance(node.graph, Graph):
            return node
        return node.model_copy(update={"graph": Splicing(self.draw).into(node.graph)})

    def node(self, id_: str, node: Node) -> Node:
        params, inputs = dict(node.params), {port: self.wire(wire) for port, wire in node.inputs.items()}
        for port in sorted(params.keys() - inputs.keys()):
            if self.draw(st.booleans()):
                at = self.place(Node(type="Same", params={"x": params.pop(port)}, bypass={"out": "x"}))
                inputs[port] = f"{at}.out"
                self.moved[f"{id_}.{port}"] = f"{at}.x"
        return node.model_copy(update={"params": params, "inputs": inputs})

    def wire(self, wire: str | tuple[str, ...]) -> str | tuple[str, ...]:
        made: str | tuple[str, ...] = wire if isinstance(wire, str) else tuple(self.through(text) for text in wire)
        for _ in range(self.draw(st.integers(0, 1))):
            made = f"{self.place(Node(type='Same', inputs={'x': made}, bypass={'out': 'x'}))}.out"
        return made

    def through(self, wire: str) -> str:
        for _ in range(self.draw(st.integers(0, 2))):
            wire = f"{self.place(Node(type='Same', inputs={'x': wire}, bypass={'out': 'x'}))}.out"
        return wire

    def place(self, node: Node) -> str:
        self.count += 1
        self.nodes[f"by{self.count}"] = node
        return f"by{self.count}"


@st.composite
def spliced(draw: st.DrawFn) -> tuple[Graph, Graph]:
    plain = draw(nested(2))
    return plain, Splicing(draw).into(plain)


@given(spliced())
@examples(60)
def test_a_graph_with_bypassed_nodes_equals_the_graph_without_them(pair: tuple[Graph, Graph]) -> None:
    plain, more = pair
    flat = more.flat()
    assert flat.nodes.keys() == plain.flat().nodes.keys()
    assert meaning(flat) == meaning(plain)


@given(spliced(), st.integers(10, 19))
@examples(40)
def test_setting_its_public_inputs_does_the_same(pair: tuple[Graph, Graph], value: int) -> None:
    plain, more = pair
    values = dict.fromkeys(
        (name for name, public in plain.inputs.items() if all("/" not in to for to in public.to)), value
    )
    assert meaning(more.set(values).flat()) == meaning(plain.set(values).flat())


@pytest.mark.parametrize("name", library.names())
def test_a_library_graph_with_every_link_passed_through_a_bypassed_node_is_itself(name: str) -> None:
    whole = library.load(name)
    nodes: dict[str, Node] = {}
    for id_, node in whole.nodes.items():
        for port, wire in node.inputs.items():
            nodes[f"by_{id_}_{port}"] = Node(type="Same", inputs={"x": wire}, bypass={"out": "x"})
        nodes[id_] = node.model_copy(update={"inputs": {port: f"by_{id_}_{port}.out" for port in node.inputs}})
    spliced_in = whole.model_copy(update={"nodes": nodes})
    assert spliced_in.flat().model_copy(update={"ui": {}}) == whole.flat().model_copy(update={"ui": {}})
