"""The Python face of the engine: what a run gives, what it finds known, and what it computes once."""

import asyncio
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engine import Blob, Cache, Cancel, Engine, InputError, NodeFailed, SpecError, Stored, ValueType, catalog, node
from engine import events as happenings
from engine.events import Event
from graphs import Graph, GraphError, Link
from tests.engine.toys import BYTES, Bytes, Tally, arithmetic, bench, chain, document, fan, state_events, story


@node()
def add(a: int, b: int = 1) -> int:
    """Add two numbers."""
    return a + b


def test_a_graph_is_built_run_and_read_as_the_contract_says(cache_folder: Path) -> None:
    g = Graph.build("Mine")
    two = g.add("Add", a=1, id="two")
    four = g.add("Add", a=two.number, b=two.number)
    g.input("start", "two.a")
    g.output("four", four.number)
    events: list[Event] = []

    engine = Engine(catalog([add]), cache=Cache(cache_folder, memory="2GB", disk="20GB"))
    result = engine.run(g.graph(), {"start": 4}, on_event=events.append)
    assert (result.status, result.outputs["four"], dict(result.outputs)) == ("done", 10, {"four": 10})
    assert (result.nodes.ran, result.nodes.cached, result.nodes.failed, result.nodes.blocked) == (
        ["two", "add_1"],
        [],
        [],
        [],
    )
    assert 0 < result.seconds < 60
    assert result.failures == []
    assert story(events) == [
        ("run_started", None),
        ("node_started", "two"),
        ("node_finished", "two"),
        ("node_started", "add_1"),
        ("node_finished", "add_1"),
        ("run_finished", None),
    ]
    engine.close()


def test_reading_an_output_that_failed_or_was_blocked_raises_node_failed_and_the_others_can_be_read() -> None:
    result = (
        bench()
        .engine()
        .run(
            document(
                {
                    "f": {"type": "Fail"},
                    "b": {"type": "Add", "inputs": {"a": "f.number"}},
                    "n": {"type": "Number", "params": {"value": 3}},
                },
                outputs={"failed": "f.number", "blocked": "b.number", "fine": "n.number"},
            )
        )
    )
    assert (result.status, list(result.outputs), result.outputs["fine"]) == ("failed", ["failed", "blocked", "fine"], 3)
    with pytest.raises(NodeFailed, match=r"f\.number was not made: f failed"):
        result.outputs["failed"]
    with pytest.raises(NodeFailed, match=r"b\.number was not made: b was blocked by f"):
        result.outputs["blocked"]
    with pytest.raises(KeyError):
        result.outputs["unknown"]


def test_several_outputs_of_one_node_have_names_of_their_own() -> None:
    nodes = {
        "d": {"type": "Divide", "params": {"a": 17, "b": 5}},
        "s": {"type": "Add", "inputs": {"a": "d.whole", "b": "d.rest"}},
    }
    result = bench().engine().run(document(nodes, outputs={"w": "d.whole", "r": "d.rest", "s": "s.number"}))
    assert dict(result.outputs) == {"w": 3, "r": 2, "s": 5}


def test_outputs_can_be_read_in_stored_form_and_by_digest() -> None:
    nodes = {"n": {"type": "Number", "params": {"value": 3}}, "m": {"type": "Numbers", "params": {"count": 2}}}
    outputs = bench().engine().run(document(nodes, outputs={"n": "n.number", "m": "m.numbers"})).outputs
    assert outputs.stored("n") == [Stored("int", 3)]
    assert outputs.stored("m") == [Stored("int", 0), Stored("int", 1)]
    assert (isinstance(outputs.ref("n"), str), len(outputs.ref("m"))) == (True, 2)


def test_a_whole_number_wired_to_a_number_port_arrives_as_a_float() -> None:
    @node()
    def scale(a: float) -> str:
        """Say what arrived."""
        return repr(a)

    engine = Engine(catalog([add, scale]))
    graph = document(
        {"n": {"type": "Add", "params": {"a": 1}}, "s": {"type": "Scale", "inputs": {"a": "n.number"}}},
        outputs={"text": "s.text"},
    )
    assert engine.run(graph).outputs["text"] == "2.0"


# Public inputs, targets, subgraphs


def test_inputs_set_public_inputs_and_ports_and_leave_the_graph_alone() -> None:
    engine = bench().engine()
    graph = document(
        {"n": {"type": "Number", "params": {"value": 1}}, "a": {"type": "Add", "inputs": {"a": "n.number"}}},
        inputs={"start": {"to": ["n.value", "a.b"]}},
        outputs={"sum": "a.number"},
    )
    before = graph.dumps()
    assert engine.run(graph, {"start": 5}).outputs["sum"] == 10
    assert engine.run(graph, {"a.b": 7}).outputs["sum"] == 8
    assert engine.run(graph).outputs["sum"] == 2
    assert graph.dumps() == before
    with pytest.raises(GraphError, match="there is no such public input"):
        engine.run(graph, {"stat": 5})


