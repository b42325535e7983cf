"""Say what is kept of a denoiser's cross-attention, what is changed in it, and show it over the picture."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from engine.errors import InputError
from engine.node import node
from engine.run import Run
from nodes import facts
from nodes.attention_values import (
    Attention,
    AttentionEdit,
    AttentionLayer,
    AttentionMaps,
    Confine,
    Follow,
    Place,
    Reweight,
    WordReach,
)
from nodes.handles import Denoiser, TextEncoderModel
from nodes.values import Image, Mask, Tokens, Words
from nodes.widgets import Fraction, Line, number, slider
from nodes.wording import ends, listed, places_of, twins

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

Every = Annotated[int, slider(0, 100)]
Cells = Annotated[int, number(1, 256)]
Which = Annotated[int, slider(0, 20)]
Factor = Annotated[float, slider(0, 20, 0.1)]
Head = Annotated[int | None, number(0, 255)]


@node("CrossAttention", title="Cross-attention", describe=facts.of_cross_attention)
def cross_attention(
    denoiser: Denoiser,
    words: Words,
    edits: Sequence[AttentionEdit] = (),
    every: Every = 1,
    largest: Cells = 32,
    self_attention: Fraction = 0.0,
    self_largest: Cells = 16,
) -> Attention:
    """Watch where a picture looks in its prompt while it is drawn, and change it: wire this to a Sampler.

    Watching changes no bit of the picture. `every` keeps one step of so many, 0 keeps none; layers of more than
    `largest` cells on a side are not kept. Edits act one after the other. In the first share `self_attention` of the
    steps it is kept as well where the picture looks in itself, in layers up to `self_largest`, for another picture to
    follow; that takes room: every cell has a share for every other one.
    """
    from nodes.families import family

    if not family(denoiser.family).watchable:
        raise InputError(
            f"the denoiser of {denoiser.family} has no cross-attention that could be watched",
            hint="take a model of another family, such as stable-diffusion",
        )
    return Attention(words, tuple(edits), largest, every, self_attention, self_largest)


@node("ReweightWord", describe=facts.of_word_edit)
def reweight_word(
    words: Words, word: Line, factor: Factor = 2.0, which: Which = 0, start: Fraction = 0.0, stop: Fraction = 1.0
) -> AttentionEdit:
    """Make the picture look at a word so many times as much; 0 takes it away.

    `which` says which one is meant, where the word stands there several times; 0 means all. From the fraction `start`
    of the steps to `stop`.
    """
    return AttentionEdit(Reweight(places_of(words, word, which=which), factor, start, stop))


@node("ConfineWord", libs=("torch",), describe=facts.of_word_edit)
def confine_word(
    words: Words, word: Line, mask: Mask, which: Which = 0, start: Fraction = 0.0, stop: Fraction = 1.0
) -> AttentionEdit:
    """Let a word act inside a mask only: no cell outside looks at it."""
    return AttentionEdit(Confine(places_of(words, word, which=which), mask.pixels[:1], start, stop))


@node(
    "FollowAttention",
    title="Follow attention (prompt-to-prompt)",
    revision=2,
    libs=("torch",),
    describe=facts.of_follow,
)
def follow_attention(
    attention: AttentionMaps,
    words: Words,
    mode: Literal["replace", "refine"] = "replace",
    start: Fraction = 0.0,
    stop: Fraction = 0.8,
    self_attention: Fraction = 0.0,
) -> AttentionEdit:
    """Draw another prompt where the first one was drawn: each word looks where its twin in the other run looked.

    `words` is the new prompt. `replace` gives words that were put in place of others their attention, word by word;
    `refine` leaves words that are new to themselves. In the first share `self_attention` of the steps, the picture also
    looks in itself where the other one did: its CrossAttention must have kept as much. Large networks keep the layout
    so; `bauklotz` hardly changes. Draw with the same seed and steps. As in Hertz et al., arXiv 2208.01626.
    """
    import torch

    tokens = attention.layers[0].maps.shape[-1] if attention.layers else attention.length
    chunks = 1 + max((span.chunk for span in words.spans), default=0)
    sources = torch.zeros(tokens, attention.length * chunks)
    for (chunk, position), group, share in twins(words, attention.words, replace=mode == "replace"):
        for other_chunk, other in group:
            sources[other_chunk * attention.length + other, chunk * attention.length + position] = share
    for chunk in range(min(chunks, tokens // attention.length)):
        first, here, there = chunk * attention.length, ends(words, chunk), ends(attention.words, chunk)
        sources[first, first] = 1.0
        for position in range(here, attention.length):
            other = there if position == here else max(position, there)
            sources[first + other, first + position] = 1.0
    return AttentionEdit(Follow(attention, sources, start, stop, self_attention))


@node("PromptWords")
def prompt_words(words: Words) -> list[str]:
    """Give the words of a prompt, each once: wired to a heat map, it shows one for each."""
    return listed(words)


@node("WordReach", lane="gpu", libs=("torch", "transformers"), describe=facts.of_reach)
def word_reach(tokens: Tokens, words: Words, encoder: TextEncoderModel, *, run: Run) -> WordReach:
    """Measure how far the text encoder carries each word: which vectors move, and how far, if the word is hidden.

    Encoders mix words: what a picture looks at may lie at the full stop. Wired to a heat map, what is looked at counts
    for every word that is in it.
    """
    import torch

    from nodes.families import family

    known, encoders = family(encoder.family), run.load(encoder)
    length, chunks = len(tokens.sets[0].empty), len(tokens.sets[0].ids)
    moved = torch.zeros(length * chunks, length * chunks)
    with torch.inference_mode():
        for chunk in range(chunks):
            places = [span.position for span in words.spans if span.chunk == chunk]
            rows = slice(chunk * length, (chunk + 1) * length)
            for position in places:
                pairs = [
                    known.with_and_without(encoder_, each.ids[chunk], position)
                    for encoder_, each in zip(encoders, tokens.sets, strict=True)
                ]
                whole, without = (torch.cat(each, dim=-1)[0] for each in zip(*pairs, strict=True))
                share = (without - whole).norm(dim=-1) / whole.norm(dim=-1)
                moved[rows, chunk * length + position] = share.float().cpu()
    return WordReach(words, length, moved)


@node("AttentionHeat", title="Attention heat map", libs=("torch",), describe=facts.of_heat)
def attention_heat(
    attention: AttentionMaps,
    word: Line,
    reach: WordReach | None = None,
    which: Which = 0,
    layer: Line = "",
    head: Head = None,
    start: Fraction = 0.0,
    stop: Fraction = 1.0,
) -> Mask:
    """Show where a picture looked at a word: 1 where it did most, 0 where it did least.

    The mean over the steps from the fraction `start` to `stop`, over heads, and over layers whose name holds `layer`;
    layers are brought to the size of the largest one. With `reach`, a look at any token counts for the word as far as
    the text encoder has carried the word there; without it, only looks at the word's own place count.
    """
    import torch

    places = places_of(attention.words, word, which=which)
    layers = _layers(attention, layer)
    size = max(((each.height, each.width) for each in layers), default=(1, 1))
    steps = [at for at, step in enumerate(attention.steps) if start <= step / attention.total < max(stop, start + 1e-9)]
    if not steps:
        raise InputError("no step was kept in that interval", hint="make it wider, or keep more steps")
    shares = _shares(attention, places, reach)
    heat = torch.stack([_heat(each, shares, steps, head, size) for each in layers]).mean(0)
    low, high = heat.amin((2, 3), keepdim=True), heat.amax((2, 3), keepdim=True)
    return Mask((heat - low) / (high - low).clamp_min(1e-12))


@node("Overlay", libs=("torch",))
def overlay(image: Image, mask: Mask, opacity: Fraction = 0.6) -> Image:
    """Lay a heat map over a picture: the picture in grey, hot places in red and yellow."""
    import torch

    heat = torch.nn.functional.interpolate(mask.pixels, size=image.pixels.shape[-2:], mode="bilinear")
    ramp = torch.cat([heat * 2, heat * 2 - 0.7, (heat - 0.85) * 4], dim=1).clamp(0, 1)
    grey = image.pixels.mean(1, keepdim=True)
    return Image((grey * (1 - opacity * heat) + ramp * (opacity * heat)).clamp(0, 1))


def _layers(attention: AttentionMaps, name: str) -> Sequence[AttentionLayer]:
    found = [each for each in attention.layers if name in each.name]
    if not found:
        names = ", ".join(each.name for each in attention.layers) or "none: keep larger ones"
        raise InputError(f"no layer that was kept is named {name[:60]!r}", hint=f"kept are {names}")
    return found


def _shares(attention: AttentionMaps, places: Sequence[Place], reach: WordReach | None) -> Float[Tensor, " tokens"]:
    """Say how much of a look at each token counts for a word."""
    import torch

    columns = [chunk * attention.length + position for chunk, position in places]
    tokens = attention.layers[0].maps.shape[-1]
    if reach is None:
        return torch.zeros(tokens).index_fill(0, torch.tensor(columns), 1.0)
    if reach.words != attention.words:
        raise InputError("the reach is of another prompt", hint="wire the same Tokenizer to both")
    shares = reach.moved[:, columns].sum(1)
    return torch.nn.functional.pad(shares, (0, tokens - len(shares)))


def _heat(
    layer: AttentionLayer,
    shares: Float[Tensor, " tokens"],
    steps: Sequence[int],
    head: int | None,
    size: tuple[int, int],
) -> Float[Tensor, "batch 1 height width"]:
    """Give one layer's mean attention to a word, at a size."""
    import torch

    heads = range(layer.maps.shape[2])
    if head is not None and head not in heads:
        raise InputError(f"there is no head {head}: {layer.name} has {len(heads)}", hint="count from 0")
    chosen = layer.maps[list(steps)][:, :, list(heads) if head is None else [head]]
    mean = (chosen.float() @ shares).mean((0, 2)).reshape(-1, 1, layer.height, layer.width)
    return torch.nn.functional.interpolate(mean, size=size, mode="bilinear")
