"""The score counts what the prompt named, and nothing else."""

import numpy as np
import torch
from torch import Tensor

from models.bauklotz.captions import Mention
from models.bauklotz.count import count_objects
from models.bauklotz.draw import draw
from models.bauklotz.evaluate import COLUMNS
from models.bauklotz.labels import labels
from models.bauklotz.scene import held_out_scenes, training_scenes
from models.bauklotz.score import FLOORS, GOALS, score
from models.bauklotz.table import table
from models.bauklotz.vocabulary import POSITIONS

SCENES = training_scenes(51, 200)
ALL = (Mention(),) * len(SCENES)


def perfect() -> dict[str, Tensor]:
    """Give the answers of a checker that reads everything right."""
    return {**labels(SCENES), "count": torch.from_numpy(1 + SCENES.is_pair)}


def test_right_answers_score_one_everywhere() -> None:
    found = score(perfect(), SCENES, ALL)
    assert set(found.values()) == {1.0}
    assert "one/count, place unsaid" not in found
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
    always = {"one/colour", "one/shape", "one/count", "two/colours", "two/shapes", "two/relation", "two/binding"}
    assert set(found) == always | {"two/count", "one/count, place unsaid"}
    assert set(found.values()) == {0.0}


def test_an_object_too_many_is_seen() -> None:
    answers = perfect()
    answers["count"] = answers["count"] + 1
    found = score(answers, SCENES, ALL)
    assert {name for name, share in found.items() if share < 1} == {"one/count", "two/count"}


def test_objects_are_counted_in_real_renders_and_in_what_no_scene_shows() -> None:
    one = held_out_scenes(61, 60, pairs=0)
    assert (count_objects(draw(one)) == 1).all()
    apart = held_out_scenes(61, 200, pairs=1)
    apart = apart[apart.size.sum(axis=1) == 0]
    assert (count_objects(draw(apart)) == 2).all()
    corner = one[one.arrangement == POSITIONS.index("top left")]
    drawn = draw(corner)
    doubled = np.concatenate([drawn[:, :, :40], drawn[:, :, :24]], axis=2)
    assert (count_objects(doubled)[corner.size[:, 0] == 0] == 2).all()
    assert (count_objects(np.zeros((1, 3, 64, 64), dtype=np.float32)) == 0).all()


def test_the_table_shows_every_figure_with_its_floor() -> None:
    found = score(perfect(), SCENES, ALL)
    lines = table({"real": found, "en": found, "de": found}, COLUMNS, floors=FLOORS, goals=GOALS).splitlines()
    assert len(lines) == 2 + len(found)
    assert "| one/shape | 1.000 | 1.000 | 1.000 | 0.85 | 0.98 |" in lines