def test_only_what_a_target_needs_is_run() -> None:
    tools = bench()
    result = tools.engine().run(chain(5), targets=["n2.number", "n1.number"])
    assert (dict(result.outputs), result.nodes.ran) == ({"n2.number": 2, "n1.number": 1}, ["n0", "n1", "n2"])
    assert tools.tally.counts == {"Number": 1, "Add": 2}


def test_only_what_the_public_outputs_need_is_run() -> None:
    nodes = {"n": {"type": "Number"}, "unused": {"type": "Fail"}}
    result = bench().engine().run(document(nodes, outputs={"n": "n.number"}))
    assert (result.status, result.nodes.ran, result.nodes.failed) == ("done", ["n"], [])


def test_a_graph_without_outputs_runs_everything() -> None:
    result = bench().engine().run(document({"a": {"type": "Number"}, "b": {"type": "Numbers", "params": {"count": 1}}}))
    assert (result.status, sorted(result.nodes.ran), dict(result.outputs)) == ("done", ["a", "b"], {})


def test_an_empty_graph_is_done() -> None:
    events: list[Event] = []
    result = bench().engine().run(document({}), on_event=events.append)
    assert (result.status, story(events)) == ("done", [("run_started", None), ("run_finished", None)])


def test_a_subgraph_runs_as_if_its_nodes_stood_in_the_graph() -> None:
    inner = {
        "format": "promptograph/1",
        "nodes": {"x": {"type": "Add", "params": {"a": 1}}, "y": {"type": "Add", "inputs": {"a": "x.number"}}},
        "inputs": {"start": {"to": ["x.a"]}},
        "outputs": {"sum": "y.number"},
    }
    tools = bench()
    engine = tools.engine()
    graph = document(
        {
            "n": {"type": "Number", "params": {"value": 5}},
            "s": {"type": "Subgraph", "graph": inner, "inputs": {"start": "n.number"}},
            "t": {"type": "Add", "inputs": {"a": "s.sum"}},
        },
        outputs={"sum": "t.number"},
    )
    result = engine.run(graph)
    assert (result.outputs["sum"], result.nodes.ran) == (8, ["n", "s/x", "s/y", "t"])
    assert engine.run(graph, targets=["s/x.number"]).outputs["s/x.number"] == 6
    tools.tally.clear()
    assert engine.run(chain(4, start=5)).nodes.cached == ["n0", "n1", "n2", "n3"]


# Known before


def test_a_second_run_in_the_same_engine_calls_nothing() -> None:
    tools = bench()
    engine = tools.engine()
    first = engine.run(chain(5))
    tools.tally.clear()
    events: list[Event] = []
    second = engine.run(chain(5), on_event=events.append)
    assert (second.nodes.ran, second.nodes.cached, tools.tally.calls) == ([], ["n0", "n1", "n2", "n3", "n4"], [])
    assert dict(second.outputs) == dict(first.outputs)
    assert {event.tier for event in events if isinstance(event, happenings.NodeCached)} == {"memory"}


def test_a_new_engine_finds_what_an_old_one_left_on_disk(cache_folder: Path) -> None:
    tools = bench()
    old = tools.engine(cache=Cache(cache_folder))
    first = old.run(chain(5))
    old.close()
    tools.tally.clear()
    new = tools.engine(cache=Cache(cache_folder))
    events: list[Event] = []
    second = new.run(chain(5), on_event=events.append)
    assert (second.nodes.cached, tools.tally.calls) == (["n0", "n1", "n2", "n3", "n4"], [])
    assert dict(second.outputs) == dict(first.outputs)
    assert {event.tier for event in events if isinstance(event, happenings.NodeCached)} == {"disk"}
    new.close()


def test_two_engines_that_share_a_folder_at_the_same_time_share_what_they_compute(cache_folder: Path) -> None:
    tools = bench()
    one, two = tools.engine(cache=Cache(cache_folder)), tools.engine(cache=Cache(cache_folder))
    one.run(chain(5))
    tools.tally.clear()
    assert (two.run(chain(5)).outputs["last"], tools.tally.calls) == (4, [])
    one.close()
    two.close()


