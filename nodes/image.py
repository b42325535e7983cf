"""Bring pictures in, and to size."""

from pathlib import Path
from typing import Literal, NamedTuple

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes.values import Image, Mask
from nodes.widgets import AssetName, Size

_MOST_PIXELS = 100_000_000


class Picture(NamedTuple):
    image: Image
    mask: Mask


def _asset(image: str, files: Files) -> tuple[Path, ...]:
    return (files.asset(image),)


@node("LoadImage", lane="io", libs=("pillow",), reads=_asset)
def load_image(image: AssetName, *, run: Run) -> Picture:
    """Bring in a picture that was imported as an asset; `mask` is where it is not transparent.

    Turned pictures are set upright, as their camera says. The type is read from the file's bytes.
    """
    import numpy as np
    import torch
    from PIL import Image as Pillow
    from PIL import ImageOps

    try:
        with Pillow.open(run.asset(image)) as file:
            if file.width * file.height > _MOST_PIXELS:
                raise InputError(f"the picture has {file.width} x {file.height} pixels", hint="make it smaller")
            upright = ImageOps.exif_transpose(file).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise InputError("the asset is not a picture that can be read", hint="use PNG, JPEG or WebP") from error
    pixels = torch.from_numpy(np.array(upright)).permute(2, 0, 1)[None].contiguous().float() / 255
    return Picture(Image(pixels[:, :3].contiguous()), Mask(pixels[:, 3:].contiguous()))


@node("ResizeImage", libs=("torch",))
def resize_image(image: Image, width: Size, height: Size, fit: Literal["cover", "stretch"] = "cover") -> Image:
    """Bring a picture to a size: `cover` keeps its proportions and cuts off what is over, `stretch` does not."""
    import torch

    pixels = _cut(image, width, height).pixels if fit == "cover" else image.pixels
    with torch.inference_mode():
        resized = torch.nn.functional.interpolate(
            pixels, size=(height, width), mode="bicubic", antialias=True, align_corners=False
        )
        return Image(resized.clamp(0, 1))


def _cut(image: Image, width: int, height: int) -> Image:
    """Cut out the largest middle with these proportions."""
    rows, columns = image.pixels.shape[-2:]
    wide = max(1, min(columns, round(rows * width / height)))
    high = max(1, min(rows, round(columns * height / width)))
    top, left = (rows - high) // 2, (columns - wide) // 2
    return Image(image.pixels[..., top : top + high, left : left + wide])
