"""Mix what prompts ask for: blend, average and join conditionings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.errors import InputError
from engine.node import node
from nodes import facts
from nodes.guidance import padded
from nodes.values import Conditioning, Embedding
from nodes.widgets import Fraction, Line

if TYPE_CHECKING:
    from torch import Tensor


@node("BlendPrompts", libs=("torch",), describe=facts.of_two_prompts)
def blend_prompts(first: Conditioning, second: Conditioning, share: Fraction = 0.5) -> Conditioning:
    """Go from one prompt to another: `share` 0 is the first, 1 the second, between them every vector is between."""
    return _weighted((first, second), (1.0 - share, share))


@node("AveragePrompts", libs=("torch",), describe=facts.of_prompts)
def average_prompts(conditionings: Sequence[Conditioning]) -> Conditioning:
    """Give the mean of several prompts, vector by vector."""
    if not conditionings:
        raise InputError("there is no prompt to average", hint="wire a TextEncoder to it")
    return _weighted(conditionings, [1.0 / len(conditionings)] * len(conditionings))


@node("ConcatPrompts", libs=("torch",), describe=facts.of_two_prompts)
def concat_prompts(first: Conditioning, second: Conditioning) -> Conditioning:
    """Join two prompts one after the other, each encoded on its own; the pooled vector is the first one's."""
    import torch

    _check_widths((first, second))
    pair = _alike(first.sequence, second.sequence)
    return replace(first, sequence=torch.cat(pair, dim=1))


@node("PromptBatch", libs=("torch",), describe=facts.of_prompts)
def prompt_batch(conditionings: Sequence[Conditioning]) -> Conditioning:
    """Stack prompts to a batch: one for each picture of a latent with as many."""
    import torch

    _check_widths(conditionings)
    tokens = max(each.sequence.shape[1] for each in conditionings)
    rows = [padded(each, tokens) for each in conditionings]
    sequence, pooled = (torch.cat([getattr(row, name) for row in rows]) for name in ("sequence", "pooled"))
    return replace(conditionings[0], sequence=sequence, pooled=pooled)


@node("PooledVector", libs=("torch",))
def pooled_vector(conditioning: Conditioning, name: Line = "") -> Embedding:
    """Take the one vector that stands for a whole prompt, to look at it or to compare prompts by it."""
    vectors = conditioning.pooled.float()
    names = [name or "prompt"] if len(vectors) == 1 else [f"{name or 'prompt'} {at + 1}" for at in range(len(vectors))]
    return Embedding(vectors, f"pooled-{vectors.shape[-1]}", tuple(names))


def _weighted(conditionings: Sequence[Conditioning], shares: Sequence[float]) -> Conditioning:
    """Add up prompts by shares; shorter ones are padded with chunks of no text."""
    _check_widths(conditionings)
    tokens = max(each.sequence.shape[1] for each in conditionings)
    rows = [padded(each, tokens) for each in conditionings]
    pairs = list(zip(rows, shares, strict=True))
    return replace(
        conditionings[0],
        sequence=_sum([row.sequence * share for row, share in pairs]),
        pooled=_sum([row.pooled * share for row, share in pairs]),
    )


def _sum(tensors: Sequence[Tensor]) -> Tensor:
    total = tensors[0]
    for each in tensors[1:]:
        total = total + each
    return total


def _alike(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    """Repeat a single prompt for every one of a batch."""
    batch = max(first.shape[0], second.shape[0])
    return first.expand(batch, -1, -1), second.expand(batch, -1, -1)


def _check_widths(conditionings: Sequence[Conditioning]) -> None:
    widths = {(each.sequence.shape[-1], each.pooled.shape[-1]) for each in conditionings}
    if len(widths) != 1:
        raise InputError(
            "the prompts are encoded in different widths" if widths else "there is no prompt",
            hint="encode all of them with one text encoder",
        )
