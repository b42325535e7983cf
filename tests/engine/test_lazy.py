"""Lazy inputs: only what a call asks for is computed, and only that is in its key."""

from typing import Any

import pytest

from engine import Lazy, NodeFailed, node
from engine import events as happenings
from engine.events import Event
from graphs import Graph
from tests.engine.toys import Bench, bench, document


def choosing(which: str, a: dict[str, Any], b: dict[str, Any], **more: Any) -> Graph:
    return document(
        {
            "x": a,
            "y": b,
            "c": {"type": "Choose", "params": {"which": which}, "inputs": {"a": "x.number", "b": "y.number"}},
            "after": {"type": "Add", "inputs": {"a": "c.number"}},
            **more,
        },
        outputs={"out": "after.number"},
    )


ONE, TWO, FAIL = (
    {"type": "Number", "params": {"value": 1}},
    {"type": "Number", "params": {"value": 2}},
    {"type": "Fail"},
)


def test_a_branch_that_is_not_needed_never_runs_even_if_it_would_fail() -> None:
    tools = bench()
    result = tools.engine().run(choosing("a", ONE, FAIL))
    assert (result.status, result.outputs["out"]) == ("done", 2)
    assert tools.tally.counts == {"Number": 1, "Choose": 1, "Add": 1}
    assert (result.nodes.ran, result.nodes.failed, result.nodes.blocked) == (["x", "c", "after"], [], [])


def test_the_branch_that_is_needed_blocks_if_it_fails() -> None:
    events: list[Event] = []
    result = bench().engine().run(choosing("b", ONE, FAIL), on_event=events.append)
    assert (result.status, result.nodes.failed, result.nodes.blocked) == ("failed", ["y"], ["c", "after"])
    with pytest.raises(NodeFailed, match="blocked by c"):
        result.outputs["out"]
    blocked = [(event.node, event.by) for event in events if isinstance(event, happenings.NodeBlocked)]
    assert blocked == [("c", "y"), ("after", "c")]


def test_changing_the_branch_that_is_not_needed_runs_nothing() -> None:
    tools = bench()
    engine = tools.engine()
    engine.run(choosing("a", ONE, TWO))
    tools.tally.clear()
    result = engine.run(choosing("a", ONE, {"type": "Number", "params": {"value": 99}}))
    assert (result.nodes.ran, result.nodes.cached, tools.tally.calls) == ([], ["x", "c", "after"], [])


def test_changing_the_branch_that_is_needed_runs_what_follows() -> None:
    tools = bench()
    engine = tools.engine()
    engine.run(choosing("a", ONE, TWO))
    result = engine.run(choosing("a", {"type": "Number", "params": {"value": 5}}, TWO))
    assert (result.nodes.ran, result.outputs["out"]) == (["x", "c", "after"], 6)


def test_a_lazy_input_may_be_a_param() -> None:
    tools = bench()
    graph = document({"c": {"type": "Choose", "params": {"which": "b", "b": 7}}}, outputs={"out": "c.number"})
    assert tools.engine().run(graph).outputs["out"] == 7


def test_the_choice_may_be_computed_and_is_made_anew_when_it_changes() -> None:
    tools = bench()
    engine = tools.engine()

    def graph(at: int) -> Graph:
        wired = choosing("a", ONE, TWO, w={"type": "Letter", "params": {"at": at}})
        choose = wired.nodes["c"].model_copy(
            update={"inputs": {"which": "w.text", "a": "x.number", "b": "y.number"}, "params": {}}
        )
        return wired.model_copy(update={"nodes": {**wired.nodes, "c": choose}})

    assert (engine.run(graph(0)).outputs["out"], tools.tally.counts["Number"]) == (2, 1)
    assert (engine.run(graph(1)).outputs["out"], tools.tally.counts["Number"]) == (3, 2)


def test_lazy_inputs_may_be_nested_and_only_the_path_that_is_taken_runs() -> None:
    tools = bench()
    nodes: dict[str, Any] = {"leaf": {"type": "Number", "params": {"value": 5}}, "bad": FAIL}
    before = "leaf"
    for depth in range(6):
        nodes[f"c{depth}"] = {
            "type": "Choose",
            "params": {"which": "b"},
            "inputs": {"a": "bad.number", "b": f"{before}.number"},
        }
        before = f"c{depth}"
    result = tools.engine().run(document(nodes, outputs={"out": f"{before}.number"}))
    assert (result.outputs["out"], tools.tally.counts) == (5, {"Number": 1, "Choose": 1})  # they are equal


def test_a_chain_of_two_thousand_lazy_nodes_runs_without_recursion() -> None:
    nodes: dict[str, Any] = {"c0": {"type": "Number", "params": {"value": 5}}}
    for at in range(1, 2_000):
        nodes[f"c{at}"] = {"type": "Choose", "params": {"which": "a"}, "inputs": {"a": f"c{at - 1}.number"}}
    assert bench().engine().run(document(nodes, outputs={"out": "c1999.number"})).outputs["out"] == 5


