"""Go between a batch, which is one value, and a list, which has many; pick from lists, and lay pictures out."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from typing import TYPE_CHECKING, Annotated, TypeVar

from engine.errors import InputError
from engine.node import node
from engine.spec import Widget
from nodes.values import Image
from nodes.widgets import number, slider

if TYPE_CHECKING:
    from torch import Tensor

T = TypeVar("T")
AssetNames = Annotated[Sequence[str], Widget("images")]
Columns = Annotated[int, slider(0, 64)]
Tile = Annotated[int, number(8, 1024)]
_GAP = 2


@node("Album", category="image")
def album(pictures: AssetNames = ()) -> list[str]:
    """Name pictures that were imported as assets: wired to `LoadImage`, it brings in each.

    On the command line, `--set pictures=@folder` imports every picture of a folder.
    """
    return list(pictures)


@node("SplitBatch", category="image", libs=("torch",))
def split_batch(image: Image) -> list[Image]:
    """Give the pictures of a batch as a list: wired to a port that wants one, the node there runs for each."""
    import torch

    return [Image(each.clone()) for each in torch.split(image.pixels, 1)]


@node("StackImages", category="image", libs=("torch",))
def stack_images(images: Sequence[Image]) -> Image:
    """Put pictures of one size together as one batch."""
    import torch

    sizes = {tuple(each.pixels.shape[1:]) for each in images}
    if len(sizes) != 1:
        raise InputError(f"there are pictures of {len(sizes)} sizes", hint="resize them to one size")
    return Image(torch.cat([each.pixels for each in images]))


@node("JoinLists", category="logic")
def join_lists(first: Sequence[T], second: Sequence[T]) -> list[T]:
    """Put one list after another."""
    return [*first, *second]


@node("Pick", category="logic")
def pick(items: Sequence[T], numbers: Sequence[int] = (0,)) -> list[T]:
    """Pick things out of a list by their numbers, counted from 0, in that order."""
    if wrong := [each for each in numbers if not 0 <= each < len(items)]:
        raise InputError(f"there is no number {wrong[0]} in a list of {len(items)}", hint="numbers count from 0")
    return [items[each] for each in numbers]


@node("ImageGrid", category="image", libs=("torch",))
def image_grid(images: Sequence[Image], columns: Columns = 0, tile: Tile = 64) -> Image:
    """Lay pictures out in a grid, row by row; each is fitted into a square of `tile` pixels.

    With 0 columns, the grid is about as wide as high.
    """
    import torch

    tiles = [_fitted(each[None], tile) for image in images for each in image.pixels]
    if not tiles:
        raise InputError("there is no picture to lay out", hint="wire one at least")
    across = min(columns or ceil(sqrt(len(tiles))), len(tiles))
    down = ceil(len(tiles) / across)
    step = tile + _GAP
    sheet = torch.ones(1, 3, down * step - _GAP, across * step - _GAP)
    for place, each in enumerate(tiles):
        top, left = place // across * step, place % across * step
        sheet[..., top : top + tile, left : left + tile] = each
    return Image(sheet)


def _fitted(pixels: Tensor, side: int) -> Tensor:
    """Fit one picture into the middle of a grey square."""
    import torch

    height, width = pixels.shape[-2:]
    rows, columns = (max(1, round(each * side / max(height, width))) for each in (height, width))
    if (rows, columns) == (height, width):
        small = pixels
    else:
        small = torch.nn.functional.interpolate(
            pixels, size=(rows, columns), mode="bicubic", antialias=True, align_corners=False
        ).clamp(0, 1)
    square = torch.full((1, 3, side, side), 0.5)
    top, left = (side - rows) // 2, (side - columns) // 2
    square[..., top : top + rows, left : left + columns] = small
    return square
