"""Make masks: where a picture may change, 1 inside and 0 outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from engine.errors import InputError
from engine.node import node
from nodes.values import Image, Mask
from nodes.widgets import Fraction, number, slider

if TYPE_CHECKING:
    from torch import Tensor

Pixels = Annotated[int, number(0, 4096)]
Reach = Annotated[int, slider(-128, 128)]
Softness = Annotated[float, slider(0, 64, 0.5)]


class Padded(NamedTuple):
    image: Image
    mask: Mask


@node("RectangleMask", libs=("torch",))
def rectangle_mask(
    image: Image, left: Fraction = 0.25, top: Fraction = 0.25, right: Fraction = 0.75, bottom: Fraction = 0.75
) -> Mask:
    """Mask a rectangle of a picture, given in fractions of its sides."""
    import torch

    batch, _, height, width = image.pixels.shape
    pixels = torch.zeros(batch, 1, height, width)
    pixels[..., round(top * height) : round(bottom * height), round(left * width) : round(right * width)] = 1.0
    return Mask(pixels)


@node("ColourMask", libs=("torch",))
def colour_mask(
    image: Image, red: Fraction = 1.0, green: Fraction = 0.0, blue: Fraction = 0.0, tolerance: Fraction = 0.3
) -> Mask:
    """Mask what has a colour: every pixel whose red, green and blue are each at most `tolerance` away."""
    import torch

    colour = torch.tensor([red, green, blue]).view(1, 3, 1, 1)
    near = (image.pixels - colour).abs().amax(1, keepdim=True) <= tolerance
    return Mask(near.float())


@node("ImageMask", libs=("torch",))
def image_mask(image: Image, threshold: Fraction = 0.0) -> Mask:
    """Take a picture as a mask: white is 1, black is 0; above 0, `threshold` makes it hard."""
    grey = image.pixels.mean(1, keepdim=True)
    return Mask(grey if threshold == 0 else (grey >= threshold).float())


@node("InvertMask", libs=("torch",))
def invert_mask(mask: Mask) -> Mask:
    """Swap what is inside a mask and what is outside."""
    return Mask(1.0 - mask.pixels)


@node("JoinMasks", libs=("torch",))
def join_masks(first: Mask, second: Mask, how: Literal["either", "both", "first only"] = "either") -> Mask:
    """Join two masks of one size: inside either, inside both, or inside the first and not the second."""
    import torch

    _check_sizes(first, second)
    match how:
        case "either":
            return Mask(torch.maximum(first.pixels, second.pixels))
        case "both":
            return Mask(torch.minimum(first.pixels, second.pixels))
    return Mask(torch.minimum(first.pixels, 1.0 - second.pixels))


@node("GrowMask", libs=("torch",))
def grow_mask(mask: Mask, pixels: Reach = 4, soft: Softness = 0.0) -> Mask:
    """Grow a mask by so many pixels, or shrink it by fewer than 0; `soft` blurs its edge outward by as many."""
    import torch

    size = 2 * abs(pixels) + 1
    pool = torch.nn.functional.max_pool2d
    grown = pool(mask.pixels, size, 1, abs(pixels)) if pixels > 0 else -pool(-mask.pixels, size, 1, abs(pixels))
    return Mask(torch.maximum(grown, _blurred(grown, soft)) if soft > 0 else grown)


@node("PadImage", libs=("torch",))
def pad_image(image: Image, left: Pixels = 0, top: Pixels = 0, right: Pixels = 0, bottom: Pixels = 0) -> Padded:
    """Put a border around a picture, to be outpainted: filled from the edge, and masked."""
    import torch

    pixels = torch.nn.functional.pad(image.pixels, (left, right, top, bottom), mode="replicate")
    inside = torch.zeros(image.pixels.shape[0], 1, *image.pixels.shape[-2:])
    return Padded(Image(pixels), Mask(torch.nn.functional.pad(inside, (left, right, top, bottom), value=1.0)))


@node("Composite", libs=("torch",))
def composite(image: Image, original: Image, mask: Mask, feather: Softness = 0.0) -> Image:
    """Put what was drawn inside a mask into the original: outside of it, no bit of the original changes.

    `feather` softens the seam, inside of the mask only, over so many pixels. A mask that is no 0 or 1 mixes.
    """
    import torch

    if image.pixels.shape[-2:] != original.pixels.shape[-2:]:
        raise InputError("the two pictures are not of one size", hint="bring them to one size with ResizeImage")
    _check_sizes(Mask(original.pixels[:, :1]), mask)
    inside = mask.pixels
    if feather > 0:
        inside = torch.minimum(inside, (2 * _blurred(inside, feather) - 1).clamp(0, 1))
    drawn, kept = image.pixels, original.pixels
    mixed = kept + (drawn - kept) * inside
    return Image(torch.where(inside == 0, kept, torch.where(inside == 1, drawn, mixed)))


def _check_sizes(first: Mask, second: Mask) -> None:
    one, other = first.pixels.shape[-2:], second.pixels.shape[-2:]
    if one != other:
        raise InputError(
            f"a mask of {other[1]} x {other[0]} pixels does not fit {one[1]} x {one[0]}",
            hint="make the mask from the same picture",
        )


def _blurred(mask: Tensor, radius: float) -> Tensor:
    """Blur by a box of so many pixels to each side, three times: near enough to a bell."""
    import torch

    side = max(1, round(radius / 1.5))
    for _ in range(3):
        padded = torch.nn.functional.pad(mask, (side,) * 4, mode="replicate")
        mask = torch.nn.functional.avg_pool2d(padded, 2 * side + 1, 1)
    return mask
