"""Say what a sound is like, in English or German.

Guarantees
1. A caption names waveform and pitch; every other attribute is named if `Said` says so.
2. What a caption names is true of the sound.
3. The same sound, choice and random state give the same words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models.bauklotz.captions import LANGUAGES, Language
from models.bauklotz.sentence import Rng, Words, pick
from models.bauklotz.sound import HELD, LOUDNESSES, MOTIONS, NOISE, NOTES, REGISTERS, RHYTHMS, TEMPOS, WAVES, Sounds


@dataclass(frozen=True, slots=True)
class Said:
    """Which of the attributes that may be left out a caption names; a tempo only goes with its rhythm."""

    motion: bool = True
    loudness: bool = True
    rhythm: bool = True


_ENGLISH: Final[Mapping[str, Words]] = {
    "wave": {
        "sine": ("sine wave", "sine tone"),
        "square": ("square wave", "square tone"),
        "saw": ("saw wave", "saw tone"),
        "triangle": ("triangle wave", "triangle tone"),
        "noise": ("noise", "hiss"),
    },
    "loudness": {"soft": ("soft", "quiet"), "loud": ("loud",)},
    "motion": {"steady": ("steady",), "rising": ("rising", "going up"), "falling": ("falling", "going down")},
    "rhythm": {"held": ("held", "without a break"), "even": ("in even beats",), "uneven": ("in uneven beats",)},
    "tempo": {"slow": ("slow", "slowly"), "medium": ("at medium speed",), "fast": ("fast", "quickly")},
}
_GERMAN: Final[Mapping[str, Words]] = {
    "wave": {
        "sine": ("Sinuston", "Sinusklang"),
        "square": ("Rechteckton", "Rechteckklang"),
        "saw": ("Sägezahnton", "Sägezahnklang"),
        "triangle": ("Dreieckton", "Dreieckklang"),
        "noise": ("Rauschen",),
    },
    "loudness": {"soft": ("leise",), "loud": ("laut",)},
    "motion": {"steady": ("gleichbleibend",), "rising": ("steigend",), "falling": ("fallend", "sinkend")},
    "rhythm": {
        "held": ("gehalten", "ohne Pause"),
        "even": ("in gleichmäßigen Schlägen",),
        "uneven": ("in ungleichmäßigen Schlägen",),
    },
    "tempo": {"slow": ("langsam",), "medium": ("mittelschnell",), "fast": ("schnell",)},
}
_REGISTERS: Final[Mapping[Language, Words]] = {
    "en": {"low": ("low",), "middle": ("middle",), "high": ("high",)},
    "de": {"low": ("tiefen",), "middle": ("mittleren",), "high": ("hohen",)},
}


def random_said(rng: Rng) -> Said:
    """Leave each optional attribute out now and then."""
    draw = rng.random(3) < (0.8, 0.8, 0.85)
    return Said(bool(draw[0]), bool(draw[1]), bool(draw[2]))


def sound_caption(sounds: Sounds, row: int, said: Said, language: Language, rng: Rng) -> str:
    """Describe one sound of a batch."""
    words = _ENGLISH if language == "en" else _GERMAN
    wave = pick(rng, words["wave"][WAVES[sounds.wave[row]]])
    loudness = LOUDNESSES[sounds.loudness[row]] if said.loudness else ""
    parts = [_named(wave, loudness, sounds, row, language, rng)]
    parts += [pick(rng, words[kind][name]) for kind, name in _tails(sounds, row, said)]
    return ", ".join(parts)


def say_in_turns(sounds: Sounds, rng: Rng) -> tuple[list[Said], list[str]]:
    """Describe each sound of a batch, in one language after the other; give also what was said of it."""
    saids = [random_said(rng) for _ in range(len(sounds))]
    return saids, [sound_caption(sounds, row, said, LANGUAGES[row % 2], rng) for row, said in enumerate(saids)]


def _tails(sounds: Sounds, row: int, said: Said) -> list[tuple[str, str]]:
    tails: list[tuple[str, str]] = []
    if said.motion and sounds.wave[row] != NOISE:
        tails.append(("motion", MOTIONS[sounds.motion[row]]))
    if said.rhythm:
        tails.append(("rhythm", RHYTHMS[sounds.rhythm[row]]))
        if sounds.rhythm[row] != HELD:
            tails.append(("tempo", TEMPOS[sounds.tempo[row]]))
    return tails


def _named(wave: str, loudness: str, sounds: Sounds, row: int, language: Language, rng: Rng) -> str:
    """Say loudness, waveform and pitch: "a loud square wave on a high c", "ein lauter Rechteckton auf dem hohen C"."""
    noisy = bool(sounds.wave[row] == NOISE)
    if language == "en":
        first = f"{pick(rng, _ENGLISH['loudness'][loudness])} {wave}" if loudness else wave
        return first if noisy else f"a {first} on {_pitch(sounds, row, language)}"
    ending, article = ("es", "") if noisy else ("er", "ein ")
    word = pick(rng, _GERMAN["loudness"][loudness]).removesuffix("e") + ending if loudness else ""
    first = f"{article}{word} {wave}" if word else f"{article}{wave}"
    return first if noisy else f"{first} auf {_pitch(sounds, row, language)}"


def _pitch(sounds: Sounds, row: int, language: Language) -> str:
    register, note = divmod(int(sounds.pitch[row]), len(NOTES))
    (word,) = _REGISTERS[language][REGISTERS[register]]
    name = NOTES[note].upper()
    if language == "en":
        return f"{word} {name}"
    return f"dem {word} {'H' if name == 'B' else name}"  # what English calls B, German calls H
