"""The world of sounds: what is played is what is labelled and said, and can be measured without a network."""

import hashlib
import json

import numpy as np
import pytest

from models.bauklotz.listen import Heard, listen, semitones_apart
from models.bauklotz.play import play
from models.bauklotz.sound import (
    HELD,
    LOUDNESSES,
    MOTIONS,
    NOISE,
    RATE,
    RHYTHMS,
    TEMPOS,
    WAVES,
    Sounds,
    held_out_pitches,
    held_out_sounds,
    hertz,
    training_sounds,
)
from models.bauklotz.sound_words import Said, random_said, sound_caption

COUNT = 120


def one(wave: str, pitch: int = 7, **told: int) -> Sounds:
    noisy = wave == "noise"
    given = {"motion": 0, "loudness": 1, "rhythm": HELD, "tempo": -1} | told
    labels = {"wave": WAVES.index(wave), "pitch": -1 if noisy else pitch, **given, **({"motion": -1} if noisy else {})}
    return Sounds(**{name: np.array([label]) for name, label in labels.items()})


@pytest.fixture(scope="module")
def heard() -> list[tuple[Heard, Sounds]]:
    sounds = training_sounds(5, COUNT)
    played = play(sounds, 5)
    return [(listen(each, RATE), sounds[row : row + 1]) for row, each in enumerate(played)]


def test_the_split_is_pinned() -> None:
    text = json.dumps(held_out_pitches().tolist())
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "da57ae1ccd80e63c"
    assert 0.08 < held_out_pitches()[:NOISE].mean() < 0.25


def test_no_training_sound_plays_a_held_out_combination_and_each_held_out_sound_does() -> None:
    table = held_out_pitches()
    training, held_out = training_sounds(1, 500), held_out_sounds(1, 200)
    assert (len(training), len(held_out)) == (500, 200)
    assert not table[training.wave, training.pitch].any()
    assert table[held_out.wave, held_out.pitch].all()


def test_the_same_seed_plays_the_same() -> None:
    sounds = training_sounds(2, 8)
    assert (sounds.wave == training_sounds(2, 8).wave).all()
    assert (play(sounds, 1) == play(sounds, 1)).all()
    assert np.abs(play(sounds, 1)).max() < 1


def test_a_tone_that_is_heard_for_a_moment_gives_noise_no_pitch() -> None:
    noise, tone = (play(one(wave), 4)[0] for wave in ("noise", "sine"))
    mixed = np.concatenate([tone[:1600], noise[1600:]])
    assert [listen(each, RATE).wave for each in (noise, mixed, tone)] == ["noise", "noise", "sine"]


def test_noise_has_no_pitch_and_what_is_held_has_no_tempo() -> None:
    sounds = training_sounds(3, 300)
    assert ((sounds.pitch == -1) == (sounds.wave == NOISE)).all()
    assert ((sounds.tempo == -1) == (sounds.rhythm == HELD)).all()


def test_pitches_are_those_of_the_notes() -> None:
    assert hertz(np.array([0, 12, 20])).tolist() == pytest.approx([130.81, 440.0, 987.77], abs=0.01)


def test_waveforms_are_measured_as_they_were_played(heard: list[tuple[Heard, Sounds]]) -> None:
    assert np.mean([found.wave == WAVES[s.wave[0]] for found, s in heard]) > 0.98


def test_pitches_are_measured_within_half_a_semitone(heard: list[tuple[Heard, Sounds]]) -> None:
    apart = [semitones_apart(found.pitch, hertz(s.pitch)[0]) for found, s in heard if s.pitch[0] >= 0]
    assert np.mean(np.array(apart) < 0.5) > 0.98


def test_motion_loudness_rhythm_and_tempo_are_measured_as_they_were_played(heard: list[tuple[Heard, Sounds]]) -> None:
    tuned = [(found, s) for found, s in heard if s.pitch[0] >= 0]
    beaten = [(found, s) for found, s in heard if s.rhythm[0] != HELD]
    assert np.mean([found.motion == MOTIONS[s.motion[0]] for found, s in tuned]) > 0.98
    assert np.mean([found.loudness == LOUDNESSES[s.loudness[0]] for found, s in heard]) > 0.98
    assert np.mean([found.rhythm == RHYTHMS[s.rhythm[0]] for found, s in heard]) > 0.98
    assert np.mean([found.tempo == TEMPOS[s.tempo[0]] for found, s in beaten]) > 0.98


def test_a_tone_without_audible_overtones_is_a_sine() -> None:
    high = 0.5 * np.sin(2 * np.pi * 3000 * np.arange(16_000) / RATE)
    assert listen(high.astype(np.float32), RATE).wave == "sine"


def test_silence_is_measured_too() -> None:
    assert listen(np.zeros(16_000, np.float32), RATE).wave == "silence"


def test_captions_in_both_languages() -> None:
    rng = np.random.default_rng(0)
    sounds = one("square", 20, motion=1, loudness=1, rhythm=1, tempo=2)
    english = sound_caption(sounds, 0, Said(), "en", rng)
    german = sound_caption(sounds, 0, Said(), "de", rng)
    assert english.startswith("a loud square ")
    assert " on high B, " in english
    assert german.startswith("ein lauter Rechteck")
    assert " auf dem hohen H, steigend, in gleichmäßigen Schlägen, schnell" in german
    assert sound_caption(one("noise"), 0, Said(rhythm=False, loudness=False), "de", rng) == "Rauschen"


def test_what_is_left_out_is_not_said() -> None:
    rng = np.random.default_rng(1)
    bare = Said(motion=False, loudness=False, rhythm=False)
    assert "," not in sound_caption(one("sine", motion=1), 0, bare, "en", rng)
    assert len({random_said(rng) for _ in range(3000)}) == 8
