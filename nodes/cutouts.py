"""Look at a picture through many windows, so that what is seen of them flows back to its pixels.

Windows are cut and resized by two matrices: the gradient is the same, bit for bit, each time, on any device.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Bool, Float
    from torch import Generator, Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Square windows in a picture, in pixels; those that are `mirrored` swap left and right."""

    tops: Float[Tensor, " count"]
    lefts: Float[Tensor, " count"]
    sides: Float[Tensor, " count"]
    mirrored: Bool[Tensor, " count"]


def windows(count: int, size: tuple[int, int], *, smallest: float, mirror: bool, generator: Generator) -> Windows:
    """Draw windows from `smallest` times the picture's shorter side up to all of it (Crowson et al. 2022).

    The first one is as large as it can be, in the middle: what CLIP itself looks at.
    """
    import torch

    height, width = size
    draws = torch.rand(4, count, generator=generator)
    draws[:3, 0] = torch.tensor([1.0, 0.5, 0.5])
    sides = min(size) * (smallest + (1 - smallest) * draws[0])
    mirrored = (draws[3] < 0.5) if mirror else torch.zeros(count, dtype=torch.bool)
    return Windows((height - sides) * draws[1], (width - sides) * draws[2], sides, mirrored)


def cut(pixels: Float[Tensor, "1 3 height width"], through: Windows, side: int) -> Float[Tensor, "count 3 side side"]:
    """Give what each window shows, resized to `side` pixels as antialiased bilinear interpolation does it."""
    import torch

    down = taps(through.tops, through.sides, side, pixels.shape[2])
    across = taps(through.lefts, through.sides, side, pixels.shape[3])
    across = torch.where(through.mirrored[:, None, None], across.flip(1), across)
    down, across = (each.to(pixels.device) for each in (down, across))
    rows = torch.einsum("nyh,chw->ncyw", down, pixels[0].float())
    seen: Tensor = torch.einsum("ncyw,nxw->ncyx", rows, across)
    return seen


def taps(
    starts: Float[Tensor, " count"], lengths: Float[Tensor, " count"], side: int, size: int
) -> Float[Tensor, "count side size"]:
    """Give the share of each of `size` pixels in each of `side` samples of a stretch; the shares sum to 1."""
    import torch

    scale = lengths[:, None, None] / side
    first = starts[:, None, None]
    middles = first + (torch.arange(side)[None, :, None] + 0.5) * scale
    places = torch.arange(size)[None, None, :] + 0.5
    shares = (1 - ((places - middles) / scale.clamp(min=1)).abs()).clamp(min=0)
    inside = (places > first) & (places < first + lengths[:, None, None])
    shares = shares * inside
    whole: Tensor = shares / shares.sum(2, keepdim=True)
    return whole


def jittered(
    views: Float[Tensor, "count 3 side side"], amount: float, generator: Generator
) -> Float[Tensor, "count 3 side side"]:
    """Change brightness and contrast of each view by up to `amount`, and add noise of up to that spread."""
    import torch

    brightness, contrast, spread = amount * (2 * torch.rand(3, len(views), 1, 1, 1, generator=generator) - 1)
    noise = spread * torch.randn(views.shape, generator=generator)
    shift, gain = (0.5 + brightness + noise).to(views.device), (1 + contrast).to(views.device)
    changed: Tensor = (views - 0.5) * gain + shift
    return changed
