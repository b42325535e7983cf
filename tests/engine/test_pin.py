"""Pinned nodes in a run: they give what they gave, are not called, and say so when they cannot."""

from pathlib import Path
from typing import Any

import pytest

from engine import Cache
from engine.events import NodeCached
from graphs import Graph, GraphError
from tests.engine.toys import Bench, bench, document

NODES: dict[str, Any] = {
    "one": {"type": "Number", "params": {"value": 8}},
    "half": {"type": "Half", "inputs": {"a": "one.number"}},
    "sum": {"type": "Add", "params": {"b": 1}, "inputs": {"a": "half.number"}},
}
OUTPUTS = {"sum": "sum.number"}


def graph(pin: Any = None, nodes: Any = None, outputs: Any = None, **params: int) -> Graph:
    nodes = {**NODES, **(nodes or {})}
    nodes["half"] = {**nodes["half"], "pin": pin}
    made = document(nodes, outputs=OUTPUTS if outputs is None else outputs)
    return made.set({name.replace("_", "."): value for name, value in params.items()})


def pinned_half(made: Bench, **options: Any) -> dict[str, Any]:
    """Run, and give the pin of what `half` gave."""
    seen: list[Any] = []
    made.engine(**options).run(graph(), on_event=seen.append)
    (event,) = [event for event in seen if getattr(event, "node", "") == "half" and hasattr(event, "outputs")]
    made.tally.clear()
    return dict(event.outputs)


def test_a_pinned_node_and_what_only_it_needs_do_not_run_whatever_changes_before_it(tmp_path: Path) -> None:
    made = bench()
    pin = pinned_half(made, cache=Cache(tmp_path))
    engine = made.engine(cache=Cache(tmp_path))
    seen: list[Any] = []
    result = engine.run(graph(pin, one_value=100, sum_b=3), on_event=seen.append)
    assert (result.outputs["sum"], made.tally.counts) == (7, {"Add": 1})
    assert [(event.node, event.tier) for event in seen if isinstance(event, NodeCached)] == [("half", "pinned")]
    assert (result.nodes.ran, result.nodes.cached) == (["sum"], ["half"])


def test_changes_before_a_pin_change_no_key_behind_it_and_unpinned_it_runs_again(tmp_path: Path) -> None:
    made = bench()
    pin = pinned_half(made, cache=Cache(tmp_path))
    engine = made.engine(cache=Cache(tmp_path))
    assert engine.run(graph(pin, one_value=100)).nodes.ran == []
    assert engine.run(graph(None, one_value=100)).outputs["sum"] == 51


def test_without_anything_asked_for_what_only_a_pin_needs_does_not_run_either(tmp_path: Path) -> None:
    made = bench()
    pin = pinned_half(made, cache=Cache(tmp_path))
    made.engine(cache=Cache(tmp_path)).run(graph(pin, outputs={}, one_value=100, sum_b=5))
    assert made.tally.counts == {"Add": 1}


def test_a_node_before_a_pin_runs_for_others_and_as_a_target(tmp_path: Path) -> None:
    made = bench()
    pin = pinned_half(made, cache=Cache(tmp_path))
    engine = made.engine(cache=Cache(tmp_path))
    more = {"other": {"type": "Add", "inputs": {"a": "one.number"}}}
    both = graph(pin, more, {**OUTPUTS, "other": "other.number"}, one_value=100)
    assert dict(engine.run(both).outputs) == {"sum": 5, "other": 101}
    assert engine.run(graph(pin, one_value=7), targets=["one.number"]).outputs["one.number"] == 7


def test_a_pinned_output_is_itself_handed_out(tmp_path: Path) -> None:
    made = bench()
    pin = pinned_half(made, cache=Cache(tmp_path))
    result = made.engine(cache=Cache(tmp_path)).run(graph(pin, one_value=100), targets=["half.number"])
    assert (result.outputs["half.number"], result.outputs.stored("half.number")[0].fields) == (4, 4)


