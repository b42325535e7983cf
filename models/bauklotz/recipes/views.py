"""Show a picture in several ways, cut, moved, scaled, mirrored and in other colours, as DINO compares it with itself.

Guarantees
1. No label is looked at: a view depends on the pixels and the generator alone.
2. Colours change by a symmetry of the colour cube, so that what could be told apart before can be after.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from models.bauklotz.recipes.checker import blemish


@dataclass(frozen=True, slots=True)
class Cut:
    """How large a view is, how much it may magnify, and whether it is aimed at where something is."""

    side: int
    zoom: tuple[float, float]
    aimed: bool


def view(picture: Tensor, cut: Cut, generator: torch.Generator) -> Tensor:
    """Give one view [n, 3, side, side] of each picture [n, 3, h, w] in 0..1."""
    seen = _window(picture, cut, generator)
    return blemish(_recolour(seen, generator), generator).clamp(0, 1)


def _window(picture: Tensor, cut: Cut, generator: torch.Generator) -> Tensor:
    """Cut a window out of each picture; beyond an edge the edge goes on."""
    count, _, height, width = picture.shape
    low, high = cut.zoom
    zoom = low + (high - low) * torch.rand((count, 1), generator=generator)
    size = torch.tensor([width, height])
    if cut.aimed:
        centre = _somewhere(picture, generator) + 3 * torch.randn((count, 2), generator=generator)
    else:
        slack = (size - cut.side / zoom).clamp(min=8)
        centre = size / 2 + slack * (torch.rand((count, 2), generator=generator) - 0.5)
    mirror = torch.where(torch.rand((count, 1), generator=generator) < 0.5, -1.0, 1.0)
    reach = (torch.arange(cut.side) + 0.5 - cut.side / 2) / zoom  # [n, side]
    x, y = centre[:, :1] + reach * mirror, centre[:, 1:] + reach
    grid = torch.stack(
        [
            (2 * x / width - 1)[:, None, :].expand(-1, cut.side, -1),
            (2 * y / height - 1)[:, :, None].expand(-1, -1, cut.side),
        ],
        dim=-1,
    )
    return F.grid_sample(picture, grid, padding_mode="border", align_corners=False)


def _somewhere(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Choose a pixel (x, y) that differs from the picture's middle colour."""
    width = picture.shape[-1]
    flat = picture.flatten(2)
    strange = (flat - flat.median(2, keepdim=True).values).abs().amax(1) + 1e-3
    chosen = torch.multinomial(strange, 1, generator=generator)
    return torch.cat([chosen % width, chosen // width], dim=1) + 0.5


def _recolour(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Permute and invert the channels of four views in five, and weaken each channel."""
    count = len(picture)
    order = torch.rand((count, 3), generator=generator).argsort(1)
    order = torch.where(torch.rand((count, 1), generator=generator) < 0.8, order, torch.arange(3))
    turned = torch.gather(picture, 1, order[:, :, None, None].expand_as(picture))
    invert = (torch.rand((count, 3, 1, 1), generator=generator) < 0.3) & (
        torch.rand((count, 1, 1, 1), generator=generator) < 0.8
    )
    turned = torch.where(invert, 1 - turned, turned)
    return turned * (0.6 + 0.4 * torch.rand((count, 3, 1, 1), generator=generator))
