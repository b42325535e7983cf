"""Documents that are refused: every problem is named, with its place and its mend."""

from pathlib import Path
from typing import Any

import pytest

from graphs import Graph, GraphError, Limits, Problem
from tests.graphs.documents import chain

Document = dict[str, Any]


def told(source: Any, limits: Limits | None = None) -> str:
    with pytest.raises(GraphError) as raised:
        Graph.load(source, limits=limits or Limits())
    assert all(problem.hint for problem in raised.value.problems)
    return str(raised.value)


def of(nodes: Document, **rest: Any) -> Document:
    return {"format": "promptograph/1", "nodes": nodes, **rest}


def _with(value: object) -> Document:
    return of({"a": {"type": "N", "params": {"x": value}}})


_ID = "node ids are like sampler_2: a small letter, then small letters, digits and _"
_LINK = "write node.port, sub/node.port or node.port[3]"
_TYPE = "node types are like Sampler or pack/Sampler"
_PORT = "ports are like text_encoder: letters, digits and _"
_GRAPH = "a Subgraph needs a graph, and no other node has one; name a library graph or embed one"

CASES: list[tuple[str, Document, str]] = [
    ("node id", of({"A": {"type": "N"}}), f"A: 'A' is not a node id; {_ID}"),
    ("node id with a path", of({"a/b": {"type": "N"}}), f"a/b: 'a/b' is not a node id; {_ID}"),
    ("type", of({"a": {"type": "n"}}), f"a: type: 'n' is not a node type; {_TYPE}"),
    ("no type", of({"a": {}}), "a: type: it is missing; add it"),
    ("a node that is no object", of({"a": 3}), "a: an object is expected, not 3; see graphs/schema.json"),
    ("link", of({"a": {"type": "N", "inputs": {"x": "b"}}}), f"a.x: 'b' is not a link; {_LINK}"),
    ("link in a list", of({"a": {"type": "N", "inputs": {"x": ["b.c", "d"]}}}), f"a.x: 'd' is not a link; {_LINK}"),
    ("a number for a link", of({"a": {"type": "N", "inputs": {"x": 3}}}), f"a.x: 3 is not a link; {_LINK}"),
    ("port", of({"a": {"type": "N", "params": {"x-y": 3}}}), f"a.x-y: 'x-y' is not a port; {_PORT}"),
    ("field", of({"a": {"type": "N", "parms": {}}}), "a: parms: unknown field; did you mean params or bypass?"),
    ("Subgraph without graph", of({"a": {"type": "Subgraph"}}), f"a: {_GRAPH}"),
    ("graph without Subgraph", of({"a": {"type": "N", "graph": "x"}}), f"a: {_GRAPH}"),
    (
        "library name",
        of({"a": {"type": "Subgraph", "graph": "../x"}}),
        "a: graph: '../x' is not a library name; library names are like text-to-image",
    ),
    (
        "inside a subgraph",
        of({"s": {"type": "Subgraph", "graph": of({"a": {"type": "N", "inputs": {"x": "b"}}})}}),
        f"s/a.x: 'b' is not a link; {_LINK}",
    ),
    (
        "ids named like fields",
        of({"graph": {"type": "Subgraph", "graph": of({"one": {"type": "N", "inputs": {"one": "b"}}})}}),
        f"graph/one.one: 'b' is not a link; {_LINK}",
    ),
    (
        "version",
        of({"a": {"type": "N", "version": 0}}),
        "a: version: input should be greater than or equal to 1, not 0; see graphs/schema.json",
    ),
    (
        "version as text",
        of({"a": {"type": "N", "version": "1"}}),
        "a: version: input should be a valid integer, not '1'; see graphs/schema.json",
    ),
    ("output", of({}, outputs={"o": "x"}), f"outputs.o: 'x' is not a link; {_LINK}"),
    (
        "public input",
        of({}, inputs={"i": {"to": ["a.b", "a.b[3]"]}}),
        "inputs.i.to.1: 'a.b[3]' is not a port of a node; write node.port or sub/node.port",
    ),
    ("unknown field", of({}, notes=1), "notes: unknown field; did you mean nodes or inputs or outputs?"),
    (
        "nodes in a list",
        {"format": "promptograph/1", "nodes": [1]},
        "nodes: an object is expected, not a list; see graphs/schema.json",
    ),
    (
        "a list for a title",
        of({"a": {"type": "N", "title": []}}),
        "a: title: input should be a valid string, not a list; see graphs/schema.json",
    ),
    ("no format", {"nodes": {}}, 'this is not a Promptograph graph; a graph starts with "format": "promptograph/1"'),
    (
        "NaN",
        _with(float("nan")),
        "a.x: nan is not a JSON number; give a finite number",
    ),
    (
        "a Python value",
        _with({1}),
        "a.x: a set is not JSON; give text, numbers, lists or dicts",
    ),
    (
        "a large number",
        _with(2**63),
        "a.x: the number overflows; whole numbers have 64 bits",
    ),
    ("NUL", _with("\0"), "a.x: a text holds the NUL character; remove it"),
    (
        "half a surrogate pair",
        _with("\ud800"),
        "a.x: a text holds half of a surrogate pair; write the whole character",
    ),
    (
        "a key that is no text",
        _with({3: 3}),
        "a.x: the key 3 is not text; JSON keys are text",
    ),
]


