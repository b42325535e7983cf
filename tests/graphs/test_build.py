"""A graph built from code is the document that JSON gives."""

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given

from graphs import Graph, GraphError, PortRef
from graphs.build import snake_case
from tests.graphs.documents import examples, graphs


def test_code_yields_the_same_document_as_json() -> None:
    g = Graph.build("Mine")
    model = g.add("Checkpoint", source="bauklotz")
    tokens = g.add("Tokenizer", text="a red circle", tokenizer=model.tokenizer)
    more = g.add("Tokenizer", title="Second", text=["not", "a link"], tokenizer=model.tokenizer, version=2)
    both = g.add("pack/CLIPList", id="both", items=[tokens.tokens, more.tokens[3]], none=[])
    g.input("prompt", tokens.text, more.text, title="Prompt")
    g.output("tokens", both.items)
    assert json.loads(g.graph().dumps()) == {
        "format": "promptograph/1",
        "name": "Mine",
        "nodes": {
            "checkpoint_1": {"type": "Checkpoint", "version": 1, "params": {"source": "bauklotz"}},
            "tokenizer_1": {
                "type": "Tokenizer",
                "version": 1,
                "params": {"text": "a red circle"},
                "inputs": {"tokenizer": "checkpoint_1.tokenizer"},
            },
            "tokenizer_2": {
                "type": "Tokenizer",
                "version": 2,
                "title": "Second",
                "params": {"text": ["not", "a link"]},
                "inputs": {"tokenizer": "checkpoint_1.tokenizer"},
            },
            "both": {
                "type": "pack/CLIPList",
                "version": 1,
                "params": {"none": []},
                "inputs": {"items": ["tokenizer_1.tokens", "tokenizer_2.tokens[3]"]},
            },
        },
        "inputs": {"prompt": {"to": ["tokenizer_1.text", "tokenizer_2.text"], "title": "Prompt"}},
        "outputs": {"tokens": "both.items"},
    }


def rebuilt(graph: Graph) -> Graph:
    """Build a graph again with code, from its parts."""
    g = Graph.build(graph.name)
    for id_, node in graph.nodes.items():
        values: dict[str, Any] = {**node.params, **{port: ref(wire) for port, wire in node.inputs.items()}}
        if node.graph is None:
            g.add(node.type, id=id_, title=node.title, version=node.version, bypass=node.bypass, **values)
        else:
            g.subgraph(node.graph, id=id_, title=node.title, bypass=node.bypass, **values)
    for name, public in graph.inputs.items():
        g.input(name, *public.to, title=public.title)
    for name, text in graph.outputs.items():
        g.output(name, text)
    return g.graph()


def ref(wire: str | tuple[str, ...]) -> object:
    return PortRef.of(wire) if isinstance(wire, str) else [PortRef.of(text) for text in wire]


def sayable(graph: Graph) -> bool:
    """Code sets a port once and lists at least one port; a port named like a word of `add` is out of its reach."""
    words = {"self", "type", "graph", "id", "title", "version", "bypass"}
    return all(
        not words & {*node.params, *node.inputs}
        and not set(node.params) & set(node.inputs)
        and all(node.inputs.values())
        and (node.graph is None or node.version == 1)
        for node in graph.nodes.values()
    )


@given(graphs().filter(sayable))
@examples(40)
def test_any_document_can_be_built(graph: Graph) -> None:
    assert rebuilt(graph) == graph.model_copy(update={"ui": {}})


def test_a_subgraph_is_embedded_or_named() -> None:
    inner = Graph.build("Inner")
    inner.output("number", inner.add("Number", value=1).number)
    g = Graph.build()
    a = g.subgraph(inner.graph(), size=3)
    b = g.subgraph("text-to-image", prompt=a.number)
    g.output("image", b.image)
    made = g.graph()
    assert (made.nodes["subgraph_1"].graph, made.nodes["subgraph_1"].params) == (inner.graph(), {"size": 3})
    assert (made.nodes["subgraph_2"].graph, made.nodes["subgraph_2"].inputs) == (
        "text-to-image",
        {"prompt": "subgraph_1.number"},
    )


@pytest.mark.parametrize(
    ("type_", "id_"),
    [
        ("Checkpoint", "checkpoint"),
        ("TextEncoder", "text_encoder"),
        ("VQGANDecoder", "vqgan_decoder"),
        ("CFG", "cfg"),
        ("VAEDecode", "vae_decode"),
        ("CLIPTextModel", "clip_text_model"),
        ("Sampler2Pass", "sampler2_pass"),
    ],
)
def test_ids_are_the_type_in_snake_case(type_: str, id_: str) -> None:
    assert snake_case(type_) == id_


def test_an_id_that_is_taken_is_not_given_again() -> None:
    g = Graph.build()
    assert [g.add("A", id="a_1").id, g.add("A").id, g.add("A").id] == ["a_1", "a_2", "a_3"]
    with pytest.raises(GraphError, match="a_1: there is a node with this id already"):
        g.add("A", id="a_1")


def test_a_port_named_like_an_attribute_is_reached_by_its_name() -> None:
    node = Graph.build().add("A")
    assert (str(node["id"]), str(node["id"][0])) == ("a_1.id", "a_1.id[0]")


def test_references_can_be_copied_and_pickled() -> None:
    node = Graph.build().add("A")
    assert (copy.deepcopy(node), pickle.loads(pickle.dumps(node.out[3]))) == (node, node.out[3])


def test_what_is_wrong_is_named_where_it_is_written() -> None:
    g = Graph.build()
    a = g.add("A")
    with pytest.raises(GraphError, match=r"b_1.x: a node is not a value; name one of its ports"):
        g.add("B", x=a)
    with pytest.raises(GraphError, match=r"b_2.x: a list mixes ports and values"):
        g.add("B", x=[a.out, 3])
    with pytest.raises(GraphError, match=r"b_3.x: a set is not JSON"):
        g.add("B", x={1})
    with pytest.raises(GraphError, match=r"b_4.x: at deep: a PortRef is not JSON"):
        g.add("B", x={"deep": a.out})
    with pytest.raises(GraphError, match="is one item already"):
        a.out[1][2]
    with pytest.raises(TypeError):
        list(a.out)  # type: ignore[call-overload]
    g.output("o", a.out)
    with pytest.raises(GraphError, match="there is a public output 'o' already"):
        g.output("o", a.out)
    g.add("lower")
    with pytest.raises(GraphError, match="lower_1: type: 'lower' is not a node type"):
        g.graph()
