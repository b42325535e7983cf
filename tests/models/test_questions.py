"""The texts of a choice differ in one attribute, and a text is true of what it names."""

import difflib
import hashlib
import json

import numpy as np
import pytest

from models.bauklotz.captions import LANGUAGES, Language, Mention
from models.bauklotz.choice import trial
from models.bauklotz.fragments import FRAGMENTS, fragment
from models.bauklotz.questions import questions, say
from models.bauklotz.scene import Scenes, training_scenes
from models.bauklotz.split import held_out_pair, held_out_single
from models.bauklotz.told import holds, told
from models.bauklotz.vocabulary import COLOURS

ONE = training_scenes(71, 60, pairs=0)
TWO = training_scenes(71, 60, pairs=1)
CHANCE = {"shape": 5, "colour": 6, "size": 1, "background": 6, "light": 1, "style": 2, "position": 4, "relation": 3}
"""How many wrong answers each question has."""


def changed_words(one: str, other: str) -> int:
    """Count the runs of words in which two texts differ."""
    codes = difflib.SequenceMatcher(None, one.split(), other.split(), autojunk=False).get_opcodes()
    return sum(code[0] != "equal" for code in codes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scenes", [ONE, TWO], ids=["one", "two"])
def test_texts_differ_in_the_replaced_attribute_alone(scenes: Scenes, language: Language) -> None:
    for row in range(len(scenes)):
        true = say(scenes, row, Mention(), language, seed=row)
        for question in questions(scenes, row, Mention()):
            if question.attribute in ("relation", "binding"):
                continue
            others = [say(question.others, k, Mention(), language, seed=row) for k in range(len(question.others))]
            assert len({true, *others}) == 1 + len(others)
            limit = 5 if question.attribute == "style" else 3  # both objects say a style; an article may follow
            assert all(changed_words(true, other) <= limit for other in others), (true, others)


def test_every_attribute_of_a_full_caption_is_asked_for() -> None:
    one = {q.attribute for row in range(len(ONE)) for q in questions(ONE, row, Mention())}
    two = {q.attribute for row in range(len(TWO)) for q in questions(TWO, row, Mention())}
    assert one == {"shape", "colour", "size", "background", "light", "style", "position"}
    assert two == {"shape", "colour", "size", "background", "light", "style", "relation", "binding"}


def test_what_a_text_does_not_name_is_not_asked_for() -> None:
    silent = Mention(size=(False, False), position=False, background=False, light=False, style=False)
    assert [q.attribute for q in questions(ONE, 0, silent)] == ["shape", "colour"]
    assert {q.attribute for q in questions(TWO, 0, silent)} <= {"shape", "colour", "relation", "binding"}


def test_every_wrong_value_is_among_the_others() -> None:
    for question in [*questions(ONE, 0, Mention()), *questions(TWO, 0, Mention())]:
        if question.attribute != "binding":
            assert len(question.others) == CHANCE[question.attribute]


@pytest.mark.parametrize("scenes", [ONE, TWO], ids=["one", "two"])
def test_a_text_is_true_of_its_scene_and_no_replaced_text_is(scenes: Scenes) -> None:
    assert holds(told(scenes, [Mention()] * len(scenes)), scenes).diagonal().all()
    for row in range(len(scenes)):
        for question in questions(scenes, row, Mention()):
            said = told(question.others, [Mention()] * len(question.others))
            assert not holds(said, scenes[np.array([row])]).any(), question.attribute


def test_a_text_about_one_object_is_true_of_a_pair_that_holds_it() -> None:
    bare = Mention(size=(False, False), position=False, background=False, light=False, style=False)
    true = holds(told(ONE, [bare] * len(ONE)), TWO)
    for text, row in zip(*np.nonzero(true), strict=True):
        held = list(zip(TWO.shape[row], TWO.colour[row], strict=True))
        assert (ONE.shape[text, 0], ONE.colour[text, 0]) in held
    assert true.any()
    assert not holds(told(ONE, [Mention()] * len(ONE)), TWO).any()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_names_one_attribute_in_a_word_of_its_own(name: str, language: Language) -> None:
    texts = [fragment(name, word, language, np.random.default_rng(1)) for word in FRAGMENTS[name]]
    assert len(set(texts)) == len(texts)
    row = 0
    for question in questions(ONE, row, name):
        assert question.attribute == name
        said = told(question.others, [name] * len(question.others))
        assert not holds(said, ONE[np.array([row])]).any()
    assert holds(told(ONE, [name] * len(ONE)), ONE).diagonal().all()


@pytest.mark.parametrize(("language", "digest"), [("en", "ba3a02786d228e74"), ("de", "450e392660a80d6c")])
def test_the_texts_of_the_trial_are_pinned(language: Language, digest: str) -> None:
    texts = trial().texts(language)
    assert hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16] == digest


def test_the_trial_shows_held_out_combinations_only() -> None:
    scenes = trial().scenes
    one, two = scenes[~scenes.is_pair], scenes[scenes.is_pair]
    assert len(one) == len(two) == 400
    assert held_out_single()[one.shape[:, 0], one.colour[:, 0], one.background].all()
    things = two.shape * len(COLOURS) + two.colour
    assert held_out_pair()[things[:, 0], things[:, 1]].all()
