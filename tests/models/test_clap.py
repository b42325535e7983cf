"""CLAP is judged by what it chooses, learns from wrong texts, and hears what the library lets it hear."""

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.bauklotz.recipe import Place
from models.bauklotz.recipes.clap import NEGATIVES, ClapTask, build_roberta
from models.bauklotz.sound import HELD, NOISE, held_out_pitches, training_sounds
from models.bauklotz.sound_choice import FLOORS, Clap, choices, evaluate, sound_trial
from models.bauklotz.sound_questions import (
    NAMES,
    holds_of,
    in_training,
    say_sound,
    sound_questions,
    told_of,
)
from models.bauklotz.sound_words import Said, random_said


class Guessing(Clap):
    """Hears nothing and takes any text to be as near as any other by chance."""

    def sounds(self, samples: NDArray[np.float32]) -> Tensor:
        return torch.ones(len(samples), 1)

    def texts(self, texts: list[str]) -> Tensor:
        return torch.tensor([[zlib.crc32(text.encode()) / 2**32] for text in texts])


class Deaf(Guessing):
    """Finds everything equally near."""

    def texts(self, texts: list[str]) -> Tensor:
        return torch.ones(len(texts), 1)


def test_who_finds_everything_equally_near_is_never_right() -> None:
    found = evaluate(Deaf(None, None, None), count=8)
    assert {found["en"][name] for name in FLOORS} == {0.0}


def test_guessing_is_right_by_chance() -> None:
    asked, clap = sound_trial(120), Guessing(None, None, None)
    right = choices(clap, asked, clap.sounds(asked.played), "en")
    share = {name: sum(answers) / len(answers) for name, answers in right.items()}
    for name, chance in {"waveform": 1 / 4, "pitch": 1 / 21, "direction": 1 / 3, "loudness": 1 / 2}.items():
        assert share[name] == pytest.approx(chance, abs=0.13), name


def test_only_the_attribute_in_question_is_said_otherwise() -> None:
    sounds = training_sounds(3, 60)
    for row in range(len(sounds)):
        said = random_said(np.random.default_rng(row))
        truth = say_sound(sounds, row, said, "de", seed=row).split(", ")
        for ask in sound_questions(sounds, row, said):
            for k in range(len(ask.others)):
                other = say_sound(ask.others, k, said, "de", seed=row).split(", ")
                changed = sum(one != two for one, two in zip(truth, other, strict=False))
                assert changed + abs(len(truth) - len(other)) >= 1
                assert ask.attribute == "rhythm" or (changed, len(truth)) == (1, len(other)), (truth, other)


def test_every_value_that_a_sound_could_have_is_asked_for() -> None:
    sounds = training_sounds(4, 40)
    (row,) = np.flatnonzero((sounds.wave != NOISE) & (sounds.rhythm != HELD))[:1]
    asks = {ask.attribute: len(ask.others) for ask in sound_questions(sounds, int(row), Said())}
    others = {name: len(names) - 1 for name, names in NAMES.items()}
    assert asks == {**others, "waveform": others["waveform"] - 1}
    (noise,) = np.flatnonzero(sounds.wave == NOISE)[:1]
    assert {ask.attribute for ask in sound_questions(sounds, int(noise), Said())} <= {"loudness", "rhythm", "tempo"}


def test_a_text_is_true_of_what_has_all_that_it_names() -> None:
    sounds = training_sounds(5, 200)
    named = told_of(sounds, [Said(motion=False, loudness=False, rhythm=False)] * 200)
    true = holds_of(named, sounds)
    alike = (sounds.wave[:, None] == sounds.wave) & (sounds.pitch[:, None] == sounds.pitch)
    assert np.array_equal(true, alike)
    whole = holds_of(told_of(sounds, [Said()] * 200), sounds)
    assert whole.diagonal().all()
    assert 200 <= whole.sum() < true.sum()


def task(folder: Path, **options: Any) -> ClapTask:
    return ClapTask(Place(torch.device("cpu"), folder / "out", folder), batch=4, pool=16, texts=200, **options)


def test_no_wrong_text_tells_of_what_is_held_out(tmp_path: Path) -> None:
    begun = task(tmp_path)
    sounds = training_sounds(6, 60)
    texts, said = begun._texts(sounds, np.random.default_rng(0))
    assert len(texts) == 60 * (1 + NEGATIVES)
    assert in_training(said).all()
    assert not held_out_pitches()[said.wave, said.pitch].any()
    wrong = holds_of(said, sounds)[60:].reshape(60, NEGATIVES, 60)[np.arange(60), :, np.arange(60)]
    assert not wrong.any()


def test_what_is_exported_is_what_was_trained(tmp_path: Path) -> None:
    begun = task(tmp_path)
    begun.module.eval()
    begun.export()
    clap = Clap.load(tmp_path / "out" / "clap")
    asked = sound_trial(3)
    with torch.no_grad():
        texts = asked.texts("de")
        expected = torch.nn.functional.normalize(begun.embed_texts(texts))
        torch.testing.assert_close(clap.texts(texts), expected, atol=0.02, rtol=0)
        mine = Clap(begun.model, begun.tokenizer, begun.extractor).sounds(asked.played)
        torch.testing.assert_close(clap.sounds(asked.played), mine, atol=0.05, rtol=0)


def test_any_text_has_tokens_and_words_of_captions_have_few() -> None:
    words = build_roberta(iter(["ein lauter Sägezahnton auf dem hohen H"] * 5))
    assert words.decode(words("Grüße, 你好 🎵", add_special_tokens=False)["input_ids"]).strip() == "Grüße, 你好 🎵"
    assert len(words("lauter Sägezahnton")["input_ids"]) == 4
