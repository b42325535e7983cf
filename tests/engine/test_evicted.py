"""Values that left the cache are made again; what was derived from one that comes out different is keyed anew."""

import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import Cache, Engine, Files, Lazy, NodeFunction, catalog, node
from engine import events as happenings
from engine.codec import Stored
from engine.events import Event
from tests.engine.toys import BYTES, Bench, Bytes, bench, chain, document, fan

TINY = 1  # byte: nothing stays in memory


def tiny(tools: Bench, **options: Any) -> Any:
    return tools.engine(cache=Cache(memory=TINY), **options)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("memory", [0, TINY, 100, 1_000])
def test_a_run_makes_progress_however_small_the_memory_is(memory: int) -> None:
    tools = bench()
    engine = tools.engine(cache=Cache(memory=memory))
    assert engine.run(chain(30)).outputs["last"] == 29
    assert engine.run(fan(30)).outputs["sum"] == sum(range(1, 30))


@pytest.mark.timeout(60)
def test_a_map_a_choice_and_a_collection_make_progress_without_memory() -> None:
    tools = bench()
    nodes = {
        "n": {"type": "Numbers", "params": {"count": 5}},
        "a": {"type": "Add", "inputs": {"a": "n.numbers"}},
        "w": {"type": "Letter", "params": {"at": 1}},
        "t": {"type": "Total", "inputs": {"numbers": "a.number"}},
        "x": {"type": "Number", "params": {"value": 3}},
        "c": {"type": "Choose", "inputs": {"which": "w.text", "a": "x.number", "b": "t.number"}},
    }
    assert tiny(tools).run(document(nodes, outputs={"out": "c.number", "list": "a.number"})).outputs["out"] == 15


@pytest.mark.timeout(60)
def test_a_rule_that_reads_files_named_by_a_lost_value_makes_progress(tmp_path: Path) -> None:
    @node()
    def name() -> str:
        """Name a file."""
        return "a.bin"

    @node(reads=lambda name, files: [files.source(name)])
    def read(name: str) -> int:
        """Count the letters of a name."""
        return len(name)

    (tmp_path / "a.bin").write_bytes(b"x")
    engine = tiny(bench().with_nodes(name, read), files=Files(tmp_path, roots=[tmp_path]))
    nodes = {"n": {"type": "Name"}, "r": {"type": "Read", "inputs": {"name": "n.text"}}}
    assert engine.run(document(nodes, outputs={"out": "r.number"})).outputs["out"] == 5


def test_lost_values_are_made_again_and_only_those_that_are_needed() -> None:
    tools = bench()
    engine = tools.engine()

    def graph(value: int) -> Any:
        nodes: dict[str, Any] = {
            "b": {"type": "Blob", "params": {"size": 15_000}},
            "l": {"type": "Length", "inputs": {"blob": "b.bytes"}},
            "a": {"type": "Add", "inputs": {"a": "l.number"}, "params": {"b": value}},
        }
        return document(nodes, outputs={"out": "a.number"})

    assert engine.run(graph(1)).outputs["out"] == 15_001
    engine.cache.memory.clear()
    tools.tally.clear()
    assert engine.run(graph(2)).outputs["out"] == 15_002
    assert tools.tally.counts == {"Add": 1, "Length": 1, "Blob": 1}
    engine.cache.memory.clear()
    assert engine.run(graph(2), targets=["b.bytes"]).status == "done"
    assert tools.tally.counts == {"Add": 1, "Length": 1, "Blob": 2}


def _counting(start: int = 0) -> tuple[Bench, Iterator[int]]:
    """Make a node that claims to be pure and gives another number each time; what it makes is soon lost."""
    numbers = itertools.count(start)
    tools = bench()

    @node()
    def impostor() -> Bytes:
        """Give other bytes each time."""
        tools.tally.note("Impostor")
        return Bytes(next(numbers).to_bytes(100, "big"))

    @node()
    def first(blob: Bytes) -> int:
        """Give the number in some bytes."""
        tools.tally.note("First")
        return int.from_bytes(blob.data, "big")

    @node(needs=lambda on: ["blob"] if on else [])
    def maybe_first(on: bool, blob: Lazy[Bytes] = None) -> int:  # type: ignore[assignment]
        """Give the number in some bytes, if it is wanted."""
        tools.tally.note("MaybeFirst")
        return int.from_bytes(blob.data, "big")  # type: ignore[attr-defined]

    @node()
    def both(a: int, blob: Bytes) -> str:
        """Say what a number and some bytes are."""
        tools.tally.note("Both", a)
        return f"{a} {int.from_bytes(blob.data, 'big')}"

    return tools.with_nodes(impostor, first, maybe_first, both), numbers