def test_the_node_before_a_pin_may_be_wrong_or_gone(tmp_path: Path) -> None:
    made = bench()
    pin = pinned_half(made, cache=Cache(tmp_path))
    half = {"type": "Half", "params": {"nonsense": 1}}
    alone = graph(pin, {"half": half})
    assert made.engine(cache=Cache(tmp_path)).run(alone).outputs["sum"] == 5


def test_the_plan_and_why_say_pinned(tmp_path: Path) -> None:
    made = bench()
    pin = pinned_half(made, cache=Cache(tmp_path))
    engine = made.engine(cache=Cache(tmp_path))
    plan = engine.plan(graph(pin, one_value=100, sum_b=3))
    assert [(node.node, node.status, node.calls) for node in plan.nodes] == [("half", "pinned", 0), ("sum", "run", 1)]
    assert str(engine.plan(graph(pin))) == "all 2 nodes are cached, 1 of them pinned"
    assert str(engine.why(graph(pin), "half")) == "half will not run: it is pinned, and gives what it gave"
    assert str(engine.why(graph(pin), "one")) == "one will not run: nothing asks for it"


def test_a_pin_whose_value_is_gone_fails_and_names_the_node_and_the_mend() -> None:
    engine = bench().engine()
    lost = graph({"number": "a" * 64})
    result = engine.run(lost)
    assert (result.status, result.nodes.failed, result.nodes.blocked) == ("failed", ["half"], ["sum"])
    assert result.failures[0].message == (
        "its output is pinned, and the pinned value is not in this cache (any more); "
        "unpin the node, then it is computed anew"
    )
    assert {node.node: node.status for node in engine.plan(lost).nodes} == {"half": "refused", "sum": "maybe"}
    assert "half cannot run: its output is pinned" in str(engine.why(lost, "half"))


def test_a_damaged_pinned_value_is_gone_and_never_an_answer(tmp_path: Path) -> None:
    made = bench()
    blob = {"b": {"type": "Blob", "params": {"size": 10_000}}, "l": {"type": "Length", "inputs": {"blob": "b.bytes"}}}
    first = made.engine(cache=Cache(tmp_path)).run(document(blob), targets=["b.bytes"])
    digest = first.outputs.ref("b.bytes")
    path = tmp_path / "values" / str(digest)[:2] / f"{digest}.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    blob["b"]["pin"] = {"bytes": digest}
    made.tally.clear()
    result = made.engine(cache=Cache(tmp_path)).run(document(blob))
    assert (result.nodes.failed, made.tally.calls) == (["b"], [])


def test_a_pinned_value_that_is_lost_in_the_middle_of_a_run_fails_the_node_and_is_not_made_again() -> None:
    made = bench()
    engine = made.engine()
    nodes: dict[str, Any] = {
        "b": {"type": "Blob", "params": {"size": 100}},
        "s": {"type": "Slow", "params": {"seconds": 0.2}},
        "l": {"type": "Length", "inputs": {"blob": "b.bytes"}},
        "x": {"type": "Add", "inputs": {"a": "l.number", "b": "s.number"}},
    }
    nodes["b"]["pin"] = {"bytes": engine.run(document(nodes), targets=["b.bytes"]).outputs.ref("b.bytes")}
    made.tally.clear()

    def forget(event: Any) -> None:
        if isinstance(event, NodeCached) and event.node == "b":
            engine.cache.memory.clear()

    result = engine.run(document(nodes), targets=["x.number"], on_event=forget)
    assert (result.status, result.nodes.failed, result.nodes.blocked) == ("failed", ["b"], ["l", "x"])
    assert "Blob" not in made.tally.counts


def test_a_pin_of_another_type_is_refused(tmp_path: Path) -> None:
    made = bench()
    engine = made.engine(cache=Cache(tmp_path))
    text = {"t": {"type": "Blob", "params": {"size": 10}}}
    digest = engine.run(document(text), targets=["t.bytes"]).outputs.ref("t.bytes")
    result = engine.run(graph({"number": digest}))
    assert "the value pinned as number is Bytes, and int is expected; unpin" in result.failures[0].message


