"""Read JSON strictly: what cannot be kept exactly is refused, and the place is named.

Guarantees
1. Any bytes give a JSON value or a GraphError, nothing else; nothing here recurses along the text.
2. Size, depth and the number of values are checked before anything is parsed.
3. Duplicate keys, NaN, infinity, numbers that overflow, NUL and lone surrogates are refused with line and column.
"""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

from pydantic import JsonValue

from graphs.errors import GraphError
from graphs.json_faults import faults, place
from graphs.limits import LIMITS, Limits

# Possessive, and an unclosed string ends with the text: the expression always matches, so it is linear.
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_DOUBTFUL = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def read(data: bytes, *, limits: Limits = LIMITS) -> JsonValue:
    """Read one JSON value from UTF-8 bytes."""
    if len(data) > limits.bytes:
        raise GraphError(f"the document has {len(data):,} bytes", hint=f"at most {limits.bytes:,} are read")
    text = _decode(data)
    _check_shape(text, limits)
    value = _parse(text, limits)
    if _DOUBTFUL.search(text) or _longest(text, limits.text) > limits.text:
        _raise_faults(text, limits)
    return value


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise GraphError(f"byte {error.start} is not UTF-8", hint="save the document as UTF-8") from None
    if text.startswith("\ufeff"):
        raise GraphError("the document starts with a byte order mark", hint="save it as UTF-8 without one")
    return text


def _check_shape(text: str, limits: Limits) -> None:
    bare = _STRING.sub("", text)
    values = bare.count(",") + bare.count("[") + bare.count("{") + 1
    if values > limits.values:
        raise GraphError(f"the document has {values:,} values", hint=f"at most {limits.values:,} are read")
    depth = 0
    for bracket in _BRACKET.finditer(bare):
        depth += 1 if bracket.group() in "[{" else -1
        if depth > limits.depth:
            raise GraphError(
                f"lists and objects are nested deeper than {limits.depth} at {_deep(text, limits.depth)}",
                hint="this is not a graph that Promptograph saved",
            )


def _deep(text: str, limit: int) -> str:
    depth = 0
    for token in re.finditer(rf"{_STRING.pattern}|[\[\]{{}}]", text, re.DOTALL):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token.group(), 0)
        if depth > limit:
            return place(text, token.start())
    return place(text, len(text))


def _longest(text: str, limit: int) -> int:
    """Give the length of the longest string as it is written, which is at least what it holds."""
    return len(text) if len(text) <= limit else max(map(len, _STRING.findall(text)), default=0) - 2


class _DoubtError(Exception):
    """Something that only the slow reader can name."""


def _parse(text: str, limits: Limits) -> JsonValue:
    try:
        value: JsonValue = json.loads(
            text, object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_refuse
        )
    except _DoubtError:
        _raise_faults(text, limits)
        raise AssertionError("the slow reader found nothing") from None
    except json.JSONDecodeError as error:
        where = place(text, error.pos)
        raise GraphError(f"broken JSON at {where}: {error.msg.lower()}", hint="mend the text there") from None
    return value


def _raise_faults(text: str, limits: Limits) -> None:
    if found := faults(text, limits=limits):
        raise GraphError.of(found)


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _DoubtError
    return made


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -(2**63) <= (number := int(digits)) < 2**63:
        raise _DoubtError
    return number


def _float(digits: str) -> float:
    if not math.isfinite(number := float(digits)):
        raise _DoubtError
    return number


def _refuse(_: str) -> NoReturn:
    raise _DoubtError
