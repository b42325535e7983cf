"""Write stored sounds as files, and draw them as pictures, with numpy and soundfile alone."""

from __future__ import annotations

import struct
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy

QUIETEST = -90.0  # decibels below the loudest tone that can be: what is drawn black
_WINDOW = 512  # samples that tones are looked for in


def written(samples: numpy.ndarray, rate: int, kind: str) -> bytes:
    """Write a sound [channels, samples] as WAV or FLAC of 24 bits, which every player reads; above 1 it is cut off."""
    import numpy
    import soundfile  # type: ignore[import-untyped]

    file = BytesIO()
    heard = numpy.nan_to_num(samples.T.astype("<f4")).clip(-1, 1)
    soundfile.write(file, heard, rate, subtype="PCM_24", format=kind)
    return file.getvalue()


def piece(samples: numpy.ndarray, rate: int, start: int) -> bytes:
    """Write a piece [channels, samples] of a longer sound as WAV of 16 bits, with how many samples come before it.

    That number stands where a broadcast wave (EBU Tech 3285) has it, so every player reads the file.
    """
    import numpy

    heard = (numpy.nan_to_num(samples.T).clip(-1, 1) * 32767).round().astype("<i2").tobytes()
    channels = len(samples)
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    place = struct.pack("<338xQ256x", start)
    named = ((b"fmt ", form), (b"bext", place), (b"data", heard))
    parts = b"".join(name + struct.pack("<I", len(part)) + part for name, part in named)
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts


def waveform(samples: numpy.ndarray, width: int = 512, height: int = 128) -> numpy.ndarray:
    """Draw how far a sound [channels, samples] swings in each column, white on black, as [height, width, 1]."""
    import numpy

    mixed = _mixed(samples)
    edges = numpy.linspace(0, len(mixed), width + 1).astype(int)
    sheet = numpy.zeros((height, width, 1), "uint8")
    for column, (start, end) in enumerate(pairwise(edges)):
        part = mixed[start : max(end, start + 1)]
        if not part.size:
            continue
        top, bottom = (round((1 - swing) / 2 * (height - 1)) for swing in (part.max(), part.min()))
        sheet[top : bottom + 1, column] = 255
    return sheet


def spectrogram(samples: numpy.ndarray, width: int = 512) -> numpy.ndarray:
    """Draw which tones are in a sound [channels, samples] when, low ones below, as [256, width, 1]."""
    level = (_levels(_mixed(samples), width) - QUIETEST) / -QUIETEST
    grey: numpy.ndarray = (level.clip(0, 1) * 255).round().astype("uint8")[::-1, :, None]
    return grey


def _levels(mixed: numpy.ndarray, columns: int) -> numpy.ndarray:
    """Give decibels [256 tones, columns], by a short-time Fourier transform with a Hann window."""
    import numpy

    half = _WINDOW // 2
    padded = numpy.pad(mixed, half)
    starts = ((numpy.arange(columns) + 0.5) * len(mixed) / columns).astype(int)
    window = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(_WINDOW) / _WINDOW)
    frames = padded[starts[:, None] + numpy.arange(_WINDOW)] * window
    power = numpy.abs(numpy.fft.rfft(frames)[:, :half]) / (_WINDOW / 4)
    return 20 * numpy.log10(numpy.maximum(power, 1e-10)).T


def _mixed(samples: numpy.ndarray) -> numpy.ndarray:
    """Mix the channels of a sound into one; what is no number is silent."""
    import numpy

    mixed: numpy.ndarray = numpy.nan_to_num(samples.astype("<f8")).mean(0).clip(-1, 1)
    return mixed
