"""LTX-Video (HaCohen et al., arXiv 2501.00103), text to video, as LTXPipeline of diffusers draws it."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from dataclasses import dataclass, replace
from inspect import signature
from math import prod
from typing import TYPE_CHECKING, Any

from nodes.families import t5
from nodes.families.family import Config, Sizes
from nodes.families.filmed import Filmed, FilmNet, Takes
from nodes.handles import Denoiser
from nodes.values import Defaults, Latent, Scaling

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

_FPS = 25.0  # where a latent does not say it


class LTX(Filmed):
    """LTX-Video 0.9."""

    name = "ltx"
    space = "ltx"
    latent = (128, 32)
    pipeline = "LTXPipeline"
    denoiser = "LTXVideoTransformer3DModel"
    autoencoder = "AutoencoderKLLTXVideo"
    reader = "T5"
    length = 128
    masked = False
    multiple = 32
    defaults = Defaults(steps=50, scale=3.0, rescale=0.0, width=704, height=512)

    def sizes(self, denoiser: Config, autoencoder: Config) -> Sizes:
        side, frames = _factors(autoencoder)
        return Sizes(
            takes=int(denoiser.get("in_channels", 128)),
            reads=int(denoiser.get("caption_channels", 4096)),
            channels=int(autoencoder.get("latent_channels", 128)),
            factor=side,
            grid=(self.defaults.height // side, self.defaults.width // side),
            scaling=Scaling(float(autoencoder.get("scaling_factor", 1.0))),  # mean and spread lie with the weights
            frame_factor=frames,
        )

    def visit(self, rule: Any, steps: int, latent: Latent, where: Any) -> None:
        """Visit noise levels that are the higher, the larger the film is."""
        import numpy as np

        told, config = {"device": where}, rule.config
        if config.get("use_dynamic_shifting"):
            told["mu"] = _shift(prod((latent.tensor.shape[0], *latent.tensor.shape[2:])), config)
        if "sigmas" in signature(rule.set_timesteps).parameters and not hasattr(rule, "init_noise_sigma"):
            rule.set_timesteps(sigmas=np.linspace(1.0, 1 / steps, steps), **told)
        else:
            rule.set_timesteps(steps, **told)

    def ready(self, net: Any, latent: Latent) -> Any:
        return replace(net, fps=latent.fps or _FPS)

    def standing(self, net: Any, handle: Denoiser) -> Any:
        takes = Takes(net.config.in_channels, net.config.caption_channels)
        return LTXNet(net, takes, handle.factor, handle.frame_factor)

    def film(
        self, net: Any, z: Float[Tensor, "1 channels frames height width"], scaling: Scaling
    ) -> Float[Tensor, "1 3 frames height width"]:
        """Decode a film; where the decoder takes away noise too, it is told that there is none."""
        import torch

        mean, spread = (each.view(1, -1, 1, 1, 1).to(z.device, z.dtype) for each in (net.latents_mean, net.latents_std))
        when = torch.tensor([0.0], device=z.device, dtype=z.dtype) if net.config.timestep_conditioning else None
        with torch.random.fork_rng(devices=[]):  # some decoders draw noise, from nobody's generator
            torch.manual_seed(0)
            decoded: Tensor = net.decode(z * spread / scaling.factor + mean, when, return_dict=False)[0]
        return decoded


@dataclass(frozen=True, slots=True, eq=False)
class LTXNet(FilmNet):
    """LTX's transformer, which takes a film as a row of patches; all films are asked for at once."""

    factor: int
    frame_factor: int
    fps: float = _FPS

    def ask(
        self, films: Float[Tensor, "films channels frames height width"], t: Tensor, text: Tensor
    ) -> Float[Tensor, "films channels frames height width"]:
        frames, height, width = films.shape[2:]
        asked: Tensor = self.net(
            hidden_states=films.flatten(2).transpose(1, 2).contiguous(),
            encoder_hidden_states=text,
            timestep=t.expand(len(films)),
            encoder_attention_mask=t5.present(text),
            num_frames=frames,
            height=height,
            width=width,
            rope_interpolation_scale=(self.frame_factor / self.fps, self.factor, self.factor),
            return_dict=False,
        )[0]
        return asked.transpose(1, 2).reshape(films.shape)


def _factors(autoencoder: Config) -> tuple[int, int]:
    """Give how many pixels a cell is wide, and how many frames one is long."""
    shrinks = autoencoder.get("spatio_temporal_scaling", (True, True, True, False))
    patches = (int(autoencoder.get("patch_size", 4)), int(autoencoder.get("patch_size_t", 1)))
    told = (autoencoder.get("spatial_compression_ratio"), autoencoder.get("temporal_compression_ratio"))
    side, frames = (int(one or patch * 2 ** sum(shrinks)) for one, patch in zip(told, patches, strict=True))
    return side, frames


def _shift(cells: int, config: Config) -> float:
    """Say how far noise levels are shifted for so many cells, as calculate_shift of the pipeline does it."""
    low, high = config.get("base_image_seq_len", 256), config.get("max_image_seq_len", 4096)
    least, most = config.get("base_shift", 0.5), config.get("max_shift", 1.15)
    slope = (most - least) / (high - low)
    shift: float = cells * slope + (least - slope * low)
    return shift
