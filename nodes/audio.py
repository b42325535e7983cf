"""Bring sounds in, to another rate, and onto pictures."""

from __future__ import annotations

from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import sounding
from nodes.values import Audio, Image
from nodes.widgets import Size, SoundName, number

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_SAMPLES = 100_000_000
Rate = Annotated[int, number(1000, 192_000)]


def _asset(audio: str, files: Files) -> tuple[Path, ...]:
    return (files.asset(audio),)


@node("LoadAudio", title="Load audio", category="audio", lane="io", libs=("soundfile",), reads=_asset)
def load_audio(audio: SoundName, *, run: Run) -> Audio:
    """Bring in a sound that was imported as an asset: WAV, FLAC, OGG or MP3, with all its channels, at its own rate.

    The type is read from the file's bytes.
    """
    import soundfile  # type: ignore[import-untyped]
    import torch

    try:
        with soundfile.SoundFile(run.asset(audio)) as file:
            if file.frames * file.channels > _MOST_SAMPLES:
                raise InputError(f"the sound has {file.frames} samples", hint="cut it into shorter ones")
            samples, rate = file.read(dtype="float32", always_2d=True), int(file.samplerate)
    except soundfile.LibsndfileError as error:
        raise InputError("the asset is not a sound that can be read", hint="use WAV, FLAC, OGG or MP3") from error
    if not len(samples):
        raise InputError("there is no sound in the file", hint="take another one")
    return Audio(torch.from_numpy(samples.T.copy())[None], rate)


@node("ResampleAudio", title="Resample audio", category="audio", libs=("torch", "scipy"))
def resample_audio(audio: Audio, rate: Rate = 16_000, mono: bool = True) -> Audio:
    """Bring a sound to another rate, as models want it; `mono` mixes its channels into one."""
    import torch
    from scipy.signal import resample_poly

    samples = audio.samples.mean(1, keepdim=True) if mono else audio.samples
    if rate != audio.rate:
        shared = gcd(rate, audio.rate)
        turned = resample_poly(samples.double().numpy(), rate // shared, audio.rate // shared, axis=-1)
        samples = torch.from_numpy(turned).float()
    return Audio(samples, rate)


@node("Waveform", category="audio", libs=("torch", "numpy"))
def waveform(audio: Audio, width: Size = 512, height: Size = 128) -> Image:
    """Draw how far a sound swings over time, white on black, one picture for each sound of a batch."""
    return _drawn(audio, lambda samples: sounding.waveform(samples, width, height))


@node("Spectrogram", category="audio", libs=("torch", "numpy"))
def spectrogram(audio: Audio, width: Size = 512) -> Image:
    """Draw which tones are in a sound over time: low ones below, up to half its rate above; white is loud."""
    return _drawn(audio, lambda samples: sounding.spectrogram(samples, width))


def _drawn(audio: Audio, draw: Callable[[Any], Any]) -> Image:
    import torch

    sheets = [torch.from_numpy(draw(each.numpy()).copy()) for each in audio.samples]
    grey = torch.stack(sheets).permute(0, 3, 1, 2).float() / 255
    return Image(grey.expand(-1, 3, -1, -1).contiguous())
