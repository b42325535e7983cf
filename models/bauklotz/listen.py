"""Measure sounds by their samples alone, with no network: waveform, pitch, motion, loudness, rhythm, tempo.

Guarantees
1. What is measured depends on the samples and the rate, on nothing that was said of them.
2. Every sound of the world is measured as it was labelled; a test says how often.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.bauklotz.play import LOUD, TOP, partials
from models.bauklotz.sound import BEATS, RHYTHMS, SLIDE, TEMPOS, WAVES

Floats = NDArray[np.float64]

_HOP: Final = 0.005  # seconds
_WINDOW: Final = 0.064
_TONAL: Final = 0.35  # of a frame's power lies near its strongest partials, where it has a pitch
_PITCHED: Final = 0.4  # of the frames at least have a pitch, where a sound has one: noise has it now and then
_SILENT: Final = 0.002
_CLASSES: Final = ("sine", "square", "saw", "triangle")
_OVERTONES: Final = (2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a sound is; pitch in hertz where it begins, and slope in semitones a second, are NaN for noise.

    Where nothing is to be heard, `wave` is "silence", which no waveform of the world is named.
    """

    wave: str
    pitch: float
    slope: float
    motion: str  # "" for noise
    loudness: str
    rhythm: str
    onsets: float  # a second
    tempo: str  # "" for what is held


def listen(samples: NDArray[np.float32], rate: int) -> Heard:
    """Measure one sound [samples]."""
    level = _levels(samples.astype(float), rate)
    runs = _runs(level)
    rhythm, onsets = _rhythm(runs, level, len(samples) / rate)
    times, found, shape = _partials_of(samples.astype(float), rate, runs)
    tonal = len(times) > 0
    pitch, slope = _line(times, np.log2(found)) if tonal else (np.nan, np.nan)
    return Heard(
        wave=_wave(shape) if tonal else "noise" if runs else "silence",
        pitch=float(2**pitch),
        slope=float(slope * 12),
        motion=_motion(slope * 12) if tonal else "",
        loudness=_loudness(level),
        rhythm=rhythm,
        onsets=onsets,
        tempo="" if rhythm == "held" else TEMPOS[int(np.abs(np.log(np.array(BEATS) / onsets)).argmin())],
    )


def semitones_apart(one: float, other: float) -> float:
    """Give how far two frequencies are apart; infinite where one is NaN."""
    apart = abs(12 * np.log2(one / other))
    return float(apart) if np.isfinite(apart) else float("inf")


