"""Heavy things are opened once, kept within a budget, and leave in the order in which they were last used."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine import Files, Run, Stored, ValueType, catalog, node
from engine.residency import Residency
from tests.engine.toys import Bench, Tally, bench, document, wait_until

OPENED = Tally()  # a handle is a frozen value, so what is opened is written down here


@dataclass(frozen=True)
class Model:
    """A handle whose name says what it does when it is opened."""

    name: str
    size: int = 10
    seconds: float = 0.0

    def open(self, files: Files, device: str) -> Any:
        OPENED.note(self.name, device)
        time.sleep(self.seconds)
        if self.name.startswith("broken"):
            raise ValueError(f"{self.name} cannot be opened")
        return [self.name]

    def footprint(self, files: Files) -> int:
        return self.size


MODEL = ValueType(
    "Model",
    Model,
    encode=lambda value: Stored("Model", [value.name, value.size, value.seconds]),
    decode=lambda stored: Model(*stored.fields),
    size=lambda value: 100,
    handle=True,
)


@pytest.fixture(autouse=True)
def _nothing_opened() -> None:
    OPENED.clear()


def residency(tmp_path: Path, budget: int = 30) -> Residency:
    return Residency(Files(tmp_path), device="cpu", budget=budget)


def test_a_handle_is_opened_when_it_is_first_loaded_and_stays(tmp_path: Path) -> None:
    loaded = residency(tmp_path)
    thing = loaded.load(Model("a"))
    assert (thing, loaded.load(Model("a")) is thing) == (["a"], True)
    assert OPENED.calls == [("a", ("cpu",))]


def test_what_was_used_longest_ago_leaves_first(tmp_path: Path) -> None:
    loaded = residency(tmp_path, budget=30)
    for name in ("a", "b", "c", "a", "d", "a", "c", "b"):
        loaded.load(Model(name))
    assert [name for name, _ in OPENED.calls] == ["a", "b", "c", "d", "b"]


def test_a_thing_larger_than_the_budget_is_opened_alone(tmp_path: Path) -> None:
    loaded = residency(tmp_path, budget=30)
    loaded.load(Model("a"))
    assert loaded.load(Model("huge", size=1_000)) == ["huge"]
    loaded.load(Model("a"))
    assert OPENED.counts == {"a": 2, "huge": 1}


def test_a_thing_that_left_lives_on_for_whoever_holds_it(tmp_path: Path) -> None:
    loaded = residency(tmp_path, budget=10)
    thing = loaded.load(Model("a"))
    loaded.load(Model("b"))
    assert thing == ["a"]
    assert loaded.load(Model("a")) is not thing


def _in_threads(count: int, work: Any) -> list[Any]:
    answers: list[Any] = []

    def answer() -> None:
        try:
            answers.append(work())
        except ValueError as error:
            answers.append(str(error))

    threads = [threading.Thread(target=answer) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_threads_that_ask_for_one_handle_at_once_open_it_once(tmp_path: Path) -> None:
    loaded = residency(tmp_path)
    things = _in_threads(8, lambda: loaded.load(Model("slow", seconds=0.1)))
    assert (len({id(thing) for thing in things}), OPENED.counts) == (1, {"slow": 1})


def test_different_handles_are_opened_at_the_same_time(tmp_path: Path) -> None:
    loaded = residency(tmp_path)
    both = threading.Barrier(2, timeout=10)

    @dataclass(frozen=True)
    class Meeting:
        name: str

        def open(self, files: Files, device: str) -> Any:
            both.wait()
            return [self.name]

        def footprint(self, files: Files) -> int:
            return 1

    names = iter(["a", "b"])
    assert sorted(_in_threads(2, lambda: loaded.load(Meeting(next(names))))) == [["a"], ["b"]]


def test_a_handle_that_cannot_be_opened_is_tried_again_by_whoever_asks_next(tmp_path: Path) -> None:
    loaded = residency(tmp_path)
    assert _in_threads(3, lambda: loaded.load(Model("broken"))) == ["broken cannot be opened"] * 3
    assert OPENED.counts == {"broken": 3}
    assert loaded.load(Model("fine")) == ["fine"]


def test_a_thing_that_is_prefetched_is_there_when_it_is_wanted(tmp_path: Path) -> None:
    loaded = residency(tmp_path)
    loaded.prefetch(Model("a", seconds=0.05))
    wait_until(lambda: bool(OPENED.calls))
    assert (loaded.load(Model("a", seconds=0.05)), OPENED.counts) == (["a"], {"a": 1})


def test_a_prefetch_that_fails_is_silent_and_the_load_tells(tmp_path: Path) -> None:
    loaded = residency(tmp_path)
    loaded.prefetch(Model("broken"))
    wait_until(lambda: bool(OPENED.calls))
    time.sleep(0.05)
    with pytest.raises(ValueError, match="broken cannot be opened"):
        loaded.load(Model("broken"))


def test_the_budget_is_kept_when_things_are_opened_at_the_same_time(tmp_path: Path) -> None:
    loaded = residency(tmp_path, budget=20)
    names = iter([f"m{at}" for at in range(6)])
    _in_threads(6, lambda: loaded.load(Model(next(names), seconds=0.05)))
    OPENED.clear()
    for at in range(6):
        loaded.load(Model(f"m{at}"))
    resident = [place for place in loaded._places.values() if place.thing is not None]
    assert sum(place.size for place in resident) <= 20


# In a run


def _modelled() -> Bench:
    tools = bench()

    @node(lane="io")
    def checkpoint(name: str, seconds: float = 0.0) -> Model:
        """Name a model."""
        return Model(name, seconds=seconds)

    @node(lane="gpu")
    def use(model: Model, a: int = 0, seconds: float = 0.0, *, run: Run) -> int:
        """Use a model."""
        assert run.load(model) == [model.name]
        tools.tally.note("begin", model.name, time.monotonic())
        time.sleep(seconds)
        tools.tally.note("end", model.name, time.monotonic())
        return a + 1

    nodes = [*tools.catalog.nodes.values(), checkpoint, use]
    return Bench(tools.tally, catalog(nodes, values=[*(MODEL,), *_bytes()]))


def _bytes() -> list[ValueType]:
    from tests.engine.toys import BYTES

    return [BYTES]


def test_a_run_that_is_fully_cached_opens_nothing(tmp_path: Path) -> None:
    engine = _modelled().engine(files=Files(tmp_path))
    nodes = {"m": {"type": "Checkpoint", "params": {"name": "a"}}, "u": {"type": "Use", "inputs": {"model": "m.model"}}}
    engine.run(document(nodes))
    assert OPENED.counts == {"a": 1}
    engine.cache.memory.clear()
    OPENED.clear()
    assert engine.run(document(nodes)).nodes.cached == ["m", "u"]
    assert OPENED.calls == []


def test_the_next_model_is_opened_while_the_one_before_it_computes(tmp_path: Path) -> None:
    tools = _modelled()
    engine = tools.engine(files=Files(tmp_path))
    nodes = {
        "m": {"type": "Checkpoint", "params": {"name": "first"}},
        "n": {"type": "Checkpoint", "params": {"name": "second", "seconds": 0.3}},
        "u": {"type": "Use", "inputs": {"model": "m.model"}, "params": {"seconds": 0.6}},
        "v": {"type": "Use", "inputs": {"model": "n.model", "a": "u.number"}},
    }
    assert engine.run(document(nodes), targets=["v.number", "n.model"]).status == "done"
    spans = {(kind, arguments[0]): arguments[1] for kind, arguments in tools.tally.calls}
    assert OPENED.counts == {"first": 1, "second": 1}
    assert spans["begin", "second"] - spans["end", "first"] < 0.25


def test_a_node_that_cannot_open_its_model_fails_by_name(tmp_path: Path) -> None:
    nodes = {
        "m": {"type": "Checkpoint", "params": {"name": "broken"}},
        "u": {"type": "Use", "inputs": {"model": "m.model"}},
    }
    (failure,) = _modelled().engine(files=Files(tmp_path)).run(document(nodes)).failures
    assert (failure.node, failure.message) == ("u", "ValueError: broken cannot be opened")