def test_only_what_a_change_reaches_runs_again() -> None:
    tools = bench()
    engine = tools.engine()
    nodes: dict[str, Any] = {
        "a": {"type": "Number", "params": {"value": 1}},
        "b": {"type": "Add", "inputs": {"a": "a.number"}, "params": {"b": 10}},
        "c": {"type": "Add", "inputs": {"a": "a.number"}, "params": {"b": 20}},
        "d": {"type": "Add", "inputs": {"a": "b.number", "b": "c.number"}},
    }
    engine.run(document(nodes))
    nodes["c"] = {**nodes["c"], "params": {"b": 30}}
    result = engine.run(document(nodes, outputs={"d": "d.number"}))
    assert (result.nodes.ran, result.nodes.cached, result.outputs["d"]) == (["c", "d"], ["a", "b"], 42)


def test_one_changed_leaf_of_a_fan_runs_one_node() -> None:
    tools = bench()
    engine = tools.engine()
    engine.run(fan(200))
    tools.tally.clear()
    changed = fan(200).set({"n77.b": 1_000})
    result = engine.run(changed)
    assert (tools.tally.counts, result.nodes.ran) == ({"Add": 1, "Total": 1}, ["n77", "sum"])


def test_a_failure_is_not_remembered() -> None:
    tools = bench()
    engine = tools.engine()
    graph = document({"f": {"type": "Fail"}})
    assert [engine.run(graph).status for _ in range(3)] == ["failed"] * 3
    assert tools.tally.counts == {"Fail": 3}


def test_a_node_that_is_not_pure_always_runs_and_what_follows_runs_if_its_content_changed() -> None:
    tally = Tally()
    answers = iter([1, 1, 2])

    @node(pure=False)
    def clock() -> int:
        """Tell the time."""
        tally.note("Clock")
        return next(answers)

    engine = Engine(catalog([*arithmetic(tally), clock], values=[BYTES]))
    graph = document(
        {"c": {"type": "Clock"}, "a": {"type": "Add", "inputs": {"a": "c.number"}}}, outputs={"sum": "a.number"}
    )
    assert [engine.run(graph).outputs["sum"] for _ in range(3)] == [2, 2, 3]
    assert tally.counts == {"Clock": 3, "Add": 2}


def test_two_nodes_that_are_not_pure_both_run_in_one_graph() -> None:
    tally = Tally()

    @node(pure=False)
    def clock() -> int:
        """Tell the time."""
        tally.note("Clock")
        return len(tally.calls)

    Engine(catalog([clock])).run(document({"c": {"type": "Clock"}, "d": {"type": "Clock"}}))
    assert tally.counts == {"Clock": 2}


# Computed once


def test_equal_nodes_in_one_graph_are_computed_once() -> None:
    tools = bench()
    nodes = {f"s{at}": {"type": "Slow", "params": {"a": 1, "seconds": 0.05}} for at in range(20)}
    result = tools.engine().run(document(nodes, outputs={at: f"{at}.number" for at in nodes}))
    assert (tools.tally.counts, set(result.outputs.values()), result.status) == ({"Slow": 1}, {1}, "done")


def test_equal_nodes_that_are_quick_are_computed_once_however_the_threads_race() -> None:
    tools = bench()
    for start in range(0, 2_000, 100):
        nodes = {
            f"n{at}_{twin}": {"type": "Number", "params": {"value": at}}
            for at in range(start, start + 100)
            for twin in range(4)
        }
        tools.engine().run(document(nodes))
    assert tools.tally.counts == {"Number": 2_000}


class Hesitant(Cache):
    """A cache that answers late, so that others act between the question and what follows from the answer."""

    def action(self, key: str) -> Any:
        answer = super().action(key)
        time.sleep(0.03)
        return answer


def test_an_action_that_another_recorded_between_looking_and_claiming_is_not_computed_again() -> None:
    tools = bench()
    nodes = {f"s{at}": {"type": "Slow", "params": {"seconds": 0.01}} for at in range(5)}
    assert tools.engine(cache=Hesitant()).run(document(nodes)).status == "done"
    assert tools.tally.counts == {"Slow": 1}


