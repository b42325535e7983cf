"""Score sounds by what is measured in their samples, against what was asked for."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.bauklotz.listen import Heard, listen, semitones_apart
from models.bauklotz.sound import HELD, LOUDNESSES, MOTIONS, NOISE, RHYTHMS, TEMPOS, WAVES, Sounds, hertz
from models.bauklotz.sound_words import Said

FLOORS: Final[Mapping[str, float]] = {"pitch": 0.7}
GOALS: Final[Mapping[str, float]] = {"pitch": 0.95}


def score_sounds(samples: NDArray[np.float32], rate: int, sounds: Sounds, saids: Sequence[Said]) -> dict[str, float]:
    """Give the share of sounds [n, samples] that are as they were named, attribute by attribute."""
    right: dict[str, list[bool]] = {}
    for row, (each, said) in enumerate(zip(samples, saids, strict=True)):
        for name, correct in _right(listen(each, rate), sounds, row, said):
            right.setdefault(name, []).append(correct)
    return {name: float(np.mean(each)) for name, each in sorted(right.items())}


def _right(heard: Heard, sounds: Sounds, row: int, said: Said) -> list[tuple[str, bool]]:
    """Say of each attribute that was named whether it is there; a pitch is right within a semitone."""
    found = [("wave", heard.wave == WAVES[sounds.wave[row]])]
    if sounds.wave[row] != NOISE:
        asked = float(hertz(sounds.pitch[row : row + 1])[0])
        found.append(("pitch", semitones_apart(heard.pitch, asked) <= 1))
        if said.motion:
            found.append(("motion", heard.motion == MOTIONS[sounds.motion[row]]))
    if said.loudness:
        found.append(("loudness", heard.loudness == LOUDNESSES[sounds.loudness[row]]))
    if said.rhythm:
        found.append(("rhythm", heard.rhythm == RHYTHMS[sounds.rhythm[row]]))
        if sounds.rhythm[row] != HELD:
            found.append(("tempo", heard.tempo == TEMPOS[sounds.tempo[row]]))
    return found
