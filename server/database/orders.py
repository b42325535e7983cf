"""What the stores of runs are asked for, and what they answer beside the records."""

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from server.records import Axis, GraphAt, Run

MAX_CELLS = 20_000
MAX_SWEEP_BYTES = 64 * 2**20  # of the inputs of all cells together
JsonObject = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Key:
    """An Idempotency-Key with the digest of the request that it came with."""

    value: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A graph to run: `document` is its canonical JSON."""

    name: str
    document: str
    inputs: JsonObject = field(default_factory=dict)
    targets: tuple[str, ...] = ()
    priority: int = 0
    graph: GraphAt | None = None
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSubmission(Submission):
    """A graph to run once for each cell: zip along an axis, product over the axes; the last axis changes fastest."""

    axes: tuple[Axis, ...]

    def count(self) -> int:
        """Say how many cells there are, without making them."""
        product = 1
        for axis in self.axes:
            product *= _length(axis)
        return product

    def bytes(self) -> int:
        """Say how much the inputs of all cells are as JSON, without making them."""
        cells = self.count()
        names = sum(_size(list(axis.values)) for axis in self.axes)
        values = sum(cells // max(1, _length(axis)) * _size(axis.values) for axis in self.axes)
        return cells * (_size(self.inputs) + names) + values

    def cells(self) -> Iterator[JsonObject]:
        """Give the exact inputs of each cell, in order."""
        for steps in itertools.product(*(range(_length(axis)) for axis in self.axes)):
            changed = [_at(axis, step) for axis, step in zip(self.axes, steps, strict=True)]
            yield dict(itertools.chain(self.inputs.items(), *(inputs.items() for inputs in changed)))


def _length(axis: Axis) -> int:
    lengths = {len(values) for values in axis.values.values()}
    if len(lengths) != 1:
        raise ValueError(f"inputs on one axis change together, but have {sorted(lengths)} values")
    return lengths.pop()


def _at(axis: Axis, step: int) -> Mapping[str, JsonValue]:
    return {name: values[step] for name, values in axis.values.items()}


def _size(value: object) -> int:
    return len(json.dumps(value))


@dataclass(frozen=True, slots=True)
class Lease:
    """A run that a worker holds: whatever it writes must carry `fence`."""

    run: Run
    fence: int


@dataclass(frozen=True, slots=True)
class Append:
    """Events of a run that a worker holds, without their numbers."""

    run: str
    fence: int
    events: list[JsonObject]


@dataclass(frozen=True, slots=True)
class Appended:
    """Events as they are sent, numbered up to `last`; none where they were refused.

    `stale`: the worker holds the run no longer. `invalid`: an event is none of ours.
    """

    run: str
    events: list[bytes]
    last: int
    refused: Literal["stale", "invalid"] | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The ids of the runs that were cancelled: those that waited, and those that a worker is at."""

    waited: tuple[str, ...]
    running: tuple[str, ...]
