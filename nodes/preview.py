"""Show a latent as a small picture, without decoding it."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

_SIDE = 128  # pixels of the longer side, at least


def jpeg(latent: Float[Tensor, "batch channels height width"], factors: Sequence[Sequence[float]]) -> bytes:
    """Draw the first latent as a JPEG; `factors` are red, green and blue of each channel, around middle grey."""
    import torch
    from PIL import Image

    x = latent[0].detach().float().cpu()
    colours = torch.tensor(factors or _first_three(x.shape[0]))
    rgb = (torch.einsum("chw,cr->hwr", x, colours) / 2 + 0.5).clamp(0, 1).nan_to_num(0.5)
    picture = Image.fromarray((rgb * 255).byte().numpy())
    scale = max(1, _SIDE // max(picture.size))
    file = BytesIO()
    picture.resize((picture.width * scale, picture.height * scale)).save(file, "JPEG", quality=80)
    return file.getvalue()


def _first_three(channels: int) -> list[list[float]]:
    """Show the first three channels as they are, where no fit is known."""
    return [[0.5 * (channel == colour) for colour in range(3)] for channel in range(channels)]
