"""The score counts what the prompt named, and nothing else."""

import torch
from torch import Tensor

from models.bauklotz.captions import Mention
from models.bauklotz.evaluate import table
from models.bauklotz.labels import labels
from models.bauklotz.scene import training_scenes
from models.bauklotz.score import FLOORS, GOALS, score

SCENES = training_scenes(51, 200)
ALL = (Mention(),) * len(SCENES)


def perfect() -> dict[str, Tensor]:
    """Give the answers of a checker that reads everything right."""
    return labels(SCENES)


def test_right_answers_score_one_everywhere() -> None:
    found = score(perfect(), SCENES, ALL)
    assert set(found.values()) == {1.0}
    assert set(FLOORS) | set(GOALS) <= set(found)


def test_one_wrong_attribute_lowers_its_own_figure_and_the_binding() -> None:
    answers = perfect()
    answers["colour_1"] = torch.full_like(answers["colour_1"], 99)
    found = score(answers, SCENES, ALL)
    assert found["two/colours"] == 0.5
    assert found["two/binding"] == 0
    assert {name for name, share in found.items() if share < 1} == {"two/colours", "two/binding"}


def test_a_pair_the_wrong_way_round_is_not_bound() -> None:
    answers = perfect()
    answers["arrangement"] = torch.zeros_like(answers["arrangement"])
    found = score(answers, SCENES, ALL)
    assert found["two/relation"] == found["two/binding"] == 0
    assert 0 < found["one/position"] < 0.5


def test_what_a_prompt_does_not_name_is_not_judged() -> None:
    silent = Mention(size=(False, False), position=False, background=False, light=False, style=False)
    answers = {name: torch.full_like(a, 99) for name, a in perfect().items()}
    found = score(answers, SCENES, (silent,) * len(SCENES))
    assert set(found) == {"one/colour", "one/shape", "two/colours", "two/shapes", "two/relation", "two/binding"}
    assert set(found.values()) == {0.0}


def test_the_table_shows_every_figure_with_its_floor() -> None:
    found = score(perfect(), SCENES, ALL)
    lines = table({"real": found, "en": found, "de": found}).splitlines()
    assert len(lines) == 2 + len(found)
    assert "| one/shape | 1.000 | 1.000 | 1.000 | 0.85 | 0.98 |" in lines
