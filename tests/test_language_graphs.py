"""The graphs of words: what comes next obeys the grammar, and its chances add up."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import torch

from engine import Cache, Engine
from graphs import Graph
from models.bauklotz.vocabulary import SHAPES
from nodes import CATALOG
from nodes.values import Table

NEUTER, MASCULINE = {"quadrat", "dreieck", "kreuz"}, {"kreis", "stern", "ring"}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine(CATALOG, cache=Cache(memory="1GB"))
    yield engine
    engine.close()


def outputs(engine: Engine, name: str, inputs: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    result = engine.run(Graph.load(name), inputs or {})
    assert result.status == "done", result.failures
    return {output: result.outputs[output] for output in result.outputs}


def chances(table: Table) -> dict[int, dict[str, float]]:
    """Give the chance of each token that a step shows."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for step, token, chance, _ in table.rows:
        found[int(step)][str(token).strip()] = float(chance)
    return found


def test_what_comes_next_obeys_the_grammar(engine: Engine) -> None:
    found = outputs(engine, "next-token")
    steps = chances(found["table"])
    assert sum(steps[1][word] for word in ("a", "an")) > 0.8
    assert found["text"].startswith("a small red circle left of a")
    likeliest = chances(found["german"])[1]
    assert set(list(likeliest)[:3]) == NEUTER
    assert sum(likeliest[word] for word in NEUTER) > 0.9
    masculine = chances(outputs(engine, "next-token", {"german": "ein kleiner gelber"})["german"])[1]
    assert set(list(masculine)[:3]) == MASCULINE


def test_chances_add_up_and_the_likeliest_is_taken(engine: Engine) -> None:
    graph = Graph.load("next-token").set({"next.top": 100, "next.steps": 4})
    found = engine.run(graph)
    table: Table = found.outputs["table"]
    for step, words in chances(table).items():
        assert 0.98 < sum(words.values()) <= 1.0001, step
        assert list(words.values()) == sorted(words.values(), reverse=True)
    assert [row[3] for row in table.rows if row[3]] == ["taken"] * 4
    assert [row[3] for row in table.rows][::100] == ["taken"] * 4
    matrix = found.outputs["chances"].matrix
    torch.testing.assert_close(matrix.sum(1), torch.ones(4), atol=0.02, rtol=0)


def test_captions_are_written_one_for_each_seed(engine: Engine) -> None:
    captions = outputs(engine, "next-token", {"count": 6})["captions"]
    assert len(set(captions)) >= 4
    things = [f"{shape} " for shape in (*SHAPES, "disc", "plus sign")]
    assert all(text.startswith("a large blue ") for text in captions)
    assert sum(text.removeprefix("a large blue ").startswith(tuple(things)) for text in captions) >= 5
