"""The held-out split and the evaluation prompts never move."""

import hashlib
import json

from models.bauklotz.prompts import evaluation_prompts
from models.bauklotz.scene import Scenes
from models.bauklotz.split import held_out_pair, held_out_single, is_held_out


def digest(value: object) -> str:
    """Give a short digest of a JSON value."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]


def test_the_split_is_pinned() -> None:
    assert digest(held_out_single().tolist()) == "47f0bbd750530a9c"
    assert digest(held_out_pair().tolist()) == "5ead7bc914cfdf1d"


def test_the_split_ignores_the_order_of_a_pair() -> None:
    table = held_out_pair()
    assert (table == table.T).all()
    assert 0.1 < table.mean() < 0.2
    assert 0.1 < held_out_single().mean() < 0.2


def test_the_evaluation_prompts_are_pinned() -> None:
    assert digest(evaluation_prompts("en").texts) == "ebcea4ae00282ec1"
    assert digest(evaluation_prompts("de").texts) == "115e887dfbf90636"


def test_there_are_100_prompts_of_one_object_and_100_of_two() -> None:
    prompts = evaluation_prompts("en")
    assert len(prompts.texts) == len(prompts.scenes) == len(prompts.mentions) == 200
    assert int(prompts.scenes.is_pair.sum()) == 100


def test_the_two_languages_describe_the_same_scenes() -> None:
    english, german = evaluation_prompts("en"), evaluation_prompts("de")
    assert english.mentions == german.mentions
    assert rows(english.scenes) == rows(german.scenes)
    assert not set(english.texts) & set(german.texts)


def test_every_prompt_names_the_background_that_was_held_out() -> None:
    assert all(mention.background for mention in evaluation_prompts("en").mentions)


def test_the_flagship_prompts_are_ordinary_combinations() -> None:
    assert not is_held_out("star", "yellow", "purple")
    assert not is_held_out("blue square", "red circle")


def rows(scenes: Scenes) -> list[object]:
    """Give the labels as plain values."""
    return [scenes.shape.tolist(), scenes.colour.tolist(), scenes.background.tolist(), scenes.arrangement.tolist()]
