"""Pins in documents: read, saved, compared, written as a script, and cut out of a flat graph."""

from typing import Any

import pytest

from graphs import Graph, GraphError, pin
from graphs.diff import diff
from graphs.migrate import NodeMigration, Raw
from graphs.script import script

A, B = "a" * 64, "b" * 64
NODES: dict[str, Any] = {
    "one": {"type": "Number", "version": 1},
    "half": {"type": "Half", "version": 1, "params": {"by": 2}, "inputs": {"a": "one.number"}},
    "sum": {"type": "Add", "version": 1, "inputs": {"a": "half.number"}},
}


def graph(pinned: Any = None) -> Graph:
    half = {**NODES["half"], **({} if pinned is None else {"pin": pinned})}
    return Graph.load({"format": "promptograph/1", "nodes": {**NODES, "half": half}})


def test_a_pin_is_saved_as_it_was_read_and_a_document_without_one_does_not_change() -> None:
    pinned = graph({"number": A, "many": [A, B]})
    assert Graph.load(pinned.dumps().encode()) == pinned
    assert f'"pin": {{\n        "many": [\n          "{A}"' in pinned.dumps()
    assert "pin" not in graph().dumps()


@pytest.mark.parametrize("wrong", ["A" * 64, "../../secret", ["x"], 3, {"a": A}])
def test_what_is_no_digest_is_refused_with_its_place(wrong: Any) -> None:
    with pytest.raises(GraphError) as error:
        graph({"number": wrong})
    assert (error.value.problems[0].node, error.value.problems[0].port) == ("half", "number")


def test_pinning_and_unpinning_are_changes() -> None:
    found = diff(graph(), graph({"number": A}))
    assert found.meaningful
    assert found.lines() == [f'+ half pin: {{"number": "{A}"}}']
    assert diff(graph({"number": A}), graph({"number": [A]}))


def test_a_script_builds_the_pinned_graph() -> None:
    pinned = graph({"number": A, "many": [A, B]})
    made: dict[str, Any] = {"__name__": "written"}
    exec(script(pinned), made)
    assert made["graph"] == pinned


def test_a_migration_that_renames_an_output_renames_it_in_the_pin() -> None:
    step = NodeMigration(to=2, outputs={"number": "whole"})
    document = {"format": "promptograph/1", "nodes": {"half": {"type": "Half", "version": 1, "pin": {"number": A}}}}
    moved = Graph.load(document, migrations={"Half": (step,)})
    assert moved.nodes["half"].pin == {"whole": A}


def test_a_pinned_node_is_cut_off_and_what_only_it_needs_is_not_asked_for() -> None:
    pinned = graph({"number": A})
    cut = pin.cut(pinned)
    assert (dict(cut.nodes["half"].inputs), dict(cut.nodes["half"].params)) == ({}, {})
    assert cut.nodes["sum"] == pinned.nodes["sum"]
    assert pin.cut(graph()) == graph()
    assert pin.asked(pinned) == ["half", "sum"]
    assert pin.asked(graph()) == ["one", "half", "sum"]


def test_the_digests_of_a_document_are_found_inside_subgraphs_too() -> None:
    inner: Raw = {"format": "promptograph/1", "nodes": {"half": {"type": "Half", "pin": {"number": [A, B]}}}}
    outer: Raw = {"nodes": {"sub": {"type": "Subgraph", "graph": inner}, "x": {"type": "Number", "pin": {"number": A}}}}
    assert sorted(pin.digests(outer)) == [A, A, B]


def test_a_subgraph_cannot_be_pinned_and_the_sentence_says_what_can() -> None:
    inner = {"format": "promptograph/1", "nodes": {"half": {"type": "Half"}}, "outputs": {"n": "half.number"}}
    whole = {"format": "promptograph/1", "nodes": {"sub": {"type": "Subgraph", "graph": inner, "pin": {"n": A}}}}
    with pytest.raises(GraphError, match=r"sub: a Subgraph cannot be pinned; unpin it, and pin the node inside"):
        Graph.load(whole).flat()
