"""Take a Python value in as JSON: copied, checked, and bounded like a text that was read.

Guarantees
1. Any value gives a copy made of plain JSON types or a GraphError; values that hold themselves are refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from graphs.errors import GraphError, Problem
from graphs.json_faults import refused_text, where
from graphs.limits import LIMITS, Limits


def plain(value: object, *, limits: Limits = LIMITS) -> JsonValue:
    """Copy a value as JSON, or raise a GraphError that names the place inside it."""
    return _Copy(limits).of(value, ())


class _Copy:
    """One copying, with the number of values that it may still take."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.left = limits.values

    def of(self, value: object, path: tuple[str | int, ...]) -> JsonValue:
        """Copy one value; the depth limit bounds the recursion."""
        self.left -= 1
        if len(path) > self.limits.depth or self.left < 0:
            raise _error("it is nested too deep, holds itself, or is too large", path, "give plain JSON values")
        match value:
            case None | bool():
                return value
            case str():
                return self._text(value, path)
            case int():
                return _integer(int(value), path)
            case float():
                return _number(float(value), path)
            case Mapping():
                return {self._key(key, path): self.of(inner, (*path, str(key))) for key, inner in _items(value)}
            case list() | tuple():
                return [self.of(inner, (*path, at)) for at, inner in enumerate(value)]
            case _:
                raise _error(f"a {type(value).__name__} is not JSON", path, "give text, numbers, lists or dicts")

    def _key(self, key: object, path: tuple[str | int, ...]) -> str:
        if not isinstance(key, str):
            raise _error(f"the key {key!r:.80} is not text", path, "JSON keys are text")
        return self._text(key, path)

    def _text(self, text: str, path: tuple[str | int, ...]) -> str:
        if len(text) <= self.limits.text and (text.isascii() and "\0" not in text):
            return str.__str__(text)
        for message, hint in refused_text(text, self.limits):
            raise _error(message, path, hint)
        return str.__str__(text)


def _items(value: Mapping[object, object]) -> Iterator[tuple[object, object]]:
    yield from value.items()


def _integer(number: int, path: tuple[str | int, ...]) -> int:
    if not -(2**63) <= number < 2**63:
        raise _error("the number overflows", path, "whole numbers have 64 bits")
    return number


def _number(number: float, path: tuple[str | int, ...]) -> float:
    if not math.isfinite(number):
        raise _error(f"{number} is not a JSON number", path, "give a finite number")
    return number


def _error(message: str, path: tuple[str | int, ...], hint: str) -> GraphError:
    node, port = where(path)
    if node is None and path:
        message = f"at {'.'.join(map(str, path[:8]))}: {message}"
    return GraphError.of([Problem(message, node, port, hint)])
