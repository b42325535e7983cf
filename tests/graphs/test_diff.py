"""The structural diff: nothing for equal graphs, and each single edit."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given

from graphs import Change, Diff, Graph, NodeDiff, diff
from tests.graphs.documents import examples, graphs

Document = dict[str, Any]


def small() -> Document:
    return {
        "format": "promptograph/1",
        "name": "Small",
        "nodes": {
            "a": {"type": "A", "params": {"x": 1, "y": [1]}, "inputs": {"z": "b.out"}},
            "b": {"type": "B"},
            "s": {
                "type": "Subgraph",
                "graph": {"format": "promptograph/1", "nodes": {"i": {"type": "I", "title": "Old"}}},
            },
        },
        "inputs": {"in": {"to": ["a.x"]}},
        "outputs": {"out": "a.out"},
        "ui": {"positions": {"a": [0, 0]}},
    }


def edited(edit: Callable[[Document], object]) -> Diff:
    document = small()
    edit(document)
    return diff(Graph.load(small()), Graph.load(document))


INSIDE = {"format": "promptograph/1", "nodes": {"i": {"title": "Old", "type": "I", "version": 1}}}


def inside(document: Document) -> Document:
    nodes: Document = document["nodes"]["s"]["graph"]["nodes"]
    return nodes


EDITS: list[tuple[Callable[[Document], object], str]] = [
    (lambda d: d.update(name="Other"), '~ name: "Small" -> "Other"'),
    (lambda d: d.pop("name"), '- name: "Small"'),
    (lambda d: d["nodes"].update(c={"type": "C"}), "+ c (C)"),
    (lambda d: d["nodes"].pop("b"), "- b (B)"),
    (lambda d: d["nodes"]["b"].update(type="C"), '~ b type: "B" -> "C"'),
    (lambda d: d["nodes"]["b"].update(version=2), "~ b version: 1 -> 2"),
    (lambda d: d["nodes"]["b"].update(title="T"), '+ b title: "T"'),
    (lambda d: d["nodes"]["a"]["params"].update(x=2), "~ a.x: 1 -> 2"),
    (lambda d: d["nodes"]["a"]["params"].update(x=1.0), "~ a.x: 1 -> 1.0"),
    (lambda d: d["nodes"]["a"]["params"].update(y=[True]), "~ a.y: [1] -> [true]"),
    (lambda d: d["nodes"]["a"]["params"].update(w=None), "+ a.w: null"),
    (lambda d: d["nodes"]["a"]["params"].pop("x"), "- a.x: 1"),
    (lambda d: d["nodes"]["a"]["inputs"].update(z="b.other"), '~ a.z link: "b.out" -> "b.other"'),
    (lambda d: d["nodes"]["a"]["inputs"].update(z=["b.out"]), '~ a.z link: "b.out" -> ["b.out"]'),
    (lambda d: d["nodes"]["a"]["inputs"].pop("z"), '- a.z link: "b.out"'),
    (lambda d: inside(d)["i"].update(title="New"), '~ s/i title: "Old" -> "New"'),
    (lambda d: d["nodes"]["s"].update(graph="shared"), f'~ s graph: {json.dumps(INSIDE)[:77]}... -> "shared"'),
    (lambda d: d["inputs"]["in"].update(title="T"), '~ input in: {"to": ["a.x"]} -> {"title": "T", "to": ["a.x"]}'),
    (lambda d: d["outputs"].update(more="b.out"), '+ output more: "b.out"'),
    (lambda d: d["ui"].update(notes=[]), "~ layout only"),
]


@pytest.mark.parametrize(("edit", "line"), EDITS, ids=[line[:30] for _, line in EDITS])
def test_each_single_edit_is_found_and_nothing_else(edit: Callable[[Document], object], line: str) -> None:
    found = edited(edit)
    assert (bool(found), found.lines()) == (True, [line])


def test_layout_stands_apart() -> None:
    found = edited(lambda d: d.pop("ui"))
    assert (found, found.meaningful) == (Diff(layout=True), False)
    both = edited(lambda d: (d.pop("ui"), d.update(name="Other")))
    assert (both.lines(), both.meaningful) == (['~ name: "Small" -> "Other"', "~ layout"], True)


def test_a_diff_is_json() -> None:
    found = edited(lambda d: d["nodes"]["a"]["params"].update(x=2, n=None))
    assert Diff.model_validate_json(found.model_dump_json()) == found
    assert found.changed == {
        "a": NodeDiff(params={"n": Change(kind="added"), "x": Change(kind="changed", old=1, new=2)}),
    }


@given(graphs())
@examples(30)
def test_a_graph_does_not_differ_from_itself(graph: Graph) -> None:
    found = diff(graph, Graph.load(graph.dumps().encode()))
    assert (found, bool(found), found.lines()) == (Diff(), False, [])


@given(graphs(), graphs())
@examples(30)
def test_two_graphs_differ_exactly_if_their_texts_do(old: Graph, new: Graph) -> None:
    there, back = diff(old, new), diff(new, old)
    assert bool(there) == bool(back) == bool(there.lines()) == (old.dumps() != new.dumps())
    assert (there.added, there.removed) == (back.removed, back.added)
