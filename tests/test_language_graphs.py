"""The graphs of words: what comes next obeys the grammar, captions and answers are true, a round trip keeps both."""

from collections import defaultdict
from pathlib import Path

import torch

from engine import Engine
from graphs import Graph
from models.bauklotz.captions import Language
from models.bauklotz.checker import load_checker
from models.bauklotz.naming import judged
from models.bauklotz.scene import Scenes, held_out_scenes
from models.bauklotz.vocabulary import COLOURS, SHAPES
from nodes.values import Table
from tests.library_runs import outputs
from tests.test_steering_graphs import seen

CHECKER = Path(__file__).parents[1] / "models" / "bauklotz" / "checker"
NEUTER, MASCULINE = {"quadrat", "dreieck", "kreuz"}, {"kreis", "stern", "ring"}
TOLD = ("colour", "shape", "background")


def right(texts: list[str], scenes: Scenes, language: Language, *names: str) -> float:
    """Give the share of what is told rightly of scenes."""
    found = [judged(text, scenes, row, language)[name] for row, text in enumerate(texts) for name in names]
    return sum(found) / len(found)


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
    masculine = chances(outputs(engine, "next-token", german="ein kleiner gelber")["german"])[1]
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
    captions = outputs(engine, "next-token", count=6)["captions"]
    assert len(set(captions)) >= 4
    things = [f"{shape} " for shape in (*SHAPES, "disc", "plus sign")]
    assert all(text.startswith("a large blue ") for text in captions)
    assert sum(text.removeprefix("a large blue ").startswith(tuple(things)) for text in captions) >= 5


def test_captions_of_held_out_scenes_are_true_in_both_languages(engine: Engine) -> None:
    found = outputs(engine, "caption", count=12, pairs=0.0, seed=5)
    scenes, others = (held_out_scenes(seed, 12, pairs=0.0) for seed in (5, 6))
    assert right(found["captions"], scenes, "en", *TOLD) >= 0.8, found["captions"]
    assert right(found["german"], scenes, "de", *TOLD) >= 0.8, found["german"]
    assert right(found["captions"], others, "en", *TOLD) < 0.4
    assert all(text.startswith("a drawing of") for text in found["begun"])
    assert right(found["begun"], scenes, "en", *TOLD) >= 0.7, found["begun"]


def test_a_film_is_told_frame_by_frame(engine: Engine) -> None:
    found = outputs(engine, "caption", count=6, every=2)
    assert found["film"] == found["captions"][::2]
    assert len(set(found["film"])) == 3


def test_answers_are_those_of_the_question_and_of_the_picture(engine: Engine) -> None:
    told = [outputs(engine, "vqa", seed=seed) for seed in (2, 6, 10, 11)]  # the first thing is left of the second
    names = ("background", "count", "shape_0", "colour_0", "shape_1", "colour_1")
    found = []
    for each in told:
        (row,) = each["truth"].rows
        truth = {**dict(zip(each["truth"].columns, row, strict=True)), "count": "two"}
        assert truth["arrangement"] == "left of"
        found += [said == truth[name] for said, name in zip(each["answers"], names, strict=True)]
    assert sum(found) / len(found) >= 0.8, [each["answers"] for each in told]


def test_a_round_trip_keeps_what_the_caption_names(engine: Engine) -> None:
    checker = load_checker(CHECKER)
    kept: list[bool] = []
    for seed in range(3):
        found = outputs(engine, "round-trip", scene=seed)
        scene = held_out_scenes(seed, 1, pairs=0.0)
        drawn = seen(checker, found["image"].pixels)
        true = {"colour_0": COLOURS[scene.colour[0, 0]], "background": COLOURS[scene.background[0]]}
        kept += [drawn[name] == value for name, value in true.items()]
        kept += [judged(found["second"], scene, 0, "en")[name] for name in TOLD]
        assert float(found["scores"].matrix.min()) > 30
    assert sum(kept) / len(kept) >= 0.8
