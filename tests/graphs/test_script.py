"""A graph as a script: running the script gives an equal graph, and no text of the document is run."""

import ast
import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from pydantic import JsonValue

from graphs import Graph, GraphError, Node, PublicInput, library
from graphs.script import FIRST_LINE, script
from graphs.unscript import is_script, unscript
from tests.graphs.documents import chain, examples, graphs

HOSTILE = (
    "'''", '"""', "\\", "\\'", "'); import os; os._exit(1) #", '"\n    raise SystemExit #',
    "\r\n\x0b\x1c\u2028\u2029\x85", "{0}", "{graph.name}", "%s", "\u202eevil\u2066", "\U0001f600é", "\x01\x7f\ufeff",
    "# -*- coding: latin-1 -*-", "$TOKEN",
)  # fmt: skip


def executed(text: str) -> dict[str, Any]:
    """Run a script as a module of another name, so that it builds and does not run its graph."""
    names: dict[str, Any] = {"__name__": "written"}
    exec(compile(text, "written.py", "exec"), names)
    return names


@given(graphs())
@examples(200)
def test_running_the_script_gives_an_equal_document(graph: Graph) -> None:
    assert executed(script(graph))["graph"].dumps() == graph.dumps()


@pytest.mark.parametrize("name", library.names())
def test_every_library_graph_is_written_with_the_builder_alone(name: str) -> None:
    graph = library.load(name)
    text = script(graph)
    assert executed(text)["graph"].dumps() == graph.dumps()
    assert "Node(" not in text
    assert "PortRef" not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_of_the_document_never_becomes_code(text: str) -> None:
    graph = Graph(
        name=text,
        nodes={
            "a": Node(type="Text", title=text, params={"text": text, "more": [{text: text}]}),
            "b": Node(type="Text", params={"text": text}, inputs={"text": "a.text"}),
        },
        inputs={"words": PublicInput(to=("a.text",), title=text)},
        ui={text: text},
    )
    made = script(graph, {"words": text})
    names = executed(made)
    assert names["graph"].dumps() == graph.dumps()
    assert names["inputs"] == {"words": text}
    assert {unicodedata.category(mark) for mark in made} & {"Cf", "Zl", "Zp", "Co", "Cn"} == set()
    assert {mark for mark in made if unicodedata.category(mark) == "Cc"} == {"\n"}


NAMES = (
    "class_",
    "id",
    "title",
    "version",
    "type",
    "self",
    "graph",
    "None",
    "from",
    "__debug__",
    "__class__",
    "_",
    "print",
)


@pytest.mark.parametrize("port", NAMES)
def test_ports_may_have_any_name(port: str) -> None:
    wired: dict[str, JsonValue] = {"format": "promptograph/1", "nodes": {}}
    wired["nodes"] = {
        "a": {"type": "Thing", "version": 1, "params": {port: 1}},
        "b": {"type": "Thing", "version": 2, "inputs": {port: f"a.{port}", "many": [f"a.{port}[3]", f"a.{port}"]}},
        "s": {"type": "Subgraph", "version": 1, "graph": "text-to-image", "params": {port: 1}},
    }
    graph = Graph.load({**wired, "outputs": {port: f"b.{port}"}, "inputs": {port: {"to": [f"a.{port}"]}}})
    assert executed(script(graph))["graph"].dumps() == graph.dumps()


@pytest.mark.parametrize("id_", ["g", "graph", "inputs", "result", "if", "lambda", "print", "engine", "a_g", "a_graph"])
def test_nodes_may_have_any_id(id_: str) -> None:
    inner = Graph(nodes={id_: Node(type="Thing"), "a": Node(type="Thing", inputs={"x": f"{id_}.y"})})
    nodes = {id_: Node(type="Thing"), "a": Node(type="Subgraph", graph=inner, inputs={"x": f"{id_}.y"})}
    graph = Graph(nodes=nodes)
    names = executed(script(graph))
    assert names["graph"].dumps() == graph.dumps()
    assert "print" not in names


def test_the_script_reads_like_one_that_a_person_wrote() -> None:
    g = Graph.build("Sum")
    first = g.add("Number", id="first", value=1)
    g.output("sum", g.add("Add", id="sum", a=first.number, b=2).number)
    lines = script(g.graph()).splitlines()
    assert lines[4:8] == [
        "g = Graph.build('Sum')",
        "first = g.add('Number', id='first', value=1)",
        "sum = g.add('Add', id='sum', a=first.number, b=2)",
        "g.output('sum', sum.number)",
    ]


def test_a_circle_and_links_to_nothing_are_written_as_well() -> None:
    nodes = {"a": Node(type="Thing", inputs={"x": "b.y"}), "b": Node(type="Thing", inputs={"x": ("a.y", "c/d.e[1]")})}
    graph = Graph(nodes=nodes, outputs={"out": "nowhere.x"})
    assert executed(script(graph))["graph"].dumps() == graph.dumps()


def test_a_script_of_many_nodes_is_written_without_recursion() -> None:
    graph = Graph.load(chain(3 * sys.getrecursionlimit()))
    assert ast.parse(script(graph)).body


@given(graphs())
@examples(200)
def test_reading_a_script_gives_an_equal_document_without_running_it(graph: Graph) -> None:
    text = script(graph, {"a": [1, 1.0, None, -2.5]})
    document, inputs = unscript(text.encode())
    assert is_script(text.encode())
    assert Graph.load(document).dumps() == graph.dumps()
    assert repr(inputs) == repr({"a": [1, 1.0, None, -2.5]})


@pytest.mark.parametrize(
    "line",
    [
        "import os; graph = os.system('true')",
        "graph = __import__('os').system('true')",
        "graph = Graph.load('/etc/passwd')",
        "graph = Graph.build.__globals__",
        "g.__init__('x')",
        "g._place({}, 'a', None, {})",
        "graph = (lambda: 1)()",
        "graph = [Graph for x in ()]",
        "g.add('Thing', **{1: 2})",
        "g.add()",
        "g.add('Thing', id='a', x=a.y)",
        "graph = graph.model_copy(update={'name': 'x'})",
        "graph = graph.model_copy(update={'nodes': {}})",
        "graph = graph.model_copy(deep=True)",
        "graph = graph.save('/tmp/x')",
        "while True: pass",
        "inputs = {'a': b'x'}",
        "graph = " + "-" * 5_000 + "1",
        "graph = " + "(" * 500 + ")" * 500,
        "graph = " + "+".join("1" * 9_000),
        "x = 1 if (yield) else 2",
        "\0",
    ],
)
def test_a_script_of_another_kind_is_refused_and_not_run(line: str) -> None:
    with pytest.raises(GraphError):
        unscript(f"{FIRST_LINE}\ng = Graph.build('')\ngraph = g.graph()\n{line}\ngraph = g.graph()\n".encode())


def test_a_script_that_is_too_long_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(GraphError, match="bytes"):
        unscript(b" " * 2**27)