def _levels(samples: Floats, rate: int) -> Floats:
    """Give the effective loudness of each 5 ms."""
    hop = int(rate * _HOP)
    cut = samples[: len(samples) // hop * hop].reshape(-1, hop)
    smooth = np.convolve((cut**2).mean(1), np.ones(3) / 3, mode="same")
    found: Floats = np.sqrt(smooth)
    return found


def _runs(level: Floats) -> list[tuple[int, int]]:
    """Give where it sounds, as starts and ends in levels; what is shorter than 20 ms counts neither way."""
    threshold = max(0.4 * np.quantile(level, 0.9), _SILENT)
    open_ = np.concatenate([[False], level > threshold, [False]])
    edges = np.flatnonzero(open_[1:] != open_[:-1]).reshape(-1, 2)
    runs: list[tuple[int, int]] = []
    for start, end in edges.tolist():
        if runs and start - runs[-1][1] < 4:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return [(start, end) for start, end in runs if end - start >= 4]


def _rhythm(runs: list[tuple[int, int]], level: Floats, seconds: float) -> tuple[str, float]:
    """Name the rhythm, and count the notes of a second."""
    sounding = sum(end - start for start, end in runs) / max(1, len(level))
    if len(runs) < 2 or sounding > 0.85:
        return RHYTHMS[0], len(runs) / seconds
    apart = np.diff([start for start, _ in runs])
    uneven = len(apart) > 1 and apart.std() / apart.mean() > 0.15
    return RHYTHMS[2 if uneven else 1], len(runs) / seconds


def _partials_of(samples: Floats, rate: int, runs: list[tuple[int, int]]) -> tuple[Floats, Floats, Floats]:
    """Give the times, fundamentals and overtones (shares of the fundamental) of all frames that have a pitch."""
    size, hop = int(rate * _WINDOW), int(rate * _HOP)
    padded = np.pad(samples, (0, size))
    starts = np.array([k * hop for a, b in runs for k in range(a + 1, max(a + 2, b - size // hop))], dtype=int)
    if not len(starts):
        return np.zeros(0), np.zeros(0), np.zeros((0, len(_OVERTONES)))
    window = np.hanning(size)
    spectra = np.abs(np.fft.rfft(padded[starts[:, None] + np.arange(size)] * window, 8 * size))
    width = rate / (8 * size)
    low = int(80 / width)
    peaks = spectra[:, low:].argmax(1) + low
    found = peaks * width
    keep = _tonal(spectra, peaks) > _TONAL
    keep &= keep.mean() >= _PITCHED
    shape = np.stack([_near(spectra, found * k / width) for k in _OVERTONES], axis=1) / _near(spectra, peaks)[:, None]
    audible = found[:, None] * np.array(_OVERTONES) < TOP
    times = (starts + size / 2) / rate
    return times[keep], found[keep], np.where(audible, shape, np.nan)[keep]


def _tonal(spectra: Floats, peaks: NDArray[np.int64]) -> Floats:
    """Give the share of each frame's power that lies within a few cells of its strongest one."""
    cells = (peaks[:, None] + np.arange(-16, 17)).clip(0, spectra.shape[1] - 1)
    power = spectra**2
    share: Floats = np.take_along_axis(power, cells, axis=1).sum(1) / power.sum(1).clip(1e-20)
    return share


def _near(spectra: Floats, places: Floats | NDArray[np.int64]) -> Floats:
    """Give the strongest cell near each place."""
    cells = (np.rint(places).astype(int)[:, None] + np.arange(-4, 5)).clip(0, spectra.shape[1] - 1)
    near: Floats = np.take_along_axis(spectra, cells, axis=1).max(1)
    return near


def _line(times: Floats, values: Floats) -> tuple[float, float]:
    """Fit a line that outliers do not move (Theil and Sen); give its value at the beginning, and its slope."""
    step = max(1, len(times) // 60)
    t, v = times[::step], values[::step]
    i, j = np.triu_indices(len(t), 1)
    far = t[j] - t[i] > 0.2
    slope = float(np.median((v[j] - v[i])[far] / (t[j] - t[i])[far])) if far.any() else 0.0
    return float(np.median(v - slope * t)), slope


def _motion(slope: float) -> str:
    steep = SLIDE / 2 / 2  # half of what is rising in the world, in semitones a second
    return "rising" if slope > steep else "falling" if slope < -steep else "steady"


def _wave(shape: Floats) -> str:
    """Name the waveform whose overtones are nearest, in decibels above -40."""
    known = ~np.isnan(shape)
    measured = np.array(
        [np.median(column[seen]) if seen.any() else np.nan for column, seen in zip(shape.T, known.T, strict=True)]
    )
    audible = ~np.isnan(measured)
    if not audible.any():  # so high that no overtone is heard
        return _CLASSES[0]
    apart = [((_decibels(measured) - _decibels(_template(name)))[audible] ** 2).mean() for name in _CLASSES]
    return WAVES[int(np.argmin(apart))]


def _template(name: str) -> Floats:
    strengths: Floats = np.abs(partials(name))[np.array(_OVERTONES) - 1]
    return strengths


def _decibels(shares: Floats) -> Floats:
    found: Floats = 20 * np.log10(np.maximum(shares, 0.01))
    return found


def _loudness(level: Floats) -> str:
    return "loud" if np.quantile(level, 0.9) > np.sqrt(LOUD[0] * LOUD[1]) else "soft"
