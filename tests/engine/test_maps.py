"""A list on a port that wants one item runs the node for each: zipped, streamed, cached and failing item by item."""

import threading
import time
from typing import Any

import pytest

from engine import Cache, catalog, node
from engine import events as happenings
from engine.events import Event
from graphs import Graph
from tests.engine.toys import Bench, bench, document, story

NUMBERS = {"type": "Numbers", "params": {"count": 4}}


def outputs(nodes: dict[str, Any], **wanted: str) -> dict[str, Any]:
    result = bench().engine().run(document(nodes, outputs=wanted))
    assert result.status == "done", result.failures
    return dict(result.outputs)


def test_a_node_is_run_for_each_item_and_gives_a_list_in_order() -> None:
    nodes = {"n": NUMBERS, "a": {"type": "Add", "inputs": {"a": "n.numbers"}, "params": {"b": 10}}}
    assert outputs(nodes, out="a.number", third="a.number[2]") == {"out": [10, 11, 12, 13], "third": 12}


def test_maps_follow_one_another_and_a_list_port_takes_the_whole() -> None:
    nodes = {
        "n": NUMBERS,
        "a": {"type": "Add", "inputs": {"a": "n.numbers"}},
        "b": {"type": "Add", "inputs": {"a": "a.number"}},
        "t": {"type": "Total", "inputs": {"numbers": "b.number"}},
    }
    assert outputs(nodes, b="b.number", t="t.number") == {"b": [2, 3, 4, 5], "t": 14}


def test_several_lists_are_zipped() -> None:
    nodes = {
        "n": NUMBERS,
        "m": {"type": "Numbers", "params": {"count": 4, "start": 100}},
        "a": {"type": "Add", "inputs": {"a": "n.numbers", "b": "m.numbers"}},
    }
    assert outputs(nodes, out="a.number") == {"out": [100, 102, 104, 106]}


def test_a_list_and_a_single_value_go_together() -> None:
    nodes = {
        "n": NUMBERS,
        "one": {"type": "Number", "params": {"value": 7}},
        "a": {"type": "Add", "inputs": {"a": "n.numbers", "b": "one.number"}},
        "c": {"type": "Add", "inputs": {"a": "a.number", "b": "n.numbers[3]"}},
    }
    assert outputs(nodes, out="c.number") == {"out": [10, 11, 12, 13]}


def test_a_map_of_a_node_with_several_outputs_gives_a_list_of_each() -> None:
    nodes = {"n": NUMBERS, "d": {"type": "Divide", "inputs": {"a": "n.numbers"}, "params": {"b": 3}}}
    assert outputs(nodes, whole="d.whole", rest="d.rest") == {"whole": [0, 0, 0, 1], "rest": [0, 1, 2, 0]}


def test_an_empty_list_gives_an_empty_list_all_the_way_down() -> None:
    nodes = {
        "n": {"type": "Numbers", "params": {"count": 0}},
        "a": {"type": "Add", "inputs": {"a": "n.numbers"}},
        "b": {"type": "Add", "inputs": {"a": "a.number"}},
        "t": {"type": "Total", "inputs": {"numbers": "b.number"}},
    }
    assert outputs(nodes, b="b.number", t="t.number") == {"b": [], "t": 0}


def test_a_list_of_links_collects_single_values_lists_and_items() -> None:
    nodes = {
        "n": NUMBERS,
        "one": {"type": "Number", "params": {"value": 100}},
        "a": {"type": "Add", "inputs": {"a": "n.numbers"}},
        "t": {"type": "Total", "inputs": {"numbers": ["one.number", "n.numbers", "a.number[0]", "a.number"]}},
    }
    assert outputs(nodes, t="t.number") == {"t": 100 + 6 + 1 + 10}


def test_a_single_value_on_a_list_port_is_a_list_of_one() -> None:
    nodes = {"n": {"type": "Number", "params": {"value": 5}}, "t": {"type": "Total", "inputs": {"numbers": "n.number"}}}
    assert outputs(nodes, t="t.number") == {"t": 5}


def test_a_json_list_in_a_param_does_not_map() -> None:
    assert outputs({"t": {"type": "Total", "params": {"numbers": [1, 2, 3]}}}, t="t.number") == {"t": 6}


def test_lists_of_different_lengths_fail_the_node_by_name_and_block_what_follows() -> None:
    result = (
        bench()
        .engine()
        .run(
            document(
                {
                    "n": NUMBERS,
                    "m": {"type": "Numbers", "params": {"count": 3}},
                    "a": {"type": "Add", "inputs": {"a": "n.numbers", "b": "m.numbers"}},
                    "b": {"type": "Add", "inputs": {"a": "a.number"}},
                    "t": {"type": "Total", "inputs": {"numbers": "n.numbers"}},
                }
            )
        )
    )
    assert (result.status, sorted(result.nodes.ran), result.nodes.failed, result.nodes.blocked) == (
        "failed",
        ["m", "n", "t"],
        ["a"],
        ["b"],
    )
    (failure,) = result.failures
    assert failure.message == "lists of different lengths cannot be mapped over together: a has 4 and b has 3 items"
    assert failure.blame == "input"


