"""The grammar of prompt weights."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.weights import parts


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("", [("", 1.0)]),
        ("a red circle", [("a red circle", 1.0)]),
        ("a (red) circle", [("a ", 1.0), ("red", 1.1), (" circle", 1.0)]),
        ("a (red:1.5) circle", [("a ", 1.0), ("red", 1.5), (" circle", 1.0)]),
        ("a (red: .5) circle", [("a ", 1.0), ("red", 0.5), (" circle", 1.0)]),
        ("a [red] circle", [("a ", 1.0), ("red", 1 / 1.1), (" circle", 1.0)]),
        ("((red))", [("red", 1.1 * 1.1)]),
        ("(a (red:2) one:0.5)", [("a ", 0.5), ("red", 1.0), (" one", 0.5)]),
        (r"a \(red\) circle", [("a (red) circle", 1.0)]),
        (r"a \\ b", [("a \\ b", 1.0)]),
        (r"a \b", [("a \\b", 1.0)]),
        ("never (closed", [("never ", 1.0), ("closed", 1.1)]),
        ("never opened) or ]", [("never opened) or ]", 1.0)]),
        ("a: b (c: d)", [("a: b ", 1.0), ("c: d", 1.1)]),
        ("(red:1.5", [("red:1.5", 1.1)]),
        ("red:1.5)", [("red:1.5)", 1.0)]),
        ("[red:1.5)", [("red:1.5)", 1 / 1.1)]),
        ("()", [("", 1.0)]),
    ],
)
def test_a_prompt_is_split_by_weight(prompt: str, expected: list[tuple[str, float]]) -> None:
    found = [(part.text, part.weight) for part in parts(prompt)]
    assert [text for text, _ in found] == [text for text, _ in expected]
    assert [weight for _, weight in found] == pytest.approx([weight for _, weight in expected])


@pytest.mark.parametrize("hostile", ["(" * 100_000, "(a" * 50_000, ":" + "1" * 100_000, "(a:" + "9" * 400 + ")"])
def test_hostile_prompts_are_read_quickly_and_weights_stay_finite(hostile: str) -> None:
    start = time.process_time()
    assert all(abs(part.weight) <= 100 for part in parts(hostile))
    assert time.process_time() - start < 2


@given(st.text(alphabet="ab ()[]\\:.15,", max_size=40))
def test_every_character_says_where_it_stood(prompt: str) -> None:
    for part in parts(prompt):
        assert len(part.text) == len(part.places)
        assert part.text == "".join(prompt[place] for place in part.places)
        assert part.weight > 0


@given(st.text(alphabet="abc .,", max_size=40))
def test_a_prompt_without_brackets_is_one_part_as_it_is(prompt: str) -> None:
    assert [(part.text, part.weight) for part in parts(prompt)] == [(prompt, 1.0)]
