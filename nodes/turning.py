"""Turn and slant pictures, each by its own amount, so that gradients flow back.

A turn is three shears (Paeth 1986). In a shear every pixel of a line moves alike: no two of them ask for the same one,
so the gradient is the same, bit for bit, each time, on any device.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from math import radians
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Generator, Tensor


def turned(
    views: Float[Tensor, "count 3 side side"], degrees: float, slant: float, generator: Generator
) -> Float[Tensor, "count 3 side side"]:
    """Turn each view by up to so many degrees, and slant it by up to so much; the first one stays as it is.

    Without either nothing is drawn from the generator.
    """
    import torch

    if degrees == 0 and slant == 0:
        return views
    draws = 2 * torch.rand(2, len(views), generator=generator) - 1
    draws[:, 0] = 0
    angles, slants = radians(degrees) * draws[0], slant * draws[1]
    return turn(views, angles.to(views.device), slants.to(views.device))


def turn(
    views: Float[Tensor, "count 3 side side"], angles: Float[Tensor, " count"], slants: Float[Tensor, " count"]
) -> Float[Tensor, "count 3 side side"]:
    """Turn each view to the right, by at most an eighth of a circle, and then slant it; edges go on outwards."""
    import torch

    side = views.shape[-1]
    wide = _bordered(views)
    half = torch.tan(angles / 2)
    wide = _sheared(wide, half)
    wide = _sheared(wide.transpose(2, 3), -torch.sin(angles)).transpose(2, 3)
    wide = _sheared(wide, half + slants)
    return wide[..., side : 2 * side, side : 2 * side]


def _bordered(views: Tensor) -> Tensor:
    """Repeat the edges of a view outwards, as far again on each side; by a product, whose gradient adds up in order."""
    import torch

    side = views.shape[-1]
    places = torch.arange(-side, 2 * side, device=views.device).clamp(0, side - 1)
    spread = torch.nn.functional.one_hot(places, side).to(views.dtype)
    bordered: Tensor = spread @ views @ spread.T
    return bordered


def _sheared(views: Tensor, slopes: Tensor) -> Tensor:
    """Move each row sideways by its slope times how far from the middle it is, between two pixels where need be."""
    import torch

    count, channels, rows, columns = views.shape
    down = torch.arange(rows, device=views.device) - (rows - 1) / 2
    moved = (slopes[:, None] * down)[:, :, None]
    whole = moved.floor()
    across = torch.arange(columns, device=views.device) + whole.long()

    def taken(places: Tensor) -> Tensor:
        within = places.clamp(0, columns - 1)[:, None].expand(count, channels, rows, columns)
        return views.gather(3, within)

    share = (moved - whole)[:, None].to(views.dtype)
    return taken(across) * (1 - share) + taken(across + 1) * share