def test_the_type_of_what_reads_a_pin_is_still_checked() -> None:
    wrong = graph({"number": "a" * 64}, {"l": {"type": "Length", "inputs": {"blob": "half.number"}}})
    assert "half.number gives a whole number, a Bytes is expected" in str(bench().engine().check(wrong)[0])


def test_a_mapped_node_is_pinned_to_its_list_and_readers_map_over_it(tmp_path: Path) -> None:
    made = bench()
    engine = made.engine(cache=Cache(tmp_path))
    nodes: dict[str, Any] = {
        "r": {"type": "Numbers", "params": {"count": 3}},
        "half": {"type": "Half", "inputs": {"a": "r.numbers"}},
        "sum": {"type": "Add", "inputs": {"a": "half.number"}},
    }
    first = engine.run(document(nodes), targets=["half.number", "sum.number"])
    nodes["half"]["pin"] = {"number": list(first.outputs.ref("half.number"))}
    nodes["r"]["params"]["count"] = 9
    made.tally.clear()
    result = engine.run(document(nodes, outputs={"sums": "sum.number", "last": "half.number[2]"}))
    assert (result.outputs["sums"], result.outputs["last"], made.tally.calls) == ([1, 1, 2], 1, [])


def test_a_node_inside_a_subgraph_is_pinned(tmp_path: Path) -> None:
    made = bench()
    pin = pinned_half(made, cache=Cache(tmp_path))
    inner = {"format": "promptograph/1", "nodes": {"half": {**NODES["half"], "inputs": {}, "pin": pin}}}
    inner |= {"inputs": {"a": {"to": ["half.a"]}}, "outputs": {"n": "half.number"}}
    nodes = {**NODES, "half": {"type": "Subgraph", "graph": inner, "inputs": {"a": "one.number"}}}
    nodes["sum"] = {**NODES["sum"], "inputs": {"a": "half.n"}}
    result = made.engine(cache=Cache(tmp_path)).run(document(nodes, outputs=OUTPUTS).set({"one.value": 50}))
    assert (result.outputs["sum"], made.tally.calls) == (5, [])


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        ({}, "half.number: the node is pinned without this output; unpin"),
        ({"number": "a" * 64, "x": "a" * 64}, "half.x: the pin names 'x', which is no output of Half; unpin"),
    ],
)
def test_a_pin_that_does_not_fit_its_node_is_a_problem(pin: Any, said: str) -> None:
    with pytest.raises(GraphError) as error:
        bench().engine().run(graph(pin))
    assert said in str(error.value)


def test_what_a_document_holds_is_not_evicted_and_not_cleared(tmp_path: Path) -> None:
    made = bench()
    pin = pinned_half(made, cache=Cache(tmp_path))
    cache = Cache(tmp_path)
    disk = cache.disk
    assert disk is not None
    disk.keep("folder:g1", [pin["number"]])
    disk.evict(down_to=0)
    assert [disk.has(pin["number"]), disk.usage().values] == [True, 1]
    disk.clear()
    assert made.engine(cache=cache).run(graph(pin, one_value=100)).outputs["sum"] == 5
    assert (disk.holders("folder:"), disk.holders("other:")) == (["folder:g1"], [])
    disk.keep("folder:g1", [])
    disk.evict(down_to=0)
    assert (disk.has(pin["number"]), disk.holders("folder:")) == (False, [])


def test_a_cache_folder_of_before_can_hold_values(tmp_path: Path) -> None:
    import sqlite3

    Cache(tmp_path).close()
    with sqlite3.connect(tmp_path / "index.sqlite") as index:
        index.execute("DROP TABLE keep")
    disk = Cache(tmp_path).disk
    assert disk is not None
    disk.keep("x", ["a" * 64])
    assert disk.holders("") == ["x"]