@pytest.mark.parametrize(("document", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_wrong_document_is_refused_in_one_line(document: Document, expected: str) -> None:
    assert told(document) == expected


def test_all_problems_are_reported_at_once() -> None:
    nodes: Document = {}
    for at, (_, document, _) in enumerate(CASES[:12]):
        nodes |= {f"{id_}{at}": node for id_, node in document["nodes"].items()}
    assert len(told(of(nodes, outputs={"o": "x"}, notes=1)).splitlines()) == 14


def test_a_value_that_holds_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert "a.x: it is nested too deep, holds itself" in told(_with(endless))


def test_a_value_that_doubles_at_each_level_is_refused() -> None:
    value: list[Any] = []
    for _ in range(50):
        value = [value, value]
    assert "too large" in told(_with(value), Limits(values=10_000))


def test_a_graph_with_too_many_nodes_or_links_is_refused() -> None:
    assert told(chain(100), Limits(nodes=99)) == "the graph has 100 nodes; at most 99 are run; split the graph"
    assert told(chain(100), Limits(links=98)) == "the graph has 99 links; at most 98 are run; split the graph"
    many = of({"a": {"type": "N", "inputs": {"x": ["b.c"] * 5}}})
    assert told(many, Limits(links=4)).startswith("the graph has 5 links")
    assert len(Graph.load(chain(100), limits=Limits(nodes=100, links=99)).nodes) == 100


def test_nodes_inside_subgraphs_count() -> None:
    document = of({"s": {"type": "Subgraph", "graph": chain(10)}})
    assert told(document, Limits(nodes=10)).startswith("the graph has 11 nodes")


def test_a_hundred_thousand_nodes_are_refused() -> None:
    nodes = ", ".join(f'"n{at}": {{"type": "N"}}' for at in range(100_000))
    data = f'{{"format": "promptograph/1", "nodes": {{{nodes}}}}}'.encode()
    assert told(data).startswith("the graph has 100,000 nodes; at most 50,000 are run")


def test_a_missing_file_or_name_is_refused(tmp_path: Path) -> None:
    assert "there is no file" in told(tmp_path / "no.json")
    assert "there is no file 'a\\x00b'" in told("a\0b")
    assert told("no-such-graph").startswith("'no-such-graph' is neither a file nor a library graph")
    assert told('{"format": 1}') == "text is not a path; pass JSON as bytes or as a dict"
    assert "cannot read" in told(tmp_path)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(2**40)
    assert "has more than 67,108,864 bytes" in told(path)


def test_an_error_lists_its_problems() -> None:
    two = (Problem("first", "a", "b", "mend"), Problem("second"))
    error = GraphError.of(two)
    assert (error.problems, str(error)) == (two, "a.b: first; mend\nsecond")
    assert GraphError("first", node="a", port="b", hint="mend").problems == two[:1]
