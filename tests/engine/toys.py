"""Tiny nodes for the tests of `engine/`: arithmetic that writes down every call, and a tensor made of bytes."""

import functools
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from engine import Blob, Catalog, Engine, Lazy, NodeFunction, Run, Stored, ValueType, catalog, node
from engine.events import Event, Preview, Progress, StateEvent
from graphs import Graph


@dataclass(frozen=True)
class Bytes:
    """A value with a tensor: as many bytes as wanted."""

    data: bytes


BYTES = ValueType(
    "Bytes",
    Bytes,
    encode=lambda value: Stored("Bytes", None, {"data": Blob("U8", (len(value.data),), value.data)}),
    decode=lambda stored: Bytes(bytes(stored.tensors["data"].data)),
    size=lambda value: len(value.data),
)


@dataclass
class Tally:
    """Writes down which node function was called with what; a list's append is safe from any thread."""

    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def note(self, name: str, *arguments: Any) -> None:
        self.calls.append((name, arguments))

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(name for name, _ in self.calls))

    def clear(self) -> None:
        self.calls.clear()


class Parts(NamedTuple):
    whole: int
    rest: int


def arithmetic(tally: Tally) -> list[NodeFunction]:
    """Make the nodes whose calls a tally counts."""

    @node()
    def number(value: int = 0) -> int:
        """Give a number."""
        tally.note("Number", value)
        return value

    @node()
    def add(a: int, b: int = 1) -> int:
        """Add two numbers."""
        tally.note("Add", a, b)
        return a + b

    @node()
    def half(a: int) -> int:
        """Halve a number, rounding down."""
        tally.note("Half", a)
        return a // 2

    @node()
    def divide(a: int, b: int) -> Parts:
        """Divide with a rest."""
        tally.note("Divide", a, b)
        return Parts(a // b, a % b)

    @node()
    def numbers(count: int, start: int = 0) -> list[int]:
        """Count up from a number."""
        tally.note("Numbers", count, start)
        return list(range(start, start + count))

    @node()
    def total(numbers: list[int]) -> int:
        """Sum numbers."""
        tally.note("Total", *numbers)
        return sum(numbers)

    @node()
    def fail(a: int = 0) -> int:
        """Fail always."""
        tally.note("Fail", a)
        raise ValueError("this node fails always")

    @node()
    def fail_at(a: int, at: int) -> int:
        """Fail for one number."""
        tally.note("FailAt", a, at)
        if a == at:
            raise ValueError(f"no {a}, please")
        return a

    @node(needs=lambda which: [which])
    def choose(which: str, a: Lazy[int] = 0, b: Lazy[int] = 0) -> int:  # type: ignore[assignment]
        """Give one of two numbers, and have only that one computed."""
        tally.note("Choose", which)
        return a if which == "a" else b  # type: ignore[return-value]

    @node()
    def letter(at: int) -> str:
        """Give the letter at a place of the alphabet."""
        tally.note("Letter", at)
        return "abcdefghijklmnopqrstuvwxyz"[at]

    @node()
    def blob(seed: int = 0, size: int = 10_000, seconds: float = 0.0) -> Bytes:
        """Make bytes, taking a while."""
        tally.note("Blob", seed, size)
        time.sleep(seconds)
        return Bytes(random.Random(seed).randbytes(size))

    @node()
    def length(blob: Bytes) -> int:
        """Count bytes."""
        tally.note("Length", len(blob.data))
        return len(blob.data)

    @node()
    def slow(a: int = 0, seconds: float = 0.05) -> int:
        """Pass a number on, late."""
        tally.note("Slow", a)
        time.sleep(seconds)
        return a

    @node(lane="io")
    def patient(steps: int, seconds: float = 0.01, *, run: Run) -> int:
        """Take steps, listening for a cancellation between them."""
        tally.note("Patient", steps)
        for step in range(steps):
            run.progress(step, steps)
            time.sleep(seconds)
        return steps

    return [number, add, half, divide, numbers, total, fail, fail_at, choose, letter, blob, length, slow, patient]


@dataclass
class Bench:
    """A tally, and the catalog of nodes that write to it."""

    tally: Tally
    catalog: Catalog

    def with_nodes(self, *more: NodeFunction) -> "Bench":
        return Bench(self.tally, catalog([*self.catalog.nodes.values(), *more], values=[BYTES]))

    def engine(self, **options: Any) -> Engine:
        return Engine(self.catalog, **options)


def bench() -> Bench:
    tally = Tally()
    return Bench(tally, catalog(arithmetic(tally), values=[BYTES]))


@functools.cache
def chain(length: int, *, type: str = "Add", port: str = "number", start: int = 0) -> Graph:
    """Draw a chain: a number, and then as many nodes as wanted, each fed by the one before."""
    nodes: dict[str, Any] = {"n0": {"type": "Number", "params": {"value": start}}}
    for at in range(1, length):
        nodes[f"n{at}"] = {"type": type, "inputs": {"a": f"n{at - 1}.{port}"}}
    return document(nodes, outputs={"last": f"n{length - 1}.{port}"})


@functools.cache
def fan(width: int, *, start: int = 0) -> Graph:
    """Draw a fan: one number, as many nodes as wanted fed by it, and their sum."""
    nodes: dict[str, Any] = {"n0": {"type": "Number", "params": {"value": start}}}
    for at in range(1, width):
        nodes[f"n{at}"] = {"type": "Add", "params": {"b": at}, "inputs": {"a": "n0.number"}}
    nodes["sum"] = {"type": "Total", "inputs": {"numbers": [f"n{at}.number" for at in range(1, width)]}}
    return document(nodes, outputs={"sum": "sum.number"})


def document(nodes: dict[str, Any], **rest: Any) -> Graph:
    return Graph.load({"format": "promptograph/1", "nodes": nodes, **rest})


def state_events(events: Iterable[Event]) -> list[StateEvent]:
    return [event for event in events if not isinstance(event, Progress | Preview)]


def story(events: Iterable[Event]) -> list[tuple[str, str | None]]:
    """Tell a run's state events in short: what happened, to which node."""
    return [(event.type, getattr(event, "node", None)) for event in state_events(events)]


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for something that another thread or process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("waited in vain")
        time.sleep(0.005)