def test_picking_an_item_that_is_not_there_fails_the_node_by_name() -> None:
    result = (
        bench()
        .engine()
        .run(
            document(
                {"n": NUMBERS, "a": {"type": "Add", "inputs": {"a": "n.numbers[4]"}}}, outputs={"out": "n.numbers[9]"}
            ),
            targets=["a.number", "n.numbers[3]"],
        )
    )
    (failure,) = result.failures
    assert failure.message == "n.numbers[4] picks item 4 of a list of 4; items count from 0"
    assert result.outputs["n.numbers[3]"] == 3


def test_reading_an_output_that_picks_an_item_that_is_not_there_raises_node_failed() -> None:
    from engine import NodeFailed

    result = bench().engine().run(document({"n": NUMBERS}, outputs={"out": "n.numbers[4]", "fine": "n.numbers[0]"}))
    assert (result.status, result.outputs["fine"]) == ("done", 0)
    with pytest.raises(NodeFailed, match=r"n\.numbers\[4\] was not made: the list has 4 items"):
        result.outputs["out"]


def test_each_item_is_an_action_of_its_own_in_the_cache() -> None:
    tools = bench()
    engine = tools.engine()

    def graph(count: int, start: int) -> Graph:
        return document(
            {
                "n": {"type": "Numbers", "params": {"count": count, "start": start}},
                "a": {"type": "Add", "inputs": {"a": "n.numbers"}},
            },
            outputs={"out": "a.number"},
        )

    engine.run(graph(4, 0))
    tools.tally.clear()
    events: list[Event] = []
    result = engine.run(graph(5, 2), on_event=events.append)
    assert (result.outputs["out"], tools.tally.counts) == ([3, 4, 5, 6, 7], {"Numbers": 1, "Add": 3})
    assert sorted((event.item, event.tier) for event in events if isinstance(event, happenings.ItemFinished)) == [
        (0, "memory"),
        (1, "memory"),
        (2, None),
        (3, None),
        (4, None),
    ]
    (finished,) = [event for event in events if isinstance(event, happenings.NodeFinished) and event.node == "a"]
    assert (finished.ran, finished.cached, finished.peak, finished.summaries) == (3, 2, None, {})
    assert engine.run(graph(3, 3)).nodes.cached == ["a"]


def test_a_map_and_single_nodes_with_the_same_content_share_their_actions() -> None:
    tools = bench()
    engine = tools.engine()
    engine.run(document({"a": {"type": "Add", "params": {"a": 2}}, "n": {"type": "Number", "params": {"value": 2}}}))
    tools.tally.clear()
    engine.run(
        document({"n": {"type": "Number", "params": {"value": 2}}, "b": {"type": "Add", "inputs": {"a": "n.number"}}})
    )
    tools.tally.clear()
    engine.run(document({"m": NUMBERS, "b": {"type": "Add", "inputs": {"a": "m.numbers"}}}))
    assert tools.tally.counts == {"Numbers": 1, "Add": 3}


def test_equal_items_of_one_map_are_computed_once() -> None:
    tools = bench()
    halves = {"n": {"type": "Numbers", "params": {"count": 8}}, "h": {"type": "Half", "inputs": {"a": "n.numbers"}}}
    result = tools.engine().run(
        document({**halves, "s": {"type": "Slow", "inputs": {"a": "h.number"}}}, outputs={"out": "s.number"})
    )
    assert (result.outputs["out"], tools.tally.counts["Slow"]) == ([0, 0, 1, 1, 2, 2, 3, 3], 4)


def _gated() -> tuple[Bench, threading.Event]:
    """Make a node that holds the last item back until the first has gone on to the next map."""
    first_went_on = threading.Event()

    @node("Gate", lane="io")
    def gate(a: int, last: int) -> int:
        """Hold one item back."""
        if a == last and not first_went_on.wait(10):
            raise ValueError("the first item did not go on")
        return a

    @node("After", lane="io")
    def after(a: int) -> int:
        """Go on."""
        if a == 0:
            first_went_on.set()
        return a * 2

    return bench().with_nodes(gate, after), first_went_on


def test_items_stream_from_map_to_map_without_waiting_for_the_whole_list() -> None:
    tools, _ = _gated()
    nodes = {
        "n": NUMBERS,
        "g": {"type": "Gate", "inputs": {"a": "n.numbers"}, "params": {"last": 3}},
        "f": {"type": "After", "inputs": {"a": "g.number"}},
    }
    events: list[Event] = []
    result = tools.engine().run(document(nodes, outputs={"out": "f.number"}), on_event=events.append)
    assert (result.status, result.outputs["out"]) == ("done", [0, 2, 4, 6])
    order = [(event.node, event.item) for event in events if isinstance(event, happenings.ItemFinished)]
    assert order.index(("f", 0)) < order.index(("g", 3))


