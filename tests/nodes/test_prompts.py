"""Prompts are written from templates, looked over, and changed word by word."""

import pytest

from engine.errors import InputError
from engine.run import Run
from nodes import prompts, text
from nodes.load import Loaded
from nodes.values import Words


def words_of(sd: Loaded, prompt: str, run: Run, chunks: int = 3) -> Words:
    return text.tokenize(sd.tokenizer, prompt, chunks, run=run).words  # type: ignore[no-any-return]


def test_a_template_is_filled_and_empty_slots_go_away() -> None:
    filled = prompts.prompt_template(subject="a red fox", action="sleeping", lighting="at dusk")
    assert filled == "a red fox sleeping, at dusk"
    whole = prompts.prompt_template(
        style="an oil painting of", subject="a fox", action="asleep", setting="a wood", lighting="dusk", camera="35 mm"
    )
    assert whole == "an oil painting of a fox asleep in a wood, dusk, 35 mm"
    with pytest.raises(InputError, match=r"has a slot \[mood\]"):
        prompts.prompt_template("[mood] [subject]", subject="a fox")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a storm", ("a storm", "a storm", "a storm")),
        ("a star ; a hiss", ("a star", "a star", "a hiss")),
        ("a star; turning; a hiss", ("a star", "a star, turning", "a hiss")),
        ("a star; ; a hiss", ("a star", "a star", "a hiss")),
    ],
)
def test_a_prompt_is_taken_apart_for_the_senses(text: str, parts: tuple[str, ...]) -> None:
    assert prompts.prompt_parts(text) == parts


def test_a_prompt_of_too_many_parts_is_refused() -> None:
    with pytest.raises(InputError, match="has 4 parts"):
        prompts.prompt_parts("a; b; c; d")


def test_wildcards_are_drawn_from_the_seed_and_may_be_nested() -> None:
    template = "a {red|{light|dark} blue} circle"
    drawn = prompts.wildcards(template, seed=3, count=50)
    assert drawn == prompts.wildcards(template, seed=3, count=50) != prompts.wildcards(template, seed=4, count=50)
    assert set(drawn) == {"a red circle", "a light blue circle", "a dark blue circle"}


def test_combinations_are_all_there_in_order_up_to_a_limit() -> None:
    assert prompts.combinations("a {red|blue} {circle|star}") == [
        "a red circle",
        "a red star",
        "a blue circle",
        "a blue star",
    ]
    with pytest.raises(InputError, match="allows 4 prompts"):
        prompts.combinations("{a|b} {c|d}", 3)


def test_one_word_is_dropped_or_swapped_at_a_time(sd: Loaded, run: Run) -> None:
    assert prompts.drop_words(words_of(sd, "a large red circle", run)) == [
        "a large red circle",
        "large red circle",
        "a red circle",
        "a large circle",
        "a large red",
    ]
    assert prompts.drop_words(words_of(sd, "a large red circle", run), r"one\1")[1:3] == [
        r"one\1 large red circle",
        r"a one\1 red circle",
    ]
    assert prompts.swap_word("a red circle, redder", "red", ["blue", "green"]) == [
        "a red circle, redder",
        "a blue circle, redder",
        "a green circle, redder",
    ]
    with pytest.raises(InputError, match="'cat' is not in the prompt"):
        prompts.swap_word("a red circle", "cat", ["dog"])


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("a large red circle on blue", set()),
        ("circle", {"underspecified"}),
        ("a nice circle", {"underspecified"}),
        ("a small large circle", {"contradictory"}),
        ("a small circle left of a large square", {"order-sensitive"}),
        ("a circle without stripes", {"negated"}),
        ("a red red circle", {"doubled"}),
        ("a (red:3) circle", {"overweighted"}),
    ],
)
def test_the_linter_names_what_is_wrong(prompt: str, kinds: set[str], sd: Loaded, run: Run) -> None:
    table = prompts.prompt_linter(words_of(sd, prompt, run))
    assert {row[0] for row in table.rows} == kinds


def test_the_linter_says_what_was_cut(sd: Loaded, run: Run) -> None:
    table = prompts.prompt_linter(words_of(sd, "a large red circle left of a blue square " * 5, run, 1))
    cut = [row[1] for row in table.rows if row[0] == "overlong"]
    assert len(cut) == 1
    assert str(cut[0]).rstrip().endswith("blue square")
