"""Write sounds after texts: MusicGen (Copet et al., arXiv 2306.05284), by transformers' own parts."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import sounding
from nodes.audio_facts import of_audio_gen, of_audio_model, of_audio_prompt
from nodes.audio_model import AudioModel, Composer, audio_files, describe_audio
from nodes.composing import Tape
from nodes.handles import Precision
from nodes.playing import Player, can_stream, played
from nodes.sources import EMBEDDED
from nodes.steering import plain_cfg
from nodes.values import CFG, Audio, Conditioning, Guidance
from nodes.widgets import ModelName, Prompt, Seconds, Seed, Warmth, slider
from nodes.writing import Draw

if TYPE_CHECKING:
    from torch import Tensor

_LIBS = ("torch", "transformers")
_SHOWN = 4.0  # seconds of the latest sound that a preview shows
_EVERY = 0.5  # seconds of sound between two previews
TopCodes = Annotated[int, slider(0, 5000)]


def _files_of(source: str, files: Files) -> Iterable[Path]:
    return audio_files(source, files).values()


@node("LoadAudioModel", title="Load audio model", category="audio", lane="io", reads=_files_of, describe=of_audio_model)
def load_audio_model(source: ModelName = EMBEDDED, precision: Precision = "auto", *, run: Run) -> AudioModel:
    """Open a model that writes sounds after texts, without loading its weights yet.

    `source` is `bauklotz`, which comes with the program; the name of a folder below a models folder: a MusicGen in
    transformers' layout, with .safetensors weights and a tokenizer; or `hub:org/name`.
    """
    return describe_audio(source, precision, run.files)


@node("AudioPrompt", title="Audio prompt", category="audio", lane="gpu", libs=_LIBS, describe=of_audio_prompt)
def audio_prompt(model: AudioModel, text: Prompt = "", *, run: Run) -> Conditioning:
    """Read what a sound is to be like, as a model of sounds reads it: one vector for each token.

    Guide with it by `CFG`; where no negative prompt is wired, nothing at all stands there, as in training.
    """
    import torch

    sequence = run.load(model).read(text)
    nothing = torch.zeros_like(sequence[:, :1])
    pooled = sequence.mean(1)
    return Conditioning(sequence, pooled, nothing, torch.zeros_like(pooled), zero_empty=True)


@node("AudioGen", title="Audio generator", category="audio", lane="gpu", libs=_LIBS, revision=2, describe=of_audio_gen)
def audio_gen(
    model: AudioModel,
    guidance: Guidance,
    seconds: Seconds = 2.0,
    start: Audio | None = None,
    temperature: Warmth = 1.0,
    top_k: TopCodes = 250,
    seed: Seed = 0,
    *,
    run: Run,
) -> Audio:
    """Write a sound frame by frame, each code drawn from what the model expects after the prompt and all before it.

    `temperature` 0 always takes the likeliest code; `top_k` (0 is all) leaves unlikely ones out. With `start`, the
    sound goes on from there, and `seconds` are those of the whole. Each prompt of a batch has a seed of its own,
    counted up from `seed`. A sound that is longer than what the model hears at once is written in windows, each of
    which goes on from the last half of the one before. While it is written, the latest seconds are shown and heard.
    """
    import torch

    rule = plain_cfg(guidance, "sounds")
    composer: Composer = run.load(model)
    with torch.inference_mode():
        count = len(rule.positive.sequence)
        kept = _kept(start, composer, count)
        frames = max(1, round(seconds * model.rate / model.hop))
        if kept.shape[2] >= frames:
            raise InputError(
                f"the sound to go on with is {kept.shape[2] * model.hop / model.rate:g} seconds long already",
                hint=f"ask for more than {seconds:g} seconds",
            )
        generators = [torch.Generator("cpu").manual_seed(seed + row) for row in range(count)]
        draw = Draw(temperature, top_k, 1.0, generators)
        tape = Tape(composer, rule, draw, _prompts(rule, composer), kept)
        tape.write(frames, _Telling(tape, run, frames))
        return Audio(played(composer, tape.codes()), model.rate)


class _Telling:
    """Tells how many frames there are; now and then the latest seconds of the first sound are shown, and heard."""

    def __init__(self, tape: Tape, run: Run, frames: int) -> None:
        self._tape, self._run, self._frames = tape, run, frames
        handle = tape.composer.handle
        self._every = max(1, round(_EVERY * handle.rate / handle.hop))
        self._most = max(1, round(_SHOWN * handle.rate / handle.hop))
        self._latest: Latest | None = None

    def __call__(self, frames: int) -> None:
        self._run.progress(frames, self._frames)
        if frames and frames % self._every == 0 and self._run.previews:
            self._show(frames)

    def _show(self, frames: int) -> None:
        composer = self._tape.composer
        if not can_stream(composer):
            latest = self._tape.codes(max(0, frames - self._most))[:1]
            self._run.preview(_picture(composer.play(latest)[0]), "image/png")
            return
        if self._latest is None or frames - self._latest.frames > self._most:
            self._latest = Latest(composer, start=max(0, frames - self._most), most=self._most)
        samples, before = self._latest.more(self._tape)
        self._run.preview(_picture(samples), "image/png")
        self._run.preview(sounding.piece(samples.numpy(), composer.handle.rate, before), "audio/wav")


class Latest:
    """The latest seconds of a sound that is being written, played as it comes, from a frame on."""

    def __init__(self, composer: Composer, *, start: int, most: int) -> None:
        self._player = Player(composer)
        self._start, self._hop, self._most = start, composer.handle.hop, most * composer.handle.hop
        self._samples: Tensor | None = None

    @property
    def frames(self) -> int:
        """How many frames of the whole sound were played."""
        return self._start + self._player.played

    def more(self, tape: Tape) -> tuple[Tensor, int]:
        """Play what is new; give the latest [channels, samples], and how many samples come before them."""
        import torch

        new = self._player.play(tape.codes(self._start)[:1])[0]
        joined = new if self._samples is None else torch.cat([self._samples, new], dim=1)
        self._samples = joined[:, -self._most :]
        return self._samples, self.frames * self._hop - self._samples.shape[1]


def _picture(samples: Tensor) -> bytes:
    """Draw a sound [channels, samples]: how it swings, and its tones below."""
    import numpy as np
    from PIL import Image

    one = samples.numpy()
    sheet = np.concatenate([sounding.waveform(one), sounding.spectrogram(one)])[..., 0]
    file = BytesIO()
    Image.fromarray(sheet).save(file, "PNG")
    return file.getvalue()


def _prompts(rule: CFG, composer: Composer) -> Tensor:
    """Give the prompts that steer and, behind them, those that they lead away from, where that ever acts."""
    import torch

    positive, width = rule.positive.sequence, composer.handle.width
    if positive.shape[2] != width:
        raise InputError(
            f"the prompt is {positive.shape[2]} wide, the model reads {width}",
            hint="encode it with an AudioPrompt of the same model",
        )
    if rule.scale <= 1:
        return positive
    negative = rule.negative.sequence
    return torch.cat([positive, negative.expand(len(positive), -1, -1)])


def _kept(start: Audio | None, composer: Composer, count: int) -> Tensor:
    """Give the codes of the sound to go on with, once for each that is to be written."""
    import torch

    handle = composer.handle
    if start is None:
        return torch.empty(count, handle.books, 0, dtype=torch.long)
    if handle.channels != 1:
        raise InputError("a stereo model cannot go on with a sound yet", hint="take a mono one")
    if start.rate != handle.rate or start.samples.shape[1] != 1:
        raise InputError(
            f"the sound has {start.samples.shape[1]} channel(s) at {start.rate} Hz, the model plays one at "
            f"{handle.rate} Hz",
            hint=f"put a ResampleAudio to {handle.rate} Hz before it, mono",
        )
    if count % len(start.samples):
        raise InputError(f"{len(start.samples)} sounds do not fit {count} prompts", hint="give one, or one for each")
    return composer.hear(start.samples).cpu().repeat_interleave(count // len(start.samples), dim=0)
