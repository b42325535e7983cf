"""Bring pictures to the range that networks want, and back."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from nodes import drawing
from nodes.values import Image

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


def centred(image: Image, factor: int) -> Float[Tensor, "batch 3 height width"]:
    """Give pixels from -1 to 1; the sides must be multiples of the autoencoder's factor."""
    height, width = image.pixels.shape[-2:]
    if height % factor or width % factor:
        fitting = f"{max(1, width // factor) * factor} x {max(1, height // factor) * factor}"
        raise InputError(
            f"a picture of {width} x {height} pixels is no multiple of {factor}", hint=f"resize it to {fitting}"
        )
    return 2.0 * image.pixels - 1.0


def as_image(x: Float[Tensor, "batch 3 height width"]) -> Image:
    """Give a picture of what a decoder made, from -1 to 1; what lies beyond is cut off."""
    return Image((x * 0.5 + 0.5).clamp(0, 1).float().cpu())


def pictures(image: Image) -> Iterator[Any]:
    """Give each picture of a batch as pillow has it, rounded to eight bits."""
    from PIL import Image as Pillow

    for pixels in image.pixels:
        yield Pillow.fromarray(drawing.picture(pixels.numpy()))
