"""Plain nodes, and the graphs that ship, on the engine."""

import pytest

from engine import Cache, Engine
from engine.errors import InputError
from graphs import Graph
from nodes import CATALOG, guidance, logic


def test_texts_are_joined_without_empty_ones() -> None:
    assert logic.join_text(["a red circle", "", "flat"]) == "a red circle, flat"
    assert logic.join_text([], "-") == ""


def test_seeds_are_in_a_row() -> None:
    assert logic.seeds(5, 3) == [5, 6, 7]


def test_choosing_what_is_not_connected_is_refused() -> None:
    assert logic.choose(yes="a", condition=True) == "a"
    with pytest.raises(InputError, match="no is chosen, and not connected"):
        logic.choose(yes="a", condition=False)


def test_an_interval_that_ends_before_it_begins_is_refused() -> None:
    assert guidance.cfg.check is not None
    assert guidance.cfg.check(start=0.5, stop=0.2) == (
        "the interval starts at 0.5 and stops at 0.2; start before you stop"
    )
    assert guidance.cfg.check(start=0.2, stop=0.2) is None


def test_only_the_chosen_branch_is_computed() -> None:
    g = Graph.build("Choose")
    one, two = g.add("Text", id="one", text="a"), g.add("JoinText", id="two", texts=["b", "c"])
    chosen = g.add("Choose", yes=one.text, no=two.text, condition=False)
    g.output("text", chosen.value)
    engine = Engine(CATALOG, cache=Cache())
    result = engine.run(g.graph())
    assert result.outputs["text"] == "b, c"
    assert set(result.nodes.ran) == {"two", "choose_1"}
    engine.close()
