"""Ask which text is true of a sound: the one that says what it is like, or those with one attribute replaced.

Guarantees
1. The texts of a question differ in the words of the replaced attribute alone; a rhythm takes its tempo with it.
2. Only what a text names is replaced, and by every other value that it could have.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from models.bauklotz.captions import Language
from models.bauklotz.questions import SameWords
from models.bauklotz.scene import Bools, Ints
from models.bauklotz.sound import (
    HELD,
    LOUDNESSES,
    MOTIONS,
    NOISE,
    NOTES,
    REGISTERS,
    RHYTHMS,
    TEMPOS,
    WAVES,
    Sounds,
    held_out_pitches,
)
from models.bauklotz.sound_words import Said, sound_caption

FIELDS: Final[Mapping[str, str]] = {
    "waveform": "wave",
    "pitch": "pitch",
    "direction": "motion",
    "loudness": "loudness",
    "rhythm": "rhythm",
    "tempo": "tempo",
}
"""The attributes that are asked for, and which field of the sounds each one is."""
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "waveform": WAVES,
    "pitch": tuple(f"{register} {note}" for register in REGISTERS for note in NOTES),
    "direction": MOTIONS,
    "loudness": LOUDNESSES,
    "rhythm": RHYTHMS,
    "tempo": TEMPOS,
}
"""What their values are called."""


@dataclass(frozen=True, slots=True)
class SoundQuestion:
    """Which attribute of a sound is in question, and the sound with each of the wrong values."""

    attribute: str
    others: Sounds


def sound_questions(sounds: Sounds, row: int, said: Said) -> list[SoundQuestion]:
    """Give every question about what a text names of one sound."""
    sound = sounds[np.array([row])]
    tonal = sound.wave[0] != NOISE
    named = {
        "waveform": tonal,
        "pitch": tonal,
        "direction": tonal and said.motion,
        "loudness": said.loudness,
        "rhythm": said.rhythm,
        "tempo": said.rhythm and sound.rhythm[0] != HELD,
    }
    return [SoundQuestion(name, _others(sound, name)) for name, asked in named.items() if asked]


def _others(sound: Sounds, attribute: str) -> Sounds:
    field = FIELDS[attribute]
    right = int(getattr(sound, field)[0])
    count = NOISE if attribute == "waveform" else len(NAMES[attribute])  # noise has no pitch: more would change
    wrong = np.array([value for value in range(count) if value != right])
    many = replace(sound[np.zeros(len(wrong), dtype=np.int64)], **{field: wrong})
    return many if attribute != "rhythm" else replace(many, tempo=_tempos(int(sound.tempo[0]), wrong))


def _tempos(tempo: int, rhythms: Ints) -> Ints:
    """Give the tempo of another rhythm: that of the sound, or the middle one if it had none."""
    return np.where(rhythms == HELD, -1, tempo if tempo >= 0 else TEMPOS.index("medium"))


def in_training(sounds: Sounds) -> Bools:
    """Say which sounds may be heard in training."""
    return ~held_out_pitches()[sounds.wave, sounds.pitch]


def say_sound(sounds: Sounds, row: int, said: Said, language: Language, *, seed: int) -> str:
    """Say of a sound what is to be named; the same seed gives the same wording."""
    return sound_caption(sounds, row, said, language, SameWords(np.random.PCG64(seed)))


def told_of(sounds: Sounds, saids: list[Said]) -> Sounds:
    """Give what texts name of sounds; what is not named is -1."""
    kept = np.array([[said.motion, said.loudness, said.rhythm] for said in saids])
    named = {"motion": kept[:, 0], "loudness": kept[:, 1], "rhythm": kept[:, 2], "tempo": kept[:, 2]}
    return replace(sounds, **{field: np.where(said, getattr(sounds, field), -1) for field, said in named.items()})


def holds_of(texts: Sounds, sounds: Sounds) -> Bools:
    """Say which texts, as `told_of` gives them, are true of which sounds: [texts, sounds]."""
    each = [_same(getattr(texts, field), getattr(sounds, field)) for field in FIELDS.values()]
    held: Bools = np.logical_and.reduce(each)
    return held


def _same(said: Ints, truth: Ints) -> Bools:
    same: Bools = (said[:, None] < 0) | (said[:, None] == truth[None])
    return same
