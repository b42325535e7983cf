"""bauklotz, the embedded models: built like Stable Diffusion, small, with a latent space of their own."""

from __future__ import annotations

from nodes.families.stable_diffusion import StableDiffusion
from nodes.preview import Colours
from nodes.values import Defaults


class Bauklotz(StableDiffusion):
    """The embedded text-to-image model."""

    name = "bauklotz"
    space = "bauklotz"
    latent = (5, 4)
    defaults = Defaults(steps=20, scale=3.0, rescale=0.0, width=64, height=64)
    # a linear fit on drawn scenes: the encoder is a linear code of 4 x 4 patches, so it leaves next to nothing over
    preview = Colours(
        (
            (0.6088, 0.4441, 0.0241),
            (-0.1453, 0.1934, 0.5850),
            (0.2214, -0.2919, 0.1634),
            (0.0, 0.0, 0.0),
            (0.0, 0.0, 0.0),
        ),
        (-0.0064, -0.2678, -0.3683),
    )
