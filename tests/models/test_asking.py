"""Questions about scenes have one right answer, and captions are judged by what they name."""

import numpy as np
import pytest

from models.bauklotz.asking import asks, describe, description
from models.bauklotz.captions import LANGUAGES, Language, Mention, caption
from models.bauklotz.naming import judged
from models.bauklotz.scene import held_out_scenes, training_scenes

LEFT_OF = 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_has_one_answer_and_every_attribute_is_asked_for(language: Language) -> None:
    scenes = training_scenes(1, 60)
    found = [{each.text: each.answer for each in asks(scenes, row, language)} for row in range(60)]
    assert all(len(each) == len(asks(scenes, row, language)) for row, each in enumerate(found))
    names = {(bool(scenes.is_pair[row]), each.attribute) for row in range(60) for each in asks(scenes, row, language)}
    both = {"background", "light", "style", "count", "shape", "colour", "size"}
    one, two = both | {"position"}, both | {"relation", "binding"}
    assert names == {(False, name) for name in one} | {(True, name) for name in two}


def test_both_languages_ask_the_same_in_the_same_order() -> None:
    scenes = training_scenes(1, 60)
    for row in range(60):
        english, german = (asks(scenes, row, language) for language in LANGUAGES)
        assert [each.attribute for each in english] == [each.attribute for each in german]
        assert not {each.text for each in english} & {each.text for each in german}


def test_a_pair_is_asked_about_by_its_sides() -> None:
    scenes = training_scenes(2, 40, pairs=1.0)
    row = next(row for row in range(40) if scenes.arrangement[row] == LEFT_OF)
    told = {each.text: each.answer for each in asks(scenes, row, "en")}
    same = caption(scenes, row, Mention(), "en", np.random.default_rng(3))
    assert told["how many objects are there?"] == "two"
    left, right = (f"{told[f'what colour is the shape on the {side}?']}" for side in ("left", "right"))
    shapes = [told[f"what shape is on the {side}?"] for side in ("left", "right")]
    assert told[f"where is the {left} {shapes[0]}, seen from the {right} {shapes[1]}?"] == "left of"
    assert left in same
    assert right in same


def test_german_questions_decline_what_they_name() -> None:
    scenes = training_scenes(2, 400, pairs=1.0)
    told = {each.text: each.answer for row in range(400) for each in asks(scenes, row, "de")}
    related = {text: answer for text, answer in told.items() if ", gesehen von " in text}
    assert set(related.values()) == {"links davon", "rechts davon", "darüber", "darunter"}
    assert any(text.startswith("wo ist der rote Kreis, gesehen von dem ") for text in related)
    assert any(text.endswith(", gesehen von dem blauen Quadrat?") for text in related)
    assert "welche Farbe hat das Kreuz?" in told
    assert not any("oranger" in text for text in told)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pairs", [0.0, 1.0])
def test_a_true_caption_is_judged_right_and_that_of_another_scene_wrong(pairs: float, language: Language) -> None:
    scenes = held_out_scenes(5, 200, pairs=pairs)
    rng = np.random.default_rng(5)
    texts = [description(scenes, row, language, rng) for row in range(200)]
    assert {each.text for each in texts} == {describe(language)}
    wrong = [(each.answer, judged(each.answer, scenes, row, language)) for row, each in enumerate(texts)]
    assert [said for said, found in wrong if not all(found.values())] == []
    others = [judged(texts[row - 1].answer, scenes, row, language) for row in range(200)]
    for name in others[0]:
        assert np.mean([each[name] for each in others]) < 0.65, name
    assert not any(judged("", scenes, 0, language).values())
