"""The work that all engines are given: chains, fans and diamonds of additions, as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Shape = Literal["chain", "fan", "diamonds"]
SHAPES: Sequence[Shape] = ("chain", "fan", "diamonds")


@dataclass(frozen=True, slots=True)
class Addition:
    """Add up earlier results, by number, and a constant of its own."""

    sources: tuple[int, ...]
    constant: int


Work = tuple[Addition, ...]


def work(shape: Shape, count: int) -> Work:
    """Lay out so many additions; every one has a constant of its own, so that no two are the same."""
    return tuple(Addition(_sources(shape, number), 1_000_003 * number) for number in range(count))


def ends(plan: Work) -> list[int]:
    """Name the additions that nothing uses."""
    used = {source for addition in plan for source in addition.sources}
    return [number for number in range(len(plan)) if number not in used]


def changed(plan: Work, number: int) -> Work:
    """Give the same work with one constant changed."""
    return (*plan[:number], replace(plan[number], constant=plan[number].constant + 1), *plan[number + 1 :])


def answer(plan: Work) -> list[int]:
    """Do the work in a plain loop: what every engine must give for the ends."""
    values: list[int] = []
    for addition in plan:
        values.append(addition.constant + sum(values[source] for source in addition.sources))
    return [values[number] for number in ends(plan)]


def _sources(shape: Shape, number: int) -> tuple[int, ...]:
    if number == 0:
        return ()
    match shape:
        case "chain":
            return (number - 1,)
        case "fan":
            return (0,)
        case "diamonds":  # 0 -> 1, 2 -> 3 -> 4, 5 -> 6 ...
            first = (number - 1) // 3 * 3
            return (first + 1, first + 2) if number % 3 == 0 else (first,)
