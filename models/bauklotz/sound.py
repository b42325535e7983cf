"""A batch of sounds, as arrays of labels: the world of sounds, what it is made of, and what no training sound shows.

Guarantees
1. The same seed gives the same sounds.
2. A training sound never plays a held-out combination of waveform and pitch; a held-out one always does.
3. Noise has neither pitch nor motion; what is held has no tempo.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from models.bauklotz.split import is_held_out

Ints = NDArray[np.int64]

RATE: Final = 8000
SECONDS: Final = 2.0
WAVES: Final = ("sine", "square", "saw", "triangle", "noise")
NOTES: Final = ("c", "d", "e", "f", "g", "a", "b")
REGISTERS: Final = ("low", "middle", "high")
MOTIONS: Final = ("steady", "rising", "falling")
LOUDNESSES: Final = ("soft", "loud")
RHYTHMS: Final = ("held", "even", "uneven")
TEMPOS: Final = ("slow", "medium", "fast")

SEMITONES: Final = (0, 2, 4, 5, 7, 9, 11)
"""How far each of NOTES lies above c."""
LOWEST: Final = 440.0 * 2 ** (-21 / 12)
"""The low c (C3) in hertz."""
SLIDE: Final = 7.0
"""How many semitones a sound rises or falls from beginning to end."""
BEATS: Final = (2.0, 3.0, 5.0)
"""How many beats a second each of TEMPOS has."""
NOISE: Final = WAVES.index("noise")
HELD: Final = RHYTHMS.index("held")


@dataclass(frozen=True, slots=True)
class Sounds:
    """A batch of sounds; -1 stands for what a sound does not have. A pitch is a register times seven, and a note."""

    wave: Ints
    pitch: Ints
    motion: Ints
    loudness: Ints
    rhythm: Ints
    tempo: Ints

    def __len__(self) -> int:
        return len(self.wave)

    def __getitem__(self, rows: slice | Ints | NDArray[np.bool_]) -> Self:
        return type(self)(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


def join_sounds(parts: Sequence[Sounds]) -> Sounds:
    """Put batches of sounds behind one another."""
    return Sounds(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Sounds)})


def hertz(pitch: Ints) -> NDArray[np.float64]:
    """Give the frequency that a sound begins with."""
    register, note = np.divmod(pitch, len(NOTES))
    found: NDArray[np.float64] = LOWEST * 2.0 ** (register + np.array(SEMITONES)[note] / 12)
    return found


@cache
def held_out_pitches() -> NDArray[np.bool_]:
    """Give the table [wave, pitch] of held-out combinations; noise is never held out."""
    names = [f"{register} {note}" for register in REGISTERS for note in NOTES]
    return np.array([[wave != "noise" and is_held_out("sound", wave, name) for name in names] for wave in WAVES])


def training_sounds(seed: int, count: int) -> Sounds:
    """Draw sounds that play no held-out combination."""
    return _sample(seed, count, held_out=False)


def held_out_sounds(seed: int, count: int) -> Sounds:
    """Draw sounds each of which plays a held-out combination."""
    return _sample(seed, count, held_out=True)


def _sample(seed: int, count: int, *, held_out: bool) -> Sounds:
    """Draw candidates until enough of them are on the wanted side of the split."""
    rng = np.random.default_rng((3, seed, int(held_out)))
    parts: list[Sounds] = []
    while sum(map(len, parts)) < count:
        drawn = _candidates(rng, 64 + (12 if held_out else 2) * count)
        parts.append(drawn[held_out_pitches()[drawn.wave, drawn.pitch] == held_out])
    return join_sounds(parts)[:count]


def _candidates(rng: np.random.Generator, count: int) -> Sounds:
    wave, rhythm = rng.integers(len(WAVES), size=count), rng.integers(len(RHYTHMS), size=count)
    pitch = rng.integers(len(REGISTERS) * len(NOTES), size=count)
    motion, tempo = rng.integers(len(MOTIONS), size=count), rng.integers(len(TEMPOS), size=count)
    noisy = wave == NOISE
    return Sounds(
        wave=wave,
        pitch=np.where(noisy, -1, pitch),
        motion=np.where(noisy, -1, motion),
        loudness=rng.integers(len(LOUDNESSES), size=count),
        rhythm=rhythm,
        tempo=np.where(rhythm == HELD, -1, tempo),
    )