def test_a_branch_that_another_node_needs_strictly_is_shared() -> None:
    tools = bench()
    graph = choosing("b", ONE, TWO, also={"type": "Add", "inputs": {"a": "y.number"}, "params": {"b": 40}})
    result = tools.engine().run(graph, targets=["after.number", "also.number"])
    assert dict(result.outputs) == {"after.number": 3, "also.number": 42}
    assert tools.tally.counts == {"Number": 1, "Choose": 1, "Add": 2}


def test_two_nodes_may_ask_for_the_same_branch() -> None:
    tools = bench()
    more = {"d": {"type": "Choose", "params": {"which": "a"}, "inputs": {"a": "y.number"}}}
    result = tools.engine().run(choosing("b", ONE, TWO, **more), targets=["c.number", "d.number"])
    assert (dict(result.outputs), tools.tally.counts["Number"]) == ({"c.number": 2, "d.number": 2}, 1)


def test_a_map_chooses_for_each_item() -> None:
    tools = bench()
    nodes = {
        "n": {"type": "Numbers", "params": {"count": 2}},
        "w": {"type": "Letter", "inputs": {"at": "n.numbers"}},
        "x": {"type": "Number", "params": {"value": 10}},
        "y": {"type": "Number", "params": {"value": 20}},
        "c": {"type": "Choose", "inputs": {"which": "w.text", "a": "x.number", "b": "y.number"}},
    }
    assert tools.engine().run(document(nodes, outputs={"out": "c.number"})).outputs["out"] == [10, 20]


def test_a_map_that_needs_a_failing_branch_for_one_item_blocks_that_item_only() -> None:
    tools = bench()
    nodes = {
        "n": {"type": "Numbers", "params": {"count": 3}},
        "w": {"type": "Letter", "inputs": {"at": "n.numbers"}},
        "c": {"type": "Choose", "inputs": {"which": "w.text", "b": "f.number"}, "params": {"a": 1}},
        "f": FAIL,
        "a": {"type": "Add", "inputs": {"a": "c.number"}},
    }
    result = tools.engine().run(document(nodes, outputs={"out": "a.number"}))
    assert (result.nodes.failed, result.nodes.blocked) == (["f"], ["c", "a"])
    assert (tools.tally.counts["Choose"], tools.tally.counts["Add"]) == (2, 2)


def _with_gate() -> Bench:
    @node(needs=lambda first, second: ["third"] if first > second else [])
    def gate(first: int, second: int, third: Lazy[int] = -1) -> int:  # type: ignore[assignment]
        """Give the third if the first is greater than the second."""
        return third  # type: ignore[return-value]

    @node()
    def all_of(a: Lazy[int] = 0, b: Lazy[int] = 0) -> int:  # type: ignore[assignment]
        """Want all lazy inputs, there being no rule."""
        return a + b  # type: ignore[operator,no-any-return]

    @node(needs=lambda wrong: [wrong])
    def confused(wrong: str, a: Lazy[int] = 3) -> int:  # type: ignore[assignment]
        """Ask for what is not there."""
        return a  # type: ignore[return-value]

    @node(needs=lambda a: 1 // a)
    def broken(a: int, b: Lazy[int] = 0) -> int:  # type: ignore[assignment]
        """Have a rule that breaks."""
        return a

    return bench().with_nodes(gate, all_of, confused, broken)


@pytest.mark.parametrize(("first", "given"), [(2, 42), (0, -1)])
def test_a_rule_sees_the_params_and_the_values_that_it_names(first: int, given: int) -> None:
    nodes = {
        "one": ONE,
        "third": {"type": "Number", "params": {"value": 42}},
        "g": {"type": "Gate", "params": {"first": first}, "inputs": {"second": "one.number", "third": "third.number"}},
    }
    assert _with_gate().engine().run(document(nodes, outputs={"out": "g.number"})).outputs["out"] == given


def test_without_a_rule_all_lazy_inputs_are_wanted() -> None:
    nodes = {"x": ONE, "y": TWO, "a": {"type": "AllOf", "inputs": {"a": "x.number", "b": "y.number"}}}
    assert _with_gate().engine().run(document(nodes, outputs={"out": "a.number"})).outputs["out"] == 3


def test_a_rule_that_asks_for_what_is_no_lazy_input_gets_the_default() -> None:
    nodes = {"x": ONE, "c": {"type": "Confused", "params": {"wrong": "nonsense"}, "inputs": {"a": "x.number"}}}
    result = _with_gate().engine().run(document(nodes, outputs={"out": "c.number"}))
    assert (result.status, result.outputs["out"]) == ("done", 3)


def test_a_rule_that_breaks_fails_its_node_and_the_run_goes_on() -> None:
    nodes = {"b": {"type": "Broken", "params": {"a": 0}}, "x": ONE, "y": {"type": "Add", "inputs": {"a": "b.number"}}}
    result = _with_gate().engine().run(document(nodes))
    assert (result.status, result.nodes.ran, result.nodes.failed, result.nodes.blocked) == (
        "failed",
        ["x"],
        ["b"],
        ["y"],
    )
    assert result.failures[0].message == "ZeroDivisionError: integer division or modulo by zero"