DIFFERENT = {
    "i": {"type": "Impostor"},
    "f": {"type": "First", "inputs": {"blob": "i.bytes"}},
    "late": {"type": "Both", "inputs": {"a": "f.number", "blob": "i.bytes"}},
}


@pytest.mark.timeout(60)
def test_a_value_that_comes_out_different_keys_its_descendants_anew() -> None:
    tools, _ = _counting()
    result = tiny(tools).run(document(DIFFERENT, outputs={"text": "late.text", "number": "f.number"}))
    first, _, second = result.outputs["text"].partition(" ")
    assert (result.status, first, str(result.outputs["number"])) == ("done", second, first)


@pytest.mark.timeout(60)
def test_a_value_that_comes_out_different_keys_those_anew_that_used_it_lazily() -> None:
    tools, _ = _counting()
    nodes = {
        "i": {"type": "Impostor"},
        "f": {"type": "MaybeFirst", "params": {"on": True}, "inputs": {"blob": "i.bytes"}},
        "late": {"type": "Both", "inputs": {"a": "f.number", "blob": "i.bytes"}},
    }
    result = tiny(tools).run(document(nodes, outputs={"text": "late.text"}))
    first, _, second = result.outputs["text"].partition(" ")
    assert (result.status, first) == ("done", second)


@pytest.mark.timeout(60)
def test_a_lost_value_that_only_a_lazy_input_uses_is_made_again() -> None:
    tools, _ = _counting()
    nodes: dict[str, Any] = {
        "i": {"type": "Impostor"},
        "f": {"type": "MaybeFirst", "params": {"on": True}, "inputs": {"blob": "i.bytes"}},
    }
    engine = tiny(tools)
    assert engine.run(document(nodes, outputs={"out": "f.number"})).status == "done"
    nodes["f2"] = {**nodes["f"], "type": "First", "params": {}}
    result = engine.run(document(nodes, outputs={"out": "f.number", "other": "f2.number"}))
    assert (result.status, result.nodes.blocked) == ("done", [])
    assert len(dict(result.outputs)) == 2


@pytest.mark.timeout(60)
def test_maps_below_a_value_that_comes_out_different_are_run_anew() -> None:
    lengths = iter([3, 5, 5, 5, 5, 5])

    @node()
    def some() -> list[int]:
        """Give more numbers the second time."""
        return list(range(1_000, 1_000 + next(lengths)))

    @node()
    def count(numbers: list[int], also: int) -> str:
        """Count numbers."""
        return f"{len(numbers)} {also}"

    tools = bench().with_nodes(some, count)
    nodes = {
        "s": {"type": "Some"},
        "a": {"type": "Add", "inputs": {"a": "s.numbers"}},
        "t": {"type": "Total", "inputs": {"numbers": "a.number"}},
        "c": {"type": "Count", "inputs": {"numbers": "s.numbers", "also": "t.number"}},
    }
    result = tiny(tools).run(document(nodes, outputs={"count": "c.text", "list": "a.number"}))
    items = result.outputs["list"]
    assert (result.status, result.outputs["count"]) == ("done", f"{len(items)} {sum(items)}")


def _failing_again() -> NodeFunction:
    calls = itertools.count()

    @node()
    def once() -> Bytes:
        """Work once, and then never again."""
        if next(calls):
            raise ValueError("only once")
        return Bytes(b"x" * 100)

    return once


@pytest.mark.timeout(60)
def test_a_value_that_cannot_be_made_again_fails_the_run_and_blocks_who_needs_it() -> None:
    tools = bench().with_nodes(_failing_again())
    engine = tools.engine(cache=Cache(memory=TINY))
    nodes: dict[str, Any] = {"o": {"type": "Once"}, "n": {"type": "Number"}}
    assert engine.run(document(nodes)).status == "done"
    nodes["l"] = {"type": "Length", "inputs": {"blob": "o.bytes"}}
    nodes["after"] = {"type": "Add", "inputs": {"a": "l.number"}}
    events: list[Event] = []
    result = engine.run(document(nodes), on_event=events.append)
    assert (result.status, result.nodes.failed, result.nodes.blocked) == ("failed", ["o"], ["l", "after"])
    assert result.failures[0].message == "ValueError: only once"
    last = events[-1]
    assert isinstance(last, happenings.RunFinished)
    assert last.status == "failed"


