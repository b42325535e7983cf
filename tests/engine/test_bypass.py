"""Bypassed nodes in a run: they are not called, not in a key, and what they leave empty is a problem with a mend."""

import pytest

from graphs import Graph, GraphError
from tests.engine.toys import bench, document

NODES = {
    "one": {"type": "Number", "params": {"value": 8}},
    "half": {"type": "Half", "inputs": {"a": "one.number"}},
    "sum": {"type": "Add", "params": {"b": 1}, "inputs": {"a": "half.number"}},
}


def graph(bypass: dict[str, str] | None, **rest: object) -> Graph:
    return document({**NODES, "half": {**NODES["half"], "bypass": bypass}}, outputs={"sum": "sum.number"}, **rest)


def test_a_bypassed_node_is_not_called_and_its_input_goes_through() -> None:
    made = bench()
    result = made.engine().run(graph({"number": "a"}))
    assert result.outputs["sum"] == 9
    assert made.tally.counts == {"Number": 1, "Add": 1}


def test_its_readers_have_the_key_that_they_have_without_it() -> None:
    made = bench()
    engine = made.engine()
    total = {**NODES["sum"], "inputs": {"a": "one.number"}}
    engine.run(document({"one": NODES["one"], "sum": total}, outputs={"sum": "sum.number"}))
    assert list(engine.run(graph({"number": "a"})).nodes.ran) == []
    assert engine.run(graph(None)).outputs["sum"] == 5


def test_a_required_input_that_a_muted_node_fed_is_a_problem_that_says_so() -> None:
    problems = bench().engine().check(graph({}))
    assert [str(problem) for problem in problems] == [
        "sum.a: has no value: its wire comes from half, which is muted; let half run, "
        "or wire a whole number to it, or set it with --set sum.a=..."
    ]


def test_a_public_output_of_a_muted_node_is_left_out_and_the_rest_runs() -> None:
    muted = document(
        {"one": NODES["one"], "half": {**NODES["half"], "bypass": {}}},
        outputs={"half": "half.number", "one": "one.number"},
    )
    result = bench().engine().run(muted)
    assert (result.status, dict(result.outputs)) == ("done", {"one": 8})


def test_a_target_that_gives_nothing_is_refused_and_one_that_passes_through_is_followed() -> None:
    engine = bench().engine()
    with pytest.raises(GraphError, match=r"half: the target half.number comes from half, which is muted"):
        engine.run(document({**NODES, "half": {**NODES["half"], "bypass": {}}}), targets=["half.number"])
    assert engine.run(graph({"number": "a"}), targets=["half.number"]).outputs["half.number"] == 8


def test_unknown_names_in_a_bypass_are_problems_with_place_and_mend() -> None:
    problems = [str(problem) for problem in bench().engine().check(graph({"numbr": "b"}))]
    assert problems[:2] == [
        "half.numbr: the bypass names 'numbr', which is no output of Half; did you mean number?",
        "half.b: the bypass passes 'b' on, which is no input of Half; there are: a",
    ]


def test_a_bypassed_node_of_an_unknown_type_is_not_missed() -> None:
    stranger = {"type": "pack/Stranger", "inputs": {"x": "one.number"}, "bypass": {"out": "x"}}
    whole = document({"one": NODES["one"], "s": stranger}, outputs={"o": "s.out"})
    assert bench().engine().run(whole).outputs["o"] == 8


def test_a_circle_through_a_bypassed_node_is_found() -> None:
    circle = {**NODES, "one": {"type": "Add", "inputs": {"a": "sum.number"}}}
    whole = document({**circle, "half": {**NODES["half"], "bypass": {"number": "a"}}})
    assert "the graph goes in a circle" in str(bench().engine().check(whole)[0])
