"""Set the cells of a sweep side by side: a table of every figure, and a drawing of each.

A figure is a public output that is a number, or a row of a table with the columns `measure` and `value`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from cli.shown import Plain, Rows, Shown
from cli.sweeping import Axis, Values, told
from engine.spec import Json

WIDTH, HEIGHT, LEFT = 320, 176, 54
_RIGHT, _TOP, _BOTTOM = 12, 12, 36
MOST_SERIES = 6  # there are so many colours


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of every cell; None where it was not made. `best` are the cells that no other one beats."""

    name: str
    better: str
    values: Sequence[float | None]

    @property
    def best(self) -> Sequence[int]:
        known = [value for value in self.values if value is not None]
        if self.better not in ("higher", "lower") or len(set(known)) < 2:
            return ()
        wanted = max(known) if self.better == "higher" else min(known)
        return [number for number, value in enumerate(self.values) if value == wanted]


@dataclass(frozen=True, slots=True)
class Dot:
    """One value in a drawing: where it stands, and what it is."""

    x: float
    y: float
    said: str


@dataclass(frozen=True, slots=True)
class Series:
    """The values that are joined by a line."""

    name: str
    dots: Sequence[Dot]

    @property
    def points(self) -> str:
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)


@dataclass(frozen=True, slots=True)
class Tick:
    """A label beside an axis."""

    at: float
    said: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of one figure: lines along the first axis where its values are numbers, else a bar for each cell."""

    measure: Measure
    lines: Sequence[Series]
    bars: Sequence[Dot]
    across: Sequence[Tick]
    up: Sequence[Tick]
    ground: float  # where a bar stands
    along: str


def measures_of(cells: Sequence[Mapping[str, Sequence[Shown]]]) -> list[Measure]:
    """Gather the figures of cells, each by its outputs, in the order in which they are met."""
    found = [dict(_figures(outputs)) for outputs in cells]
    names = dict.fromkeys(name for each in found for name in each)
    return [Measure(*name, [each.get(name) for each in found]) for name in names]


def charts_of(measures: Sequence[Measure], axes: Sequence[Axis], cells: Sequence[Values]) -> list[Chart]:
    """Draw every figure that is not the same in all cells."""
    drawn = [each for each in measures if len({value for value in each.values if value is not None}) > 1]
    return [_chart(each, axes, cells) for each in drawn]


def label(values: Values, without: Sequence[str] = ()) -> str:
    """Name a cell by what it sets."""
    return ", ".join(f"{name} {told(value)}" for name, value in values.items() if name not in without)


def _figures(outputs: Mapping[str, Sequence[Shown]]) -> Iterator[tuple[tuple[str, str], float]]:
    for name, shown in outputs.items():
        for each in shown[:1] if len(shown) == 1 else ():
            if isinstance(each, Plain) and _number(each.value):
                yield (name, ""), float(each.value)
            elif isinstance(each, Rows) and {"measure", "value"} <= set(each.columns):
                yield from _rows(each)


def _rows(table: Rows) -> Iterator[tuple[tuple[str, str], float]]:
    for row in table.rows:
        told = dict(zip(table.columns, row, strict=True))
        if _number(told["value"]):
            of = f"{told['measure']} ({told['of']})" if "of" in told else str(told["measure"])
            yield (of, str(told.get("better", ""))), float(told["value"])


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _chart(measure: Measure, axes: Sequence[Axis], cells: Sequence[Values]) -> Chart:
    series = _series(axes, cells)
    known = [value for value in measure.values if value is not None]
    low, high = min(known), max(known)
    low, high = (low, high) if series else (min(low, 0.0), max(high, 0.0))
    pad = 0.06 * ((high - low) or abs(high) or 1.0)
    low, high = (low - pad if series or low < 0 else 0.0), high + pad

    def up(value: float) -> float:
        return _TOP + (high - value) / (high - low) * (HEIGHT - _TOP - _BOTTOM)

    def dot(x: float, number: int) -> Dot | None:
        value = measure.values[number]
        return None if value is None else Dot(x, up(value), f"{label(cells[number])}: {short(value)}")

    ticks = [Tick(up(value), f"{value:.3g}") for value in (min(known), max(known))]
    if series:
        first = axes[0].names[0]
        across = _places([float(each[first]) for each in cells])
        lines = [
            Series(name, [found for number in own if (found := dot(across[number], number)) is not None])
            for name, own in series.items()
        ]
        labels = [Tick(x, said) for x, said in _apart({across[n]: told(each[first]) for n, each in enumerate(cells)})]
        return Chart(measure, lines, (), labels, ticks, up(low), first)
    step = (WIDTH - LEFT - _RIGHT) / len(cells)
    places = [LEFT + step * (number + 0.5) for number in range(len(cells))]
    bars = [found for number, x in enumerate(places) if (found := dot(x, number)) is not None]
    named = [Tick(x, str(number)) for x, number in zip(places, range(1, len(cells) + 1), strict=True)]
    labels = [Tick(x, said) for x, said in _apart({tick.at: tick.said for tick in named})]
    return Chart(measure, (), bars, labels, ticks, up(0.0), "cell")


def _series(axes: Sequence[Axis], cells: Sequence[Values]) -> Mapping[str, Sequence[int]]:
    """Give the cells of each line, in order along the first axis; nothing where lines would mean nothing."""
    if not axes or len(axes[0].places) < 2 or len(axes[0].names) > 1:
        return {}
    first = axes[0].names[0]
    if not all(_number(place[0]) for place in axes[0].places):
        return {}
    found: dict[str, list[int]] = {}
    for number in sorted(range(len(cells)), key=lambda number: float(cells[number][first])):
        found.setdefault(label(cells[number], (first,)), []).append(number)
    return found if len(found) <= MOST_SERIES else {}


def _places(values: Sequence[float]) -> list[float]:
    low, high = min(values), max(values)
    return [LEFT + 8 + (value - low) / ((high - low) or 1.0) * (WIDTH - LEFT - _RIGHT - 16) for value in values]


def _apart(labels: Mapping[float, str]) -> list[tuple[float, str]]:
    """Leave out labels that would lie on one another; the first and the last stay."""
    ordered = sorted(labels.items())
    kept = ordered[:1]
    for each in ordered[1:-1]:
        if _free(kept[-1], each) and _free(each, ordered[-1]):
            kept.append(each)
    return [*kept, *(last for _, last in pairwise(ordered[-2:]))] if len(ordered) > 1 else kept


def _free(one: tuple[float, str], other: tuple[float, str]) -> bool:
    return other[0] - one[0] > 4 * (len(one[1]) + len(other[1])) + 8


def short(value: float) -> str:
    """Write a number with four digits that count."""
    return f"{value:.4g}"
