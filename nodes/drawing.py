"""Draw stored tensors as pictures, with numpy alone: no tensor library is needed to look at a value."""

from __future__ import annotations

from io import BytesIO
from math import ceil, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    from PIL.Image import Image

    from nodes.preview import Colours

_ROWS = 256  # that are turned to eight bits at once, so that a large picture is not held several times
_SIDE = 256  # pixels that a small picture is enlarged to, by a whole factor
_GAP = 1


def picture(pixels: numpy.ndarray) -> numpy.ndarray:
    """Round one picture [1 or 3, height, width], from 0 to 1, to eight bits as the libraries do it."""
    import numpy

    eight = numpy.empty((*pixels.shape[1:], pixels.shape[0]), "uint8")
    for top in range(0, eight.shape[0], _ROWS):
        rows = numpy.nan_to_num(pixels[:, top : top + _ROWS].astype("<f4"))
        eight[top : top + _ROWS] = (rows.clip(0, 1) * 255).round().transpose(1, 2, 0)
    return eight


def thumbnail(eight: numpy.ndarray) -> numpy.ndarray:
    """Average a picture of eight bits by a whole factor, so that no side has more than 256 pixels."""
    import numpy

    small = _pillow(eight).reduce(max(1, ceil(max(eight.shape[:2]) / _SIDE)))
    return numpy.asarray(small).reshape(small.height, small.width, -1)


def coloured(latent: numpy.ndarray, colours: Colours) -> numpy.ndarray:
    """Draw one latent [channels, height, width] by a linear fit of pictures on latents."""
    import numpy

    fit = numpy.array(colours.channels, "<f4")
    rgb = numpy.einsum("chw,cr->rhw", latent.astype("<f4"), fit) + numpy.array(colours.ground, "<f4")[:, None, None]
    return enlarged(picture(rgb / 2 + 0.5))


def channels(tensor: numpy.ndarray) -> tuple[numpy.ndarray, float, float]:
    """Draw the channels of [channels, height, width] side by side in grey, and give what black and white stand for."""
    import numpy

    finite = tensor[numpy.isfinite(tensor)] if tensor.dtype.kind == "f" else tensor
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    grey = (numpy.nan_to_num(tensor.astype("<f4"), nan=low, posinf=high, neginf=low) - low) / ((high - low) or 1.0)
    across = ceil(sqrt(len(grey)))
    tiles = [enlarged(picture(channel[None])) for channel in grey]
    height, width = tiles[0].shape[:2]
    shape = (ceil(len(tiles) / across) * (height + _GAP) - _GAP, across * (width + _GAP) - _GAP, 1)
    sheet = numpy.zeros(shape, "uint8")
    for number, tile in enumerate(tiles):
        top, left = number // across * (height + _GAP), number % across * (width + _GAP)
        sheet[top : top + height, left : left + width] = tile
    return sheet, low, high


def enlarged(eight: numpy.ndarray) -> numpy.ndarray:
    """Enlarge a small picture by repeating its pixels."""
    factor = max(1, _SIDE // max(eight.shape[:2]))
    return eight.repeat(factor, 0).repeat(factor, 1)


def png(eight: numpy.ndarray, *, note: str = "") -> bytes:
    """Write a picture [height, width, 1 or 3] of eight bits; a note goes along as its comment."""
    from PIL.PngImagePlugin import PngInfo

    comment = PngInfo()
    if note:
        comment.add_text("Comment", note)
    file = BytesIO()
    _pillow(eight).save(file, "PNG", pnginfo=comment)
    return file.getvalue()


def _pillow(eight: numpy.ndarray) -> Image:
    from PIL.Image import fromarray

    return fromarray(eight.squeeze(-1) if eight.shape[-1] == 1 else eight)
