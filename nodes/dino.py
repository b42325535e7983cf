"""See what is in pictures without words: DINO (Caron et al. 2021, Oquab et al. 2023), by transformers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import facts
from nodes.dino_model import DINOModel, describe_dino, dino_files
from nodes.handles import Precision
from nodes.sources import EMBEDDED
from nodes.values import Embedding, Features, Image, PatchAttention
from nodes.widgets import ModelName, number

if TYPE_CHECKING:
    from torch import Tensor

_LIBS = ("torch", "transformers", "torchvision")
Head = Annotated[int | None, number(0, 256)]  # None is all together
Place = Annotated[int, number(0, 10_000)]


def _files_of(source: str, files: Files) -> Iterable[Path]:
    return dino_files(source, files).values()


@node("LoadDINO", title="Load DINO", lane="io", reads=_files_of, describe=facts.of_dino)
def load_dino(source: ModelName = EMBEDDED, precision: Precision = "auto", *, run: Run) -> DINOModel:
    """Open a DINO, which learned to see without words or labels, without loading its weights yet.

    `source` is `bauklotz`, which comes with the program; the name of a folder below a models folder in transformers'
    layout: DINO, DINOv2 with registers or without, or DINOv3, with .safetensors weights and preprocessor_config.json;
    or `hub:org/name`.
    """
    return describe_dino(source, precision, run.files)


class Encoded(NamedTuple):
    embedding: Embedding
    features: Features
    attention: PatchAttention | None


@node("DINOEncoder", title="DINO encoder", lane="gpu", libs=_LIBS, describe=facts.of_seen)
def encode(image: Image, dino: DINOModel, *, run: Run) -> Encoded:
    """See pictures: one vector for each as a whole, one for each of its patches, and where the model looks.

    `embedding` is the class vector: pictures that look alike lie close. `attention` is the last layer's, from the class
    vector to each patch, head by head; a ConvNeXt has none.
    """
    seen = run.load(dino).see(image)
    whole = Embedding(seen.whole, dino.space, ("",) * len(seen.whole))
    attention = None if seen.attention is None else PatchAttention(seen.attention, seen.patch)
    return Encoded(whole, Features(seen.patches, seen.patch, dino.space), attention)


@node("PatchColours", title="Patch colours", category="dino", libs=("torch",))
def patch_colours(features: Features) -> Image:
    """Paint each patch by the three directions in which the patches of these pictures differ most (PCA).

    Patches that mean alike get one colour, across all pictures of the batch. Signs are fixed: the largest entry of
    each direction is positive.
    """
    import torch

    with torch.inference_mode():
        x = features.patches.double().flatten(0, 2)
        x = x - x.mean(0)
        _, _, directions = torch.linalg.svd(x, full_matrices=False)
        shown = directions[:3]
        signs = shown.gather(1, shown.abs().argmax(1, keepdim=True)).sign()
        rgb = x @ (shown * signs).T
        rgb = _spread(rgb)
        batch, rows, columns, _ = features.patches.shape
        rgb = torch.nn.functional.pad(rgb, (0, 3 - rgb.shape[1]), value=0.5)
        painted = rgb.float().reshape(batch, rows, columns, 3).permute(0, 3, 1, 2)
        return Image(_enlarged(painted, features.patch))


@node("AttentionPicture", title="Attention picture", category="dino", libs=("torch",))
def attention_picture(attention: PatchAttention, image: Image, head: Head = None) -> Image:
    """Darken a picture where the model does not look; all heads together, or one, counted from 0."""
    import torch

    if len(attention.maps) != len(image.pixels):
        raise InputError(
            f"{len(attention.maps)} maps do not fit {len(image.pixels)} pictures", hint="wire the pictures encoded"
        )
    heads = attention.maps.shape[1]
    if head is not None and head >= heads:
        raise InputError(f"there is no head {head}: there are {heads}, counted from 0", hint="choose another")
    with torch.inference_mode():
        maps = attention.maps.mean(1, keepdim=True) if head is None else attention.maps[:, head : head + 1]
        light = _to_one(torch.nn.functional.interpolate(maps, size=image.pixels.shape[-2:], mode="bilinear"))
        return Image(image.pixels * (0.1 + 0.9 * light))


@node("PatchSimilarity", title="Patch similarity", category="dino", libs=("torch",))
def patch_similarity(features: Features, row: Place = 0, column: Place = 0) -> Image:
    """Show how like each patch is to one patch of the first picture, in every picture: white is the same."""
    import torch

    _, rows, columns, _ = features.patches.shape
    if row >= rows or column >= columns:
        raise InputError(f"there is no patch {row}, {column}: there are {rows} x {columns}", hint="choose another")
    with torch.inference_mode():
        unit = torch.nn.functional.normalize(features.patches, dim=-1)
        near = (unit @ unit[0, row, column]).clamp(0, 1)[:, None]
        return Image(_enlarged(near.expand(-1, 3, -1, -1), features.patch))


def _spread(rgb: Tensor) -> Tensor:
    """Stretch each direction to 0..1; one in which nothing differs is 0.5."""
    import torch

    low, width = rgb.amin(0), rgb.amax(0) - rgb.amin(0)
    differs = width > 1e-6 * width.max().clamp(min=1e-12)
    return torch.where(differs, (rgb - low) / width, 0.5)


def _to_one(maps: Tensor) -> Tensor:
    low, high = maps.amin((2, 3), keepdim=True), maps.amax((2, 3), keepdim=True)
    return (maps - low) / (high - low).clamp(min=1e-12)


def _enlarged(picture: Tensor, patch: int) -> Tensor:
    """Paint each cell as a square of pixels."""
    return picture.repeat_interleave(patch, 2).repeat_interleave(patch, 3).contiguous()
