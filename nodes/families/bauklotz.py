"""bauklotz, the embedded models: built like Stable Diffusion, small, with a latent space of their own."""

from __future__ import annotations

from nodes.families.stable_diffusion import StableDiffusion
from nodes.values import Defaults


class Bauklotz(StableDiffusion):
    """The embedded text-to-image model."""

    name = "bauklotz"
    space = "bauklotz"
    latent = (5, 4)
    defaults = Defaults(steps=20, scale=3.0, rescale=0.0, width=64, height=64)
    preview = ()
