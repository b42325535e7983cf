"""Name what the strict JSON reader refused: a slow second look, only taken when something is wrong."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from graphs.errors import Problem
from graphs.limits import Limits

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]+', re.DOTALL)
_HALF = re.compile("[\ud800-\udfff]")
_SHOWN = 100


def faults(text: str, *, limits: Limits) -> list[Problem]:
    """List what is refused in a text whose JSON syntax is right, with the place of each."""
    found: list[Problem] = []
    for start, path, message, hint in _walk(text, limits):
        node, port = where(path)
        found.append(Problem(f"{message} at {place(text, start)}", node, port, hint))
        if len(found) == _SHOWN:
            break
    return found


def place(text: str, at: int) -> str:
    """Say a position as line and column, both from one."""
    return f"line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)}"


def where(path: tuple[str | int, ...]) -> tuple[str | None, str | None]:
    """Read the node and the port out of a path into a document."""
    ids: list[str] = []
    rest = path
    while len(rest) >= 2 and rest[0] == "nodes":
        ids.append(str(rest[1]))
        if rest[2:3] != ("graph",):
            break
        rest = rest[3:]
    port = str(rest[3]) if ids and len(rest) > 3 and rest[2] in ("params", "inputs", "bypass", "pin") else None
    return "/".join(ids) or None, port


@dataclass(slots=True)
class _Level:
    step: str = ""  # the key that is being read; indices are not told
    keys: set[str] | None = None  # None in a list
    wants_key: bool = False


def _walk(text: str, limits: Limits) -> Iterator[tuple[int, tuple[str | int, ...], str, str]]:
    levels: list[_Level] = []
    for token in _TOKEN.finditer(text):
        word, start = token.group(), token.start()
        level = levels[-1] if levels else None
        if word == "{":
            levels.append(_Level(keys=set(), wants_key=True))
        elif word == "[":
            levels.append(_Level())
        elif word in ("]", "}"):
            levels.pop()
        elif word == "," and level:
            level.wants_key = level.keys is not None
        elif word not in (":", ","):
            key = level.keys if level and level.wants_key else None
            if level and key is not None:
                level.step, level.wants_key = _string(word), False
            path = tuple(level.step for level in levels)
            for message, hint in _refused(word, key, limits):
                yield start, path, message, hint


def _refused(word: str, keys: set[str] | None, limits: Limits) -> Iterator[tuple[str, str]]:
    if word.startswith('"'):
        text = _string(word)
        if keys is not None and text in keys:
            yield f"the key {text[:80]!r} is there twice", "keep one of them"
        if keys is not None:
            keys.add(text)
        yield from refused_text(text, limits)
    elif word in ("NaN", "Infinity", "-Infinity"):
        yield f"{word} is not a JSON number", "write a finite number"
    elif word not in ("true", "false", "null"):
        yield from _refused_number(word)


def refused_text(text: str, limits: Limits) -> Iterator[tuple[str, str]]:
    """Say why a string cannot be kept."""
    if len(text) > limits.text:
        yield f"a text has {len(text):,} characters", f"at most {limits.text:,} are kept"
    if "\0" in text:
        yield "a text holds the NUL character", "remove it"
    if _HALF.search(text):
        yield "a text holds half of a surrogate pair", "write the whole character"


def _refused_number(word: str) -> Iterator[tuple[str, str]]:
    if any(sign in word for sign in ".eE"):
        if not math.isfinite(float(word)):
            yield f"the number {word[:40]} overflows", "write a number that fits 64 bits"
    elif len(word) > 20 or not -(2**63) <= int(word) < 2**63:
        yield f"the number {word[:40]} overflows", "whole numbers have 64 bits"


def _string(word: str) -> str:
    read = json.loads(word)
    assert isinstance(read, str)
    return read
