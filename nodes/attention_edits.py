"""Change where the cells of a picture look: each edit takes attention maps and gives others."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, assert_never

from engine.errors import InputError
from nodes.attention_values import Confine, Edit, Follow, Place, Reweight

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from nodes.attention_values import AttentionLayer


def changed(looked: Tensor, edit: Edit, *, layer: str, step: int, length: int, size: tuple[int, int]) -> Tensor:
    """Change where a layer of so many cells looks in its prompt; `length` is that of a chunk."""
    match edit:
        case Reweight():
            return _reweighted(looked, edit, length)
        case Confine():
            return _confined(looked, edit, length, size)
        case Follow():
            return _followed(looked, edit, layer, step)
    assert_never(edit)


def itself(edit: Follow, layer: str, step: int) -> Float[Tensor, "batch heads cells cells"] | None:
    """Give where the cells of the other run looked in their own picture; None where the layer was not kept."""
    found = _named(edit.maps.own, layer)
    if not edit.maps.own or (found is not None and step >= len(found.maps)):
        raise InputError(
            f"where the other run looked in itself in step {step + 1} was not kept",
            hint="set self_attention there as high as here, and take as many steps",
        )
    return None if found is None else found.maps[step]


def fitting(theirs: Tensor, ours: Tensor) -> Tensor:
    """Bring maps of the other run to the batch, type and place of ours."""
    if theirs.shape[0] not in (1, ours.shape[0]) or theirs.shape[1:3] != ours.shape[1:3]:
        raise InputError("the other run drew other sizes", hint="draw both at one size, with as many pictures")
    return theirs.to(ours).expand(ours.shape[0], *theirs.shape[1:])


def _columns(places: Sequence[Place], length: int, tokens: int) -> list[int]:
    columns = [chunk * length + position for chunk, position in places]
    return [column for column in columns if column < tokens]


def _reweighted(looked: Tensor, edit: Reweight, length: int) -> Tensor:
    """Multiply, and leave the sum as it comes (Hertz et al., arXiv 2208.01626, attention re-weighting)."""
    changed = looked.clone()
    changed[..., _columns(edit.places, length, looked.shape[-1])] *= edit.factor
    return changed


def _confined(looked: Tensor, edit: Confine, length: int, size: tuple[int, int]) -> Tensor:
    """Hide some tokens from the cells outside of a mask; what those cells looked there goes to the other tokens."""
    import torch

    inside = torch.nn.functional.interpolate(edit.mask, size=size, mode="area").reshape(1, 1, -1, 1).to(looked)
    changed = looked.clone()
    changed[..., _columns(edit.places, length, looked.shape[-1])] *= inside
    return changed / changed.sum(-1, keepdim=True).clamp_min(1e-8)


def _followed(looked: Tensor, edit: Follow, layer: str, step: int) -> Tensor:
    """Take the other run's attention for the tokens that have a twin there (arXiv 2208.01626, replace and refine)."""
    import torch

    found = _named(edit.maps.layers, layer)
    if found is None:  # a layer too large to be kept goes its own way
        return looked
    if step not in edit.maps.steps:
        raise InputError(f"step {step + 1} of the other run was not kept", hint="keep every step there")
    theirs = fitting(found.maps[edit.maps.steps.index(step)], looked)
    sources = edit.sources.to(looked)[: theirs.shape[-1], : looked.shape[-1]]
    missing = looked.shape[-1] - sources.shape[1]
    sources = torch.nn.functional.pad(sources, (0, missing))
    theirs = theirs[..., : sources.shape[0]] @ sources
    return torch.where(sources.any(0), theirs, looked)


def _named(layers: Iterable[AttentionLayer], name: str) -> AttentionLayer | None:
    return next((each for each in layers if each.name == name), None)