def test_equal_actions_of_runs_in_several_threads_are_computed_once() -> None:
    tools = bench()
    engine = tools.engine()
    results: list[Any] = []
    nodes = {f"s{at}": {"type": "Slow", "params": {"a": at}} for at in range(5)}
    graph = document({**nodes, "t": {"type": "Total", "inputs": {"numbers": [f"{at}.number" for at in nodes]}}})
    threads = [threading.Thread(target=lambda: results.append(engine.run(graph))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tools.tally.counts == {"Slow": 5, "Total": 1}
    assert [result.status for result in results] == ["done"] * 4


def test_a_run_takes_over_when_the_run_that_computed_the_same_is_cancelled() -> None:
    tools = bench()
    engine = tools.engine()
    graph = document({"p": {"type": "Patient", "params": {"steps": 100}}}, outputs={"steps": "p.number"})
    cancel = Cancel()
    first = threading.Thread(target=lambda: engine.run(graph, cancel=cancel))
    first.start()
    while not tools.tally.calls:
        time.sleep(0.005)
    threading.Timer(0.1, cancel.set).start()
    result = engine.run(graph)
    first.join()
    assert (result.status, result.outputs["steps"], tools.tally.counts) == ("done", 100, {"Patient": 2})


# Where it is run


def test_a_run_works_inside_a_running_event_loop_and_beside_it() -> None:
    engine = bench().engine()

    async def notebook() -> tuple[Any, Any]:
        beside = await asyncio.to_thread(engine.run, chain(3))
        return engine.run(chain(4)).outputs["last"], beside.outputs["last"]

    assert asyncio.run(notebook()) == (3, 2)


def test_an_engine_is_not_harmed_by_a_graph_that_it_refused() -> None:
    engine = bench().engine()
    with pytest.raises(GraphError, match="no node type is named Nope"):
        engine.run(document({"x": {"type": "Nope"}}))
    assert engine.run(chain(3)).status == "done"


def test_a_closed_engine_lets_its_threads_go(cache_folder: Path) -> None:
    before = threading.active_count()
    engine = bench().engine(cache=Cache(cache_folder))
    engine.run(chain(3))
    engine.close()
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before


def test_a_wrong_size_for_residency_or_cache_is_an_input_error() -> None:
    with pytest.raises(InputError, match="is not a size"):
        bench().engine(residency="much")
    with pytest.raises(InputError, match="is not a size"):
        Cache(memory="much")


# What a node gives


class Pair(NamedTuple):
    a: int
    b: int


def giving(answer: Any, hint: Any) -> Graph:
    return document({"g": {"type": "Give"}}, outputs={"out": "g.number"} if hint is int else {})


@pytest.mark.parametrize(
    ("hint", "answer", "message"),
    [
        (Pair, (1, 2, 3), "ValueError: zip() argument 2 is longer than argument 1"),
        (Pair, 7, "TypeError: 'int' object is not iterable"),
        (int, object(), "SpecError: object is not a value type; list it in catalog(values=...)"),
        (float, float("nan"), "ValueError: nan is not a number that can be kept"),
        (list[int], 7, "TypeError: 'int' object is not iterable"),
    ],
    ids=["too many", "no tuple", "no value type", "not a number", "no list"],
)
def test_a_node_that_gives_what_it_did_not_promise_fails_by_name(hint: Any, answer: Any, message: str) -> None:
    def give() -> Any:
        """Give."""
        return answer

    give.__annotations__["return"] = hint
    (failure,) = Engine(catalog([node()(give)])).run(document({"g": {"type": "Give"}})).failures
    assert (failure.node, failure.blame) == ("g", "node")
    assert message in failure.message


@pytest.mark.parametrize(("hint", "answer"), [(int, "text"), (str, 1), (int, None), (list[int], ["x"])])
def test_a_node_that_gives_another_type_than_it_promised_fails_by_name(hint: Any, answer: Any) -> None:
    def give() -> Any:
        """Give."""
        return answer

    give.__annotations__["return"] = hint
    result = Engine(catalog([node()(give)])).run(document({"g": {"type": "Give"}}))
    assert result.status == "failed"


def test_an_output_that_may_be_absent_gives_none() -> None:
    @node()
    def maybe() -> int | None:
        """Give nothing."""
        return None

    result = Engine(catalog([maybe])).run(document({"m": {"type": "Maybe"}}, outputs={"n": "m.number"}))
    assert (result.status, result.outputs["n"]) == ("done", None)


def test_libraries_are_prepared_before_the_nodes_that_name_them_one_thread_at_a_time() -> None:
    seen: list[Any] = []
    busy = threading.Lock()

    def prepare(libs: Any, facts: Any) -> None:
        assert busy.acquire(blocking=False)
        seen.append((tuple(libs), dict(facts)))
        time.sleep(0.01)
        busy.release()

    @node(libs=("numpy",))
    def first(a: int) -> int:
        """First."""
        assert seen
        return a

    engine = Engine(catalog([first, add], prepare=prepare), device="cuda", threads=3)
    nodes: dict[str, Any] = {f"f{at}": {"type": "First", "params": {"a": at}} for at in range(4)}
    nodes["a"] = {"type": "Add", "params": {"a": 1}}
    assert engine.run(document(nodes)).status == "done"
    assert seen == [(("numpy",), {"device": "cuda", "threads": 3})] * 4


def test_finished_nodes_tell_digests_summaries_seconds_and_memory() -> None:
    events: list[Event] = []

    @node(lane="gpu")
    def heavy(size: int) -> Bytes:
        """Take memory."""
        return Bytes(bytes(bytearray(size)))

    engine = Engine(catalog([heavy, add], values=[BYTES]))
    engine.run(
        document({"h": {"type": "Heavy", "params": {"size": 5_000_000}}, "a": {"type": "Add", "params": {"a": 1}}}),
        on_event=events.append,
    )
    heavy_done, light_done = sorted(
        (event for event in state_events(events) if isinstance(event, happenings.NodeFinished)),
        key=lambda event: event.node,
        reverse=True,
    )
    assert heavy_done.peak is None or heavy_done.peak > 4_000_000  # it may get pages that the process has already
    assert light_done.peak is None
    assert light_done.summaries == {"number": {"type": "int", "value": 2}}
    assert heavy_done.summaries["bytes"]["tensors"]["data"]["shape"] == [5_000_000]
    assert (len(str(light_done.outputs["number"])), light_done.ran, light_done.cached) == (64, 1, 0)
    assert light_done.seconds >= 0


def test_values_of_a_type_with_a_codec_flow_as_they_are_and_are_found_again(cache_folder: Path) -> None:
    tools = bench()
    graph = document(
        {
            "b": {"type": "Blob", "params": {"size": 10_000, "seconds": 0.03}},
            "l": {"type": "Length", "inputs": {"blob": "b.bytes"}},
        },
        outputs={"blob": "b.bytes", "length": "l.number"},
    )
    engine = tools.engine(cache=Cache(cache_folder))
    first = dict(engine.run(graph).outputs)
    engine.close()
    again = tools.engine(cache=Cache(cache_folder))
    assert dict(again.run(graph).outputs) == first
    again.close()
    assert tools.tally.counts == {"Blob": 1, "Length": 1}


def test_a_large_value_that_was_quickly_made_is_made_again_after_a_restart(cache_folder: Path) -> None:
    tools = bench()
    graph = document(
        {"b": {"type": "Blob", "params": {"size": 10_000}}, "l": {"type": "Length", "inputs": {"blob": "b.bytes"}}}
    )
    for target in ("l.number", "b.bytes"):
        engine = tools.engine(cache=Cache(cache_folder))
        assert engine.run(graph, targets=[target]).status == "done"
        engine.close()
    assert tools.tally.counts == {"Blob": 2, "Length": 1}


def test_what_was_handed_out_is_found_after_a_restart_however_quickly_it_was_made(cache_folder: Path) -> None:
    tools = bench()
    graph = document({"b": {"type": "Blob", "params": {"size": 10_000}}}, outputs={"blob": "b.bytes"})
    for _ in range(2):
        engine = tools.engine(cache=Cache(cache_folder))
        assert len(engine.run(graph).outputs["blob"].data) == 10_000
        engine.close()
    assert tools.tally.counts == {"Blob": 1}


def test_an_int_is_not_a_bool_and_a_value_type_is_looked_up_by_its_exact_class() -> None:
    class Special(Bytes):
        pass

    @node()
    def give() -> Bytes:
        """Give a subclass."""
        return Special(b"x")

    (failure,) = Engine(catalog([give], values=[BYTES])).run(document({"g": {"type": "Give"}})).failures
    assert failure.message == "SpecError: Special is not a value type; list it in catalog(values=...)"


def test_a_value_type_without_its_codec_is_told_when_it_is_read(cache_folder: Path) -> None:
    tools = bench()
    graph = document({"b": {"type": "Blob", "params": {"size": 10}}}, outputs={"blob": "b.bytes"})
    engine = tools.engine(cache=Cache(cache_folder))
    outputs = engine.run(graph).outputs
    assert outputs.ref("blob") == outputs.ref("blob")
    engine.close()
    other = ValueType("Bytes", int, lambda value: Stored("Bytes", None, {"x": Blob("U8", (0,), b"")}), lambda s: 1, int)
    assert other.name in catalog([*tools.catalog.nodes.values()], values=[BYTES]).codecs.kind(Bytes(b"")).name
    with pytest.raises(SpecError, match="Bytes is not a value type; is a pack missing"):
        catalog([add]).codecs.decode(Stored("Bytes", None))
    assert Link.parse("b.bytes").port == "bytes"
