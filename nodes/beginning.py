"""Draw what a denoising begins with: noise, a noised picture, and what of the picture is kept where it is masked.

Guarantees
1. Random numbers are drawn in the pipelines' order: the picture, the noise, the picture around the mask.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from nodes.latent import drawn
from nodes.noise import Noise
from nodes.tensors import like
from nodes.values import Inpaint, Latent

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A picture of which a part is kept in every step: where the mask is 0.

    With `shown`, the denoiser sees that part without noise.
    """

    mask: Float[Tensor, "batch 1 height width"]
    clean: Tensor
    noise: Tensor
    shown: bool = False

    def under(self, x: Tensor) -> Tensor:
        """Give what the denoiser sees of a latent that is scaled for it."""
        return (1 - self.mask) * self.clean + self.mask * x if self.shown else x

    def over(self, x: Tensor, rule: Any, following: Tensor) -> Tensor:
        """Put the kept part, as noisy as the step that follows wants it, over what was drawn."""
        import torch

        proper = self.clean
        if len(following):
            proper = rule.add_noise(proper, self.noise, torch.tensor([following[0]]))
        return (1 - self.mask) * proper + self.mask * x


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """Where a denoising begins."""

    x: Tensor
    kept: Kept | None = None
    beside: Tensor | None = None  # mask and masked picture, for a denoiser that reads them


def begin(rule: Any, latent: Latent, noise: Noise, net: Any, timesteps: Tensor, *, whole: bool) -> Begun:
    """Draw what a latent begins with; `whole` says that every step is taken."""
    if latent.blank:
        _check_channels(net, latent, masked=False)
        weight = like(net)
        fresh = noise.normal(latent.tensor.shape, weight.device, weight.dtype)
        return Begun(fresh * getattr(rule, "init_noise_sigma", 1.0))  # a flow begins with noise as it is
    if not hasattr(rule, "add_noise"):
        raise InputError("this sampler cannot start from a picture", hint="take another one, such as ddim or euler")
    if latent.inpaint is not None:
        return _masked(rule, latent, latent.inpaint, noise, net, timesteps, whole=whole)
    _check_channels(net, latent, masked=False)
    x = drawn(latent, noise).to(like(net))
    return Begun(rule.add_noise(x, noise.like(x), timesteps[:1].repeat(x.shape[0])))


def _masked(
    rule: Any, latent: Latent, inpaint: Inpaint, noise: Noise, net: Any, timesteps: Tensor, *, whole: bool
) -> Begun:
    """Begin as StableDiffusionInpaintPipeline does, with a plain denoiser or with one that reads the mask."""
    import torch

    reads = net.config.in_channels != latent.tensor.shape[1]
    _check_channels(net, latent, masked=True)
    clean = latent.tensor if reads and whole else drawn(latent, noise)
    clean = clean.to(like(net))
    fresh = noise.like(clean)
    x = fresh * rule.init_noise_sigma if whole else rule.add_noise(clean, fresh, timesteps[:1].repeat(clean.shape[0]))
    around = drawn(inpaint.around, noise).to(like(net))
    mask = inpaint.mask.to(like(net)).expand(clean.shape[0], -1, -1, -1)
    if reads:
        return Begun(x, beside=torch.cat([mask, around.expand_as(clean)], dim=1))
    return Begun(x, Kept(mask, clean, fresh))


def _check_channels(net: Any, latent: Latent, *, masked: bool) -> None:
    takes, channels = net.config.in_channels, latent.tensor.shape[1]
    if takes == channels or (masked and takes == 2 * channels + 1):
        return
    raise InputError(
        f"the denoiser takes {takes} channels, a latent has {channels}: it reads a masked picture as well",
        hint="make the latent with an InpaintLatent node",
    )
