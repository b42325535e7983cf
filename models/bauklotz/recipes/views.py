"""Show a picture in several ways, cut, moved, scaled, mirrored and in other colours, as DINO compares it with itself.

Guarantees
1. No label is looked at: a view depends on the pixels and the generator alone.
2. Colours are turned about grey, so that what could be told apart before can be after.
3. How far views differ goes from hardly (0) to all the way (1), so that learning has a beginning.
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


def view(picture: Tensor, cut: Cut, far: float, generator: torch.Generator) -> Tensor:
    """Give one view [n, 3, side, side] of each picture [n, 3, h, w] in 0..1; `far` in 0..1 is how much views differ."""
    seen = _recolour(_window(picture, cut, far, generator), far, generator)
    return torch.lerp(seen, blemish(seen, generator), far / 4).clamp(0, 1)


def _window(picture: Tensor, cut: Cut, far: float, generator: torch.Generator) -> Tensor:
    """Cut a window out of each picture; beyond an edge the edge goes on."""
    count, _, height, width = picture.shape
    low, high = cut.zoom
    zoom = 1 + far * (low - 1 + (high - low) * torch.rand((count, 1), generator=generator))
    middle = torch.tensor([width, height]) / 2
    if cut.aimed:
        away = _somewhere(picture, generator) + 3 * torch.randn((count, 2), generator=generator) - middle
    else:
        away = (2 * middle - cut.side / zoom).clamp(min=4) * (torch.rand((count, 2), generator=generator) - 0.5)
    centre = middle + far * away
    reach = (torch.arange(cut.side) + 0.5 - cut.side / 2) / zoom  # [n, side]
    x, y = centre[:, :1] + reach, centre[:, 1:] + reach
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


def _recolour(picture: Tensor, far: float, generator: torch.Generator) -> Tensor:
    """Turn the colour cube about its middle, perhaps mirrored, and weaken the contrast."""
    count = len(picture)
    drawn = torch.randn((count, 3, 3), generator=generator)
    basis, triangle = torch.linalg.qr(torch.lerp(torch.eye(3), drawn, far))
    turn: Tensor = basis * triangle.diagonal(dim1=1, dim2=2).sign()[:, None]
    contrast = 1 - far / 2 * torch.rand((count, 1, 1), generator=generator)
    turned = torch.bmm(turn * contrast, picture.flatten(2) - 0.5)
    return turned.view_as(picture) + 0.5
