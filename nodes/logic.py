"""Plain things: texts, numbers, lists, and choosing between two branches."""

from collections.abc import Sequence
from typing import TypeVar

from engine.errors import InputError
from engine.node import Lazy, node
from nodes.widgets import Line, Prompt, Seed, Steps

T = TypeVar("T")


@node("Text")
def text(text: Prompt = "") -> str:
    """Give a text, to wire to several places."""
    return text


@node("Integer")
def integer(number: int = 0) -> int:
    """Give a whole number, to wire to several places."""
    return number


@node("Float")
def decimal(number: float = 0.0) -> float:
    """Give a number, to wire to several places."""
    return number


@node("JoinText")
def join_text(texts: Sequence[str], between: Line = ", ") -> str:
    """Join texts to one, with something between them; empty ones are left out."""
    return between.join(each for each in texts if each)


@node("TextList")
def text_list(texts: Sequence[str] = ()) -> list[str]:
    """Give a list of texts: wired to a port that wants one, the node there runs for each."""
    return list(texts)


@node("List")
def collect(items: Sequence[T]) -> list[T]:
    """Gather things of one kind in a list."""
    return list(items)


@node("Seeds")
def seeds(first: Seed = 0, count: Steps = 4) -> list[int]:
    """Give seeds in a row: wired to a sampler's `seed`, it runs for each."""
    return list(range(first, first + count))


def _chosen(condition: bool) -> tuple[str, ...]:
    return ("yes",) if condition else ("no",)


@node("Choose", needs=_chosen)
def choose(
    yes: Lazy[T | None] = None,  # type: ignore[assignment]  # what is lazy arrives as a value
    no: Lazy[T | None] = None,  # type: ignore[assignment]
    condition: bool = True,
) -> T:
    """Give one of two things; the other is not computed."""
    chosen = yes if condition else no
    if chosen is None:
        raise InputError(f"{'yes' if condition else 'no'} is chosen, and not connected", hint="wire something to it")
    return chosen  # type: ignore[return-value]
