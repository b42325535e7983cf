"""Set the cells of a sweep side by side: a table of every figure, and a drawing of each.

A figure is a public output that is a number, or a row of a table with the columns `measure` and `value`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class _Scale:
    """How high values stand in a drawing, between its lower and its upper end."""

    low: float
    high: float

    def at(self, value: float) -> float:
        return _TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - _TOP - _BOTTOM)


def _chart(measure: Measure, axes: Sequence[Axis], cells: Sequence[Values]) -> Chart:
    series = _series(axes, cells)
    return _lines(measure, axes[0].names[0], series, cells) if series else _bars(measure, cells)


def _lines(measure: Measure, first: str, series: Mapping[str, Sequence[int]], cells: Sequence[Values]) -> Chart:
    low, high = _ends(measure)
    pad = _pad(low, high)
    scale = _Scale(low - pad, high + pad)
    across = _places([float(each[first]) for each in cells])
    lines = [
        Series(name, _dots(measure, cells, scale, [(number, across[number]) for number in own]))
        for name, own in series.items()
    ]
    labels = _apart({x: told(each[first]) for x, each in zip(across, cells, strict=True)})
    return Chart(measure, lines, (), labels, _ticks(scale, low, high), scale.at(scale.low), first)


def _bars(measure: Measure, cells: Sequence[Values]) -> Chart:
    least, most = _ends(measure)
    low, high = min(least, 0.0), max(most, 0.0)
    pad = _pad(low, high)
    scale = _Scale(low - pad if low < 0 else 0.0, high + pad)
    step = (WIDTH - LEFT - _RIGHT) / len(cells)
    places = [(number, LEFT + step * (number + 0.5)) for number in range(len(cells))]
    bars = _dots(measure, cells, scale, places)
    labels = _apart({x: str(number + 1) for number, x in places})
    return Chart(measure, (), bars, labels, _ticks(scale, least, most), scale.at(0.0), "cell")


def _ends(measure: Measure) -> tuple[float, float]:
    known = [value for value in measure.values if value is not None]
    return min(known), max(known)


def _pad(low: float, high: float) -> float:
    return 0.06 * ((high - low) or abs(high) or 1.0)


def _ticks(scale: _Scale, *values: float) -> list[Tick]:
    return [Tick(scale.at(value), f"{value:.3g}") for value in values]


def _dots(measure: Measure, cells: Sequence[Values], scale: _Scale, places: Sequence[tuple[int, float]]) -> list[Dot]:
    """Draw those cells that have a value, each at its place."""
    found = ((number, x, measure.values[number]) for number, x in places)
    return [
        Dot(x, scale.at(value), f"{label(cells[number])}: {short(value)}")
        for number, x, value in found
        if value is not None
    ]


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


def _apart(labels: Mapping[float, str]) -> list[Tick]:
    """Leave out labels that would lie on one another; the first and the last stay."""
    ticks = [Tick(at, said) for at, said in sorted(labels.items())]
    kept = ticks[:1]
    for each in ticks[1:-1]:
        if _free(kept[-1], each) and _free(each, ticks[-1]):
            kept.append(each)
    return kept + ticks[1:][-1:]


def _free(one: Tick, other: Tick) -> bool:
    return other.at - one.at > 4 * (len(one.said) + len(other.said)) + 8


def short(value: float) -> str:
    """Write a number with four digits that count."""
    return f"{value:.4g}"
