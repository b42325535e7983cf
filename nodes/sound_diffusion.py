"""Denoise sounds after texts: Stable Audio and AudioLDM 2, by the libraries' own parts.

These models have nodes of their own beside the pictures': what they read is more than a Conditioning holds (two kinds
of vectors, a mask, times), and AudioLDM 2 reads what a sound is to be unlike at the length of the prompt, so that both
come from one node. Sampling is the pictures' own: their samplers, their walk down the noise levels.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes.beginning import Begun
from nodes.handles import Precision
from nodes.noise import Noise
from nodes.preview import grey
from nodes.samplers import SamplerName, scheduler
from nodes.sampling import Walk
from nodes.sound_diffuser import Diffuser, SoundDecoder, SoundDenoiser, SoundReader, describe_diffuser, diffuser_files
from nodes.sound_facts import of_diffuser, of_sound_decode, of_sound_prompt, of_sound_sampler
from nodes.sound_values import SoundPrompt
from nodes.tensors import like
from nodes.values import Audio, Latent
from nodes.widgets import Fraction, ModelName, Prompt, Scale, Seconds, Seed, Steps, number

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor, device

    from nodes.families.sounds import SoundFamily

_LIBS = ("torch", "diffusers", "transformers")
Start = Annotated[float, number(0, 600)]


def _files_of(source: str, files: Files) -> Iterable[Path]:
    return diffuser_files(source, files).values()


@node(
    "LoadSoundDiffuser", title="Load sound diffuser", category="audio", lane="io", reads=_files_of, describe=of_diffuser
)
def load_sound_diffuser(source: ModelName, precision: Precision = "auto", *, run: Run) -> Diffuser:
    """Open a model that denoises sounds: what reads prompts, the denoiser and what plays, without loading weights yet.

    `source` is the name of a folder below a models folder: a Stable Audio or an AudioLDM 2 in diffusers' layout, with
    .safetensors weights.
    """
    return describe_diffuser(source, precision, run.files)


@node("SoundPrompt", title="Sound prompt", category="audio", lane="gpu", libs=_LIBS, describe=of_sound_prompt)
def sound_prompt(
    reader: SoundReader,
    text: Prompt = "",
    negative: Prompt = "",
    seconds: Seconds = 10.0,
    start: Start = 0.0,
    *,
    run: Run,
) -> SoundPrompt:
    """Read what a sound is to be like, what it is to be unlike, and how long it is to be.

    Without a negative prompt, the model's idea of no prompt stands there. `start` says where in a longer piece the
    sound begins, for Stable Audio, which learned it so.
    """
    if seconds > reader.longest:
        raise InputError(
            f"the model makes sounds of {reader.longest:g} seconds at most, asked for are {seconds:g}",
            hint="ask for fewer seconds",
        )
    prompt: SoundPrompt = run.load(reader).read(text, negative, start, start + seconds)
    return prompt


@node(
    "SoundSampler", title="Sound sampler", category="audio", lane="gpu", libs=(*_LIBS, "scipy", "torchsde"),
    describe=of_sound_sampler,
)  # fmt: skip
def sound_sampler(
    denoiser: SoundDenoiser,
    prompt: SoundPrompt,
    scale: Scale = 7.0,
    steps: Steps = 50,
    seed: Seed = 0,
    seeds: Sequence[Seed] = (),
    sampler: SamplerName = "auto",
    eta: Fraction = 0.0,
    *,
    run: Run,
) -> Latent:
    """Denoise the latent of a sound, step by step, towards the prompt and away from its negative.

    `scale` is how strongly; at 1 or less only the prompt counts. `auto` is the model's own sampler; Stable Audio has no
    other. With `seeds`, as many sounds are made at once, each with a seed of its own.
    """
    import torch

    family = _family_of(denoiser, prompt)
    if family.own_sampler and sampler != "auto":
        raise InputError("this model knows its own sampler alone", hint="leave the sampler at auto")
    net = run.load(denoiser)  # outside inference mode: the module outlives this run
    where = like(net)
    with torch.inference_mode():
        rule = scheduler(denoiser, sampler, "auto", seeds=seeds or (seed,))
        timesteps = _visited(rule, sampler, steps, where.device)
        noise = Noise.of(seed, seeds)
        shape = (len(seeds) or 1, *_shape(denoiser, prompt))
        begun = Begun(noise.normal(shape, where.device, where.dtype) * rule.init_noise_sigma)
        steering = Guided.of(family, net, prompt, scale, shape[0])
        walk = Walk(rule, timesteps, noise, eta, net, begun, steering)
        return Latent(walk.go(run, grey).cpu(), denoiser.space)


@node("SoundDecode", title="Sound decode", category="audio", lane="gpu", libs=_LIBS, describe=of_sound_decode)
def sound_decode(latent: Latent, prompt: SoundPrompt, decoder: SoundDecoder, *, run: Run) -> Audio:
    """Make a sound of a latent, as long as its prompt says."""
    import torch

    if latent.space != decoder.space:
        raise InputError(
            f"the latent is in the space {latent.space}, the decoder reads {decoder.space}",
            hint="decode it with the model that it was sampled with",
        )
    player = run.load(decoder)
    with torch.inference_mode():
        played = player.play(latent.tensor).float().cpu()
        first, last = (int(each * decoder.rate) for each in (prompt.start, prompt.end))
        return Audio(played[:, :, first:last].contiguous(), decoder.rate)


@dataclass(frozen=True, slots=True, eq=False)
class Guided:
    """A denoiser of sounds under classifier-free guidance (Ho & Salimans, arXiv 2207.12598)."""

    family: SoundFamily
    net: Any
    prompt: SoundPrompt  # as it is asked with: a row for each latent
    scale: float
    stateful = False

    @classmethod
    def of(cls, family: SoundFamily, net: Any, prompt: SoundPrompt, scale: float, batch: int) -> Guided:
        first = 0 if scale > 1 else 1

        def rows(given: Tensor) -> Tensor:
            return given[first:].repeat_interleave(batch, 0)

        sequence, beside = (rows(each).to(like(net)) for each in (prompt.sequence, prompt.beside))
        mask = rows(prompt.mask).to(sequence.device)
        return cls(family, net, replace(prompt, sequence=sequence, mask=mask, beside=beside), scale)

    def predict(
        self, x: Float[Tensor, "batch channels rows columns"], t: Tensor, step: int
    ) -> Float[Tensor, "batch channels rows columns"]:
        import torch

        if self.scale <= 1:
            return self.family.ask(self.net, x, t, self.prompt)
        uncond, cond = self.family.ask(self.net, torch.cat([x] * 2), t, self.prompt).chunk(2)
        return uncond + self.scale * (cond - uncond)


def _family_of(denoiser: SoundDenoiser, prompt: SoundPrompt) -> SoundFamily:
    from nodes.families.sounds import sound_family

    if (prompt.family, prompt.sequence.shape[2]) != (denoiser.family, denoiser.width):
        raise InputError(
            f"the prompt is of a {prompt.family}, {prompt.sequence.shape[2]} wide; the denoiser is of a "
            f"{denoiser.family} and reads {denoiser.width}",
            hint="read the prompt with the model of the denoiser",
        )
    return sound_family(denoiser.family)


def _visited(rule: Any, name: str, steps: int, where: device) -> Tensor:
    """Give the noise levels that are visited: all of them."""
    try:
        rule.set_timesteps(steps, device=where)
    except ValueError as error:
        raise InputError(f"the sampler {name} cannot do with {steps} steps", hint="take more steps") from error
    timesteps: Tensor = rule.timesteps
    return timesteps


def _shape(denoiser: SoundDenoiser, prompt: SoundPrompt) -> tuple[int, int, int]:
    """Say how large the latent of a sound is; where its length is free, it is that of the prompt."""
    if denoiser.rows:
        return denoiser.channels, denoiser.rows, denoiser.columns
    frames = int(prompt.end / denoiser.frame)
    return denoiser.channels, max(1, ceil(frames / denoiser.coarse)), denoiser.columns
