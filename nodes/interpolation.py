"""Go from one embedding to another in steps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

from engine.errors import InputError
from engine.node import node
from nodes import embedding_facts
from nodes.nearness import check_space, numbered
from nodes.values import Embedding
from nodes.widgets import slider

if TYPE_CHECKING:
    from torch import Tensor

Count = Annotated[int, slider(2, 64)]
_PARALLEL = 1e-4  # radians: below it an arc is a line, in float32


@node("InterpolateEmbeddings", category="embedding", libs=("torch",), describe=embedding_facts.of_between)
def interpolate_embeddings(
    first: Embedding, second: Embedding, count: Count = 5, path: Literal["slerp", "lerp"] = "slerp"
) -> list[Embedding]:
    """Go from one embedding to another in `count` steps, both ends included: of pictures, of texts, or of one each.

    `slerp` goes along the arc between their directions, as DALL-E 2 does, so that nothing in between is shorter than
    both ends; `lerp` is the straight line, as Kandinsky mixes.
    """
    import torch

    check_space(first, second)
    if len(first.vectors) != len(second.vectors):
        counts = f"{len(first.vectors)} and {len(second.vectors)}"
        raise InputError(f"there are {counts} embeddings", hint="give as many of both: the first goes to the first")
    between = _arc if path == "slerp" else _line
    names = list(zip(numbered(first, "first"), numbered(second, "second"), strict=True))
    steps = []
    with torch.inference_mode():
        for at in range(count):
            share = at / (count - 1)
            told = tuple(f"{one} / {other}, {share:.0%}" for one, other in names)
            steps.append(replace(first, vectors=between(first.vectors, second.vectors, share), names=told))
    return steps


def _line(first: Tensor, second: Tensor, share: float) -> Tensor:
    return first * (1.0 - share) + second * share


def _arc(first: Tensor, second: Tensor, share: float) -> Tensor:
    """Turn from one direction to the other at even speed (Shoemake 1985); lengths go in a straight line."""
    import torch

    long, longer = (each.norm(dim=1, keepdim=True) for each in (first, second))
    if bool(((long == 0) | (longer == 0)).any()):
        raise InputError("an embedding is zero: it has no direction", hint="take lerp")
    one, other = first / long, second / longer
    # acos of the cosine loses half of the digits near 0 and pi; this does not (Kahan)
    angle = 2 * torch.atan2((one - other).norm(dim=1, keepdim=True), (one + other).norm(dim=1, keepdim=True))
    if bool((angle > torch.pi - _PARALLEL).any()):
        raise InputError("the embeddings are opposite: many arcs join them", hint="take lerp")
    turned = (torch.sin((1 - share) * angle) * one + torch.sin(share * angle) * other) / torch.sin(angle)
    direction = torch.where(angle < _PARALLEL, _line(one, other, share), turned)
    return direction * _line(long, longer, share)
