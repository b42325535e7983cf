"""Name what flows of attention: where a picture looks in its prompt, and what is changed about that.

Values are frozen, their tensors lie on the CPU, and torch is named here, never imported.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from nodes.values import Words


Place = tuple[int, int]  # chunk and position of a token


@dataclass(frozen=True, slots=True)
class Reweight:
    """Make a picture look at some tokens so many times as much, between two fractions of the steps."""

    places: tuple[Place, ...]
    factor: float
    start: float
    stop: float


@dataclass(frozen=True, slots=True, eq=False)
class Follow:
    """Look where another run looked (prompt-to-prompt), between two fractions of the steps.

    A token takes the attention of those tokens there that `sources` gives a share; one that has none keeps its own.
    In the first share `own` of the steps, the cells look in their own picture where those of the other run did.
    """

    maps: AttentionMaps
    sources: Float[Tensor, "there here"]
    start: float
    stop: float
    own: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Confine:
    """Let some tokens be looked at from inside a mask only, between two fractions of the steps."""

    places: tuple[Place, ...]
    mask: Float[Tensor, "1 1 height width"]
    start: float
    stop: float


Edit = Reweight | Follow | Confine  # closed


@dataclass(frozen=True, slots=True, eq=False)
class AttentionEdit:
    """One change to where a picture looks in its prompt."""

    edit: Edit


@dataclass(frozen=True, slots=True, eq=False)
class Attention:
    """What to do with a denoiser's cross-attention: what is kept of it, and what is changed.

    `largest` is the most cells on a side that a layer may have to be kept; `every` keeps one step of so many, and 0
    keeps none. Self-attention is kept in the first share `own` of the steps, of layers up to `own_largest`.
    """

    words: Words
    edits: tuple[AttentionEdit, ...]
    largest: int
    every: int
    own: float = 0.0
    own_largest: int = 16


@dataclass(frozen=True, slots=True, eq=False)
class AttentionLayer:
    """Where the cells of one layer looked: for each step that was kept, picture, head and cell one share a token."""

    name: str
    height: int
    width: int
    maps: Float[Tensor, "steps batch heads cells tokens"]


@dataclass(frozen=True, slots=True, eq=False)
class AttentionMaps:
    """Where a picture looked in its prompt, layer by layer; `steps` are those that were kept, of `total`.

    `own` is where its cells looked in the picture itself, in the first steps: one share for each other cell.
    """

    words: Words
    length: int  # tokens in a chunk
    steps: tuple[int, ...]
    total: int
    layers: tuple[AttentionLayer, ...]
    own: tuple[AttentionLayer, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class WordReach:
    """How far a text encoder carries each token: by what share the vector at `to` moves if `token` is hidden."""

    words: Words
    length: int  # tokens in a chunk
    moved: Float[Tensor, "to token"]
