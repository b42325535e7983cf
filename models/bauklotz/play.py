"""Play sounds by code, from their labels.

Guarantees
1. The same sounds and seed give the same samples; only noise depends on the seed.
2. No partial lies above half the rate, and no sample above 1.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.bauklotz.sound import BEATS, MOTIONS, NOISE, RATE, RHYTHMS, SECONDS, SLIDE, WAVES, Sounds, hertz

Samples = NDArray[np.float32]

LOUD: Final = (0.05, 0.25)
"""The effective (root mean square) loudness while it sounds, for each of LOUDNESSES."""
GATE: Final = 0.6
"""The share of a note that sounds, where there is a rhythm."""
TOP: Final = 3600.0
"""No partial is higher, in hertz."""
RISE: Final = 0.006
"""Seconds in which a note comes and goes."""
_PARTIALS: Final = 28


def play(sounds: Sounds, seed: int = 0) -> Samples:
    """Give sounds [n, samples]."""
    rng = np.random.default_rng((4, seed))
    count = int(RATE * SECONDS)
    played = [_wave(sounds, row, rng, count) * gate(sounds, row, count) for row in range(len(sounds))]
    return np.stack(played).astype(np.float32)


def _wave(sounds: Sounds, row: int, rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Give a sound without its rhythm."""
    loud = LOUD[sounds.loudness[row]]
    if sounds.wave[row] == NOISE:
        noise: NDArray[np.float64] = rng.uniform(-1, 1, count) * loud * 3**0.5
        return noise
    time = np.arange(count) / count
    slide = {"steady": 0.0, "rising": SLIDE, "falling": -SLIDE}[MOTIONS[sounds.motion[row]]]
    pitch = hertz(sounds.pitch[row : row + 1])[0] * 2.0 ** (slide * time / 12)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    swing: NDArray[np.float64] = np.zeros(count)
    for partial, strength in enumerate(partials(WAVES[sounds.wave[row]]), start=1):
        if strength and partial * pitch.min() < TOP:
            swing += strength * np.sin(partial * phase) * (partial * pitch < TOP)
    swing *= loud / np.sqrt(np.mean(swing**2))
    return swing


def partials(wave: str) -> NDArray[np.float64]:
    """Give how strong each partial of a waveform is, from the fundamental up."""
    k = np.arange(1, _PARTIALS + 1)
    odd = k % 2 == 1
    strengths: dict[str, NDArray[np.generic]] = {
        "sine": k == 1,
        "square": odd / k,
        "saw": 1 / k,
        "triangle": odd / k**2 * np.where(k % 4 == 1, 1, -1),
    }
    return strengths[wave].astype(np.float64)


def gate(sounds: Sounds, row: int, count: int) -> NDArray[np.float64]:
    """Give how open a sound is [samples], from 0 to 1: its rhythm."""
    time, opened = np.arange(count) / RATE, np.zeros(count)
    for start, length in notes(sounds, row):
        into, left = time - start, start + length - time
        opened = np.maximum(opened, (np.minimum(into, left) / RISE).clip(0, 1))
    return opened


def notes(sounds: Sounds, row: int) -> list[tuple[float, float]]:
    """Give where each note of a sound starts and how long it sounds, in seconds."""
    rhythm = RHYTHMS[sounds.rhythm[row]]
    if rhythm == "held":
        return [(0.0, SECONDS)]
    beat = 1 / BEATS[sounds.tempo[row]]
    lengths = (beat, beat) if rhythm == "even" else (beat * 4 / 3, beat * 2 / 3)
    made: list[tuple[float, float]] = []
    start = 0.0
    while start < SECONDS - 1e-9:
        length = lengths[len(made) % 2]
        made.append((start, GATE * length))
        start += length
    return made
