"""The strict JSON reader: exact, bounded, and clear about the place."""

import contextlib
import json
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphs import Graph, GraphError, Limits
from graphs.strict_json import read
from tests.graphs.documents import VALUES, examples, graphs
from tests.graphs.growth import LINEAR, growth

CASES: list[tuple[bytes, str]] = [
    (b'{"a": 1, "b": 2,\n "a": 3}', "the key 'a' is there twice at line 2, column 2; keep one of them"),
    (b"[1, NaN]", "NaN is not a JSON number at line 1, column 5; write a finite number"),
    (b"[1,\n-Infinity]", "-Infinity is not a JSON number at line 2, column 1; write a finite number"),
    (b"[1e999]", "the number 1e999 overflows at line 1, column 2; write a number that fits 64 bits"),
    (
        b"9223372036854775808",
        "the number 9223372036854775808 overflows at line 1, column 1; whole numbers have 64 bits",
    ),
    (b'["\\u0000"]', "a text holds the NUL character at line 1, column 2; remove it"),
    (b'["\\ud83d"]', "a text holds half of a surrogate pair at line 1, column 2; write the whole character"),
    (b'{"\\ude00": 1}', "a text holds half of a surrogate pair at line 1, column 2; write the whole character"),
    (b'{"a": 1 "b"}', "broken JSON at line 1, column 9: expecting ',' delimiter; mend the text there"),
    (b"", "broken JSON at line 1, column 1: expecting value; mend the text there"),
    (b'{"a": 1} x', "broken JSON at line 1, column 10: extra data; mend the text there"),
    (b'"\x01"', "broken JSON at line 1, column 2: invalid control character at; mend the text there"),
    (b'"abc', "broken JSON at line 1, column 1: unterminated string starting at; mend the text there"),
    (b'["\xff"]', "byte 2 is not UTF-8; save the document as UTF-8"),
    (b'["\xed\xa0\x80"]', "byte 2 is not UTF-8; save the document as UTF-8"),
    ('"é"'.encode("utf-16"), "byte 0 is not UTF-8; save the document as UTF-8"),
    (b"\xef\xbb\xbf1", "the document starts with a byte order mark; save it as UTF-8 without one"),
]


@pytest.mark.parametrize(("data", "expected"), CASES)
def test_what_cannot_be_kept_is_refused_with_its_place(data: bytes, expected: str) -> None:
    with pytest.raises(GraphError) as raised:
        read(data)
    assert str(raised.value) == expected


def test_every_fault_is_listed_with_its_node_and_port() -> None:
    data = b"""{"format": "promptograph/1", "nodes": {
      "a": {"type": "N", "params": {"x": NaN, "y": [1, {"z": 1e400}]}},
      "s": {"type": "Subgraph", "graph": {"nodes": {"b": {"type": "N", "params": {"x": 1, "x": 2}}}}},
      "a": {"type": "N"}
    }}"""
    with pytest.raises(GraphError) as raised:
        Graph.load(data)
    assert str(raised.value).splitlines() == [
        "a.x: NaN is not a JSON number at line 2, column 42; write a finite number",
        "a.y: the number 1e400 overflows at line 2, column 62; write a number that fits 64 bits",
        "s/b.x: the key 'x' is there twice at line 3, column 91; keep one of them",
        "a: the key 'a' is there twice at line 4, column 7; keep one of them",
    ]


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
@pytest.mark.parametrize("levels", [65, 200, 1_000_000])
def test_deep_nesting_is_refused(opening: bytes, levels: int) -> None:
    with pytest.raises(GraphError, match="nested deeper than 64 at line 1, column"):
        read(opening * levels)


def test_sixty_four_levels_are_read() -> None:
    assert json.dumps(read(b"[" * 64 + b"]" * 64)) == "[" * 64 + "]" * 64


def test_brackets_inside_texts_do_not_count() -> None:
    assert read(json.dumps(['["' * 500]).encode()) == ['["' * 500]


@pytest.mark.parametrize(
    ("data", "limits", "message"),
    [
        (b"[1, 2, 3]", Limits(bytes=8), "the document has 9 bytes"),
        (b"[1, 2, 3]", Limits(values=3), "the document has 4 values"),
        (b'["12345"]', Limits(text=4), "a text has 5 characters"),
        (b'{"12345": 1}', Limits(text=4), "a text has 5 characters"),
    ],
)
def test_what_is_too_large_is_refused(data: bytes, limits: Limits, message: str) -> None:
    with pytest.raises(GraphError, match=message):
        read(data, limits=limits)


def test_escapes_that_look_doubtful_but_are_right_are_read() -> None:
    assert read(b'["\\ud83d\\ude00", "\\\\u0000", "\\\\ud800"]') == ["😀", "\\u0000", "\\ud800"]


def test_the_ends_of_the_range_are_read() -> None:
    assert read(b"[-9223372036854775808, 9223372036854775807, 1.7976931348623157e308]") == [
        -(2**63),
        2**63 - 1,
        1.7976931348623157e308,
    ]


HOSTILE = [('"', '\\"', ""), ('["', '\\"', '"]'), ("", '"\\', ""), ("", '["', "")]


@pytest.mark.parametrize(("start", "middle", "end"), HOSTILE, ids=["open", "closed", "backslashes", "brackets"])
def test_reading_is_linear_for_hostile_texts(start: str, middle: str, end: str) -> None:
    def reading(length: int) -> Callable[[], None]:
        data = (start + middle * length + end).encode()

        def task() -> None:
            with contextlib.suppress(GraphError):
                read(data)

        return task

    assert growth(reading, 10_000, 100_000) < LINEAR


@given(VALUES)
@examples(40)
def test_what_json_writes_is_read_back(value: object) -> None:
    assert repr(read(json.dumps(value).encode())) == repr(value)


_MANGLED = st.tuples(graphs(1), st.integers(0), st.binary(max_size=3), st.integers(0, 3))


def _mangle(drawn: tuple[Graph, int, bytes, int]) -> bytes:
    graph, at, put, cut = drawn
    data = graph.dumps().encode()
    at %= len(data)
    return data[:at] + put + data[at + cut :]


@given(st.one_of(st.binary(max_size=50), _MANGLED.map(_mangle)))
@examples(100)
@example(b'{"format": "promptograph/1", "nodes": []}')
@example(b'{"format": "promptograph/1", "inputs": {"a": []}, "outputs": 3, "ui": 3, "name": null}')
@example(b'{"format": "promptograph/999999"}')
@example(b"\x89PNG\r\n\x1a\n")
@example(b"3")
def test_any_bytes_give_a_graph_or_a_graph_error(data: bytes) -> None:
    with contextlib.suppress(GraphError):
        assert isinstance(Graph.load(data), Graph)