def test_one_failed_item_fails_the_node_blocks_its_own_item_and_lets_the_others_go_on() -> None:
    tools = bench()
    nodes = {
        "n": NUMBERS,
        "f": {"type": "FailAt", "inputs": {"a": "n.numbers"}, "params": {"at": 2}},
        "a": {"type": "Add", "inputs": {"a": "f.number"}},
        "t": {"type": "Total", "inputs": {"numbers": "a.number"}},
        "one": {"type": "Add", "inputs": {"a": "f.number[0]"}},
    }
    events: list[Event] = []
    result = tools.engine().run(document(nodes), on_event=events.append)
    assert (result.status, result.nodes.ran, result.nodes.failed) == ("failed", ["n"], ["f"])
    assert sorted(result.nodes.blocked) == ["a", "one", "t"]
    (failure,) = result.failures
    assert (failure.node, failure.item, failure.message) == ("f", 2, "ValueError: no 2, please")
    assert sorted(arguments for name, arguments in tools.tally.calls if name == "Add") == [(0, 1), (1, 1), (3, 1)]
    blocked = [(event.node, event.by) for event in events if isinstance(event, happenings.NodeBlocked)]
    assert sorted(blocked) == [("a", "f"), ("one", "f"), ("t", "a")]


def test_the_items_that_were_done_are_found_when_the_failed_one_is_mended() -> None:
    tools = bench()
    engine = tools.engine()
    tried: list[int] = []

    @node()
    def flaky(a: int) -> int:
        """Fail once, for one item."""
        tried.append(a)
        if a == 2 and tried.count(2) == 1:
            raise ValueError("not yet")
        return a

    engine = tools.with_nodes(flaky).engine()
    graph = document({"n": NUMBERS, "f": {"type": "Flaky", "inputs": {"a": "n.numbers"}}}, outputs={"out": "f.number"})
    assert engine.run(graph).status == "failed"
    assert (engine.run(graph).outputs["out"], sorted(tried)) == ([0, 1, 2, 3], [0, 1, 2, 2, 3])


def test_a_map_whose_items_all_failed_before_it_could_begin_is_blocked_once() -> None:
    tools = bench()
    nodes = {
        "n": NUMBERS,
        "f": {"type": "Fail", "inputs": {"a": "n.numbers"}},
        "s": {"type": "Slow", "params": {"seconds": 0.2}},
        "a": {"type": "Add", "inputs": {"a": "f.number", "b": "s.number"}},
        "b": {"type": "Add", "inputs": {"a": "a.number"}},
    }
    events: list[Event] = []
    result = tools.engine().run(document(nodes), on_event=events.append)
    assert (result.nodes.failed, sorted(result.nodes.blocked)) == (["f"], ["a", "b"])
    assert sorted(event.node for event in events if isinstance(event, happenings.NodeBlocked)) == ["a", "b"]


def test_a_mapped_node_starts_once_and_finishes_once_with_counts() -> None:
    nodes = {"n": NUMBERS, "a": {"type": "Add", "inputs": {"a": "n.numbers"}}}
    events: list[Event] = []
    bench().engine().run(document(nodes), on_event=events.append)
    told = [one for one in story(events) if one[1] == "a"]
    assert (told[0], told[-1], told.count(("item_finished", "a"))) == (("node_started", "a"), ("node_finished", "a"), 4)
    assert len(told) == 6
    (started,) = [event for event in events if isinstance(event, happenings.NodeStarted) and event.node == "a"]
    assert started.items == 4


def test_a_map_that_makes_too_many_calls_is_refused_before_it_makes_them() -> None:
    tools = bench()
    started = time.monotonic()
    result = tools.engine().run(
        document(
            {
                "n": {"type": "Numbers", "params": {"count": 50_001}},
                "a": {"type": "Add", "inputs": {"a": "n.numbers"}},
            }
        )
    )
    assert (result.nodes.failed, tools.tally.counts) == (["a"], {"Numbers": 1})
    assert result.failures[0].message == "the maps make more than 50000 calls; map over shorter lists"
    assert time.monotonic() - started < 60


def test_a_mapped_node_that_is_not_pure_runs_for_each_item_every_time() -> None:
    tools = bench()

    @node(pure=False)
    def roll(a: int) -> int:
        """Count."""
        tools.tally.note("Roll", a)
        return a

    engine = tools.with_nodes(roll).engine()
    graph = document({"n": NUMBERS, "r": {"type": "Roll", "inputs": {"a": "n.numbers"}}})
    engine.run(graph)
    engine.run(graph)
    assert tools.tally.counts["Roll"] == 8


def test_mapped_lists_outlive_the_process_item_by_item(tmp_path: Any) -> None:
    tools = bench()
    graph = document(
        {"n": NUMBERS, "a": {"type": "Add", "inputs": {"a": "n.numbers"}}},
        outputs={"out": "a.number", "n": "n.numbers"},
    )
    for _ in range(2):
        engine = tools.engine(cache=Cache(tmp_path))
        assert dict(engine.run(graph).outputs) == {"out": [1, 2, 3, 4], "n": [0, 1, 2, 3]}
        engine.close()
    assert tools.tally.counts == {"Numbers": 1, "Add": 4}
    assert catalog([]).nodes == {}