@pytest.mark.timeout(60)
def test_a_value_that_was_damaged_on_disk_is_made_again(cache_folder: Path) -> None:
    tools = bench()
    graph = document({"b": {"type": "Blob", "params": {"size": 10_000, "seconds": 0.03}}}, outputs={"blob": "b.bytes"})
    engine = tools.engine(cache=Cache(cache_folder))
    first = engine.run(graph).outputs["blob"]
    engine.close()
    (path,) = (cache_folder / "values").rglob("*.safetensors")
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    engine = tools.engine(cache=Cache(cache_folder))
    result = engine.run(graph)
    assert (result.outputs["blob"] == first, result.nodes.ran, tools.tally.counts) == (True, ["b"], {"Blob": 2})
    engine.close()


@pytest.mark.timeout(60)
def test_a_value_that_another_version_wrote_in_a_form_of_its_own_is_made_again(cache_folder: Path) -> None:
    tools = bench()
    nodes: dict[str, Any] = {
        "b": {"type": "Blob", "params": {"size": 10_000, "seconds": 0.03}},
        "l": {"type": "Length", "inputs": {"blob": "b.bytes"}},
    }
    engine = tools.engine(cache=Cache(cache_folder))
    assert engine.run(document({"b": nodes["b"]}, outputs={"blob": "b.bytes"})).status == "done"
    engine.close()
    tools = bench()

    def unreadable(_: Stored) -> Any:
        raise KeyError("data")

    others = catalog(tools.catalog.nodes.values(), values=[dataclasses.replace(BYTES, decode=unreadable)])
    engine = Engine(others, cache=Cache(cache_folder))
    result = engine.run(document(nodes, outputs={"n": "l.number"}))
    assert (result.outputs["n"], tools.tally.counts) == (10_000, {"Blob": 1, "Length": 1})
    engine.close()


@pytest.mark.timeout(60)
def test_what_was_asked_for_can_be_read_after_it_has_left_the_cache() -> None:
    tools = bench()
    engine = tools.engine(cache=Cache(memory=TINY))
    nodes = {f"b{at}": {"type": "Blob", "params": {"seed": at}} for at in range(3)}
    outputs = engine.run(document(nodes, outputs={at: f"{at}.bytes" for at in nodes})).outputs
    engine.run(chain(5))
    assert [len(outputs[at].data) for at in nodes] == [10_000] * 3
    assert tools.tally.counts["Blob"] == 3


@pytest.mark.timeout(60)
def test_a_small_disk_budget_is_kept_and_the_run_is_right(cache_folder: Path) -> None:
    tools = bench()
    nodes: dict[str, Any] = {}
    for at in range(12):
        nodes[f"b{at}"] = {"type": "Blob", "params": {"seed": at, "size": 20_000, "seconds": 0.021}}
        nodes[f"l{at}"] = {"type": "Length", "inputs": {"blob": f"b{at}.bytes"}}
    nodes["t"] = {"type": "Total", "inputs": {"numbers": [f"l{at}.number" for at in range(12)]}}
    for _ in range(2):
        cache = Cache(cache_folder, memory=TINY, disk=100_000)
        engine = tools.engine(cache=cache)
        assert engine.run(document(nodes, outputs={"t": "t.number"})).outputs["t"] == 240_000
        assert cache.disk is not None
        cache.disk.evict()
        assert cache.disk.usage().bytes <= 100_000
        engine.close()


def test_a_node_that_is_called_again_for_a_lost_value_is_told_as_run() -> None:
    engine = tiny(bench())
    engine.run(chain(3))
    heard: list[Event] = []
    result = engine.run(chain(4), on_event=heard.append)
    called = {event.node for event in heard if isinstance(event, happenings.NodeStarted)}
    finished = {event.node for event in heard if isinstance(event, happenings.NodeFinished)}
    assert called == finished == set(result.nodes.ran)
    assert len(result.nodes.ran) > 1
