"""Read `--sweep NAME=[...]`: the cells of a sweep, each with the values that it sets.

Guarantees
1. Axes are combined with one another, in the order given: the last one changes fastest.
2. Inputs that share an axis, `--sweep A,B=[[a, b], ...]`, change together.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from engine import InputError
from engine.spec import Json
from graphs import LIMITS, GraphError
from graphs.strict_json import read

MOST_CELLS = 256
_HINT = 'write --sweep NAME=[1, 2], or --sweep NAME,OTHER=[[1, "a"], [2, "b"]]'


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a sweep: the inputs on it, and for each of its places a value of each."""

    names: tuple[str, ...]
    places: tuple[tuple[Json, ...], ...]


Values = Mapping[str, Json]


def axes_of(sweeps: Sequence[str]) -> tuple[Axis, ...]:
    """Read every axis; an input is on one axis only."""
    axes = tuple(map(_axis, sweeps))
    names = [name for axis in axes for name in axis.names]
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputError(f"--sweep {twice[0]}: it is swept twice", hint="name each input once")
    return axes


def cells_of(axes: Sequence[Axis]) -> list[Values]:
    """Give the values that each cell sets; without an axis there is one cell, which sets none."""
    count = 1
    for axis in axes:
        count *= len(axis.places)
    if count > MOST_CELLS:
        raise InputError(f"a sweep of {count} cells is too large for a page", hint=f"{MOST_CELLS} at most")
    combined = product(*(axis.places for axis in axes))
    return [
        {name: value for axis, place in zip(axes, places, strict=True) for name, value in _named(axis, place)}
        for places in combined
    ]


def assignments(values: Values) -> list[str]:
    """Write values as `--set` takes them."""
    return [f"{name}={told(value)}" for name, value in values.items()]


def told(value: Json) -> str:
    """Write a value as a person would: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _axis(sweep: str) -> Axis:
    names, equals, text = sweep.partition("=")
    each = tuple(name.strip() for name in names.split(","))
    if not equals or not all(each):
        raise InputError(f"--sweep {sweep[:80]}: there is no name or no '='", hint=_HINT)
    try:
        places = read(text.encode(), limits=LIMITS)
    except GraphError:
        raise InputError(f"--sweep {names[:80]}: {text[:80]!r} is not JSON", hint=_HINT) from None
    if not isinstance(places, list) or not places:
        raise InputError(f"--sweep {names[:80]}: {text[:80]!r} is not a list of values", hint=_HINT)
    if len(each) == 1:
        return Axis(each, tuple((place,) for place in places))
    if wrong := [place for place in places if not isinstance(place, list) or len(place) != len(each)]:
        raise InputError(f"--sweep {names[:80]}: {told(wrong[0])[:80]} is not {len(each)} values", hint=_HINT)
    return Axis(each, tuple(tuple(place) for place in places if isinstance(place, list)))


def _named(axis: Axis, place: Sequence[Json]) -> list[tuple[str, Json]]:
    return list(zip(axis.names, place, strict=True))
