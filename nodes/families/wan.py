"""Wan, text to video (Wan 2.1: arXiv 2503.20314), as WanPipeline of diffusers draws it."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from nodes.families.family import Config, Sizes
from nodes.families.filmed import Filmed, FilmNet, Takes
from nodes.handles import Denoiser
from nodes.values import Defaults, Scaling

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from nodes.checkpoints import Folder


class Wan(Filmed):
    """Wan 2.1, and of Wan 2.2 what has one transformer."""

    name = "wan"
    space = "wan"
    latent = (16, 8)
    pipeline = "WanPipeline"
    denoiser = "WanTransformer3DModel"
    autoencoder = "AutoencoderKLWan"
    reader = "UMT5"
    length = 512
    masked = True
    multiple = 16
    defaults = Defaults(steps=50, scale=5.0, rescale=0.0, width=832, height=480)

    def check(self, folder: Folder) -> None:
        super().check(folder)
        two = folder.index.get("boundary_ratio") is not None or any(folder.index.get("transformer_2") or ())
        if two or folder.index.get("expand_timesteps"):
            raise InputError(
                "Wan 2.2 with two transformers, or with one for pictures too, is not known here",
                hint="take a text-to-video folder of Wan 2.1",
            )

    def sizes(self, denoiser: Config, autoencoder: Config) -> Sizes:
        factor = int(autoencoder.get("scale_factor_spatial", 8))
        mean, spread = (tuple(autoencoder.get(name) or ()) for name in ("latents_mean", "latents_std"))
        return Sizes(
            takes=int(denoiser.get("in_channels", 16)),
            reads=int(denoiser.get("text_dim", 4096)),
            channels=int(autoencoder.get("z_dim", 16)),
            factor=factor,
            grid=(self.defaults.height // factor, self.defaults.width // factor),
            scaling=Scaling(1.0, mean, spread),
            frame_factor=int(autoencoder.get("scale_factor_temporal", 4)),
        )

    def clean(self, text: str) -> str:
        """Mend what was wrongly decoded, and leave single spaces."""
        import ftfy
        import regex  # type: ignore[import-untyped]

        mended = html.unescape(html.unescape(ftfy.fix_text(text))).strip()
        spaced: str = regex.sub(r"\s+", " ", mended).strip()
        return spaced

    def standing(self, net: Any, handle: Denoiser) -> Any:
        return WanNet(net, Takes(net.config.in_channels, net.config.text_dim))

    def film(
        self, net: Any, z: Float[Tensor, "1 channels frames height width"], scaling: Scaling
    ) -> Float[Tensor, "1 3 frames height width"]:
        """Decode a film; the pipeline divides by one over the spread, and so it is done here."""
        import torch

        mean = torch.tensor(scaling.mean).view(1, -1, 1, 1, 1).to(z.device, z.dtype)
        narrow = 1.0 / torch.tensor(scaling.spread).view(1, -1, 1, 1, 1).to(z.device, z.dtype)
        decoded: Tensor = net.decode(z / narrow + mean, return_dict=False)[0]
        return decoded


@dataclass(frozen=True, slots=True, eq=False)
class WanNet(FilmNet):
    """Wan's transformer; it is asked for each film by itself, as the pipeline does it with each prompt."""

    def ask(
        self, films: Float[Tensor, "films channels frames height width"], t: Tensor, text: Tensor
    ) -> Float[Tensor, "films channels frames height width"]:
        import torch

        asked = [
            self.net(hidden_states=film[None], timestep=t.expand(1), encoder_hidden_states=words[None])[0]
            for film, words in zip(films, text, strict=True)
        ]
        return torch.cat(asked)
