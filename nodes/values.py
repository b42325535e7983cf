"""Name what flows between nodes: text, tokens, conditioning, guidance, latents, pictures, embeddings, scores.

Values are frozen and nobody changes a tensor that is inside one. Their tensors lie on the CPU: a node moves them to its
device and back. Torch is named here, never imported.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

    from nodes.handles import ControlModel, IPAdapterModel


@dataclass(frozen=True, slots=True)
class TokenSet:
    """A text as one text encoder reads it: one or more chunks, each of the model's length."""

    ids: tuple[tuple[int, ...], ...]
    weights: tuple[tuple[float, ...], ...]  # 1.0 is as written
    mask: tuple[tuple[int, ...], ...]  # 1 where there is a token, 0 where there is padding
    parts: tuple[tuple[int, ...], ...]  # which weighted part of the prompt a token belongs to, -1 for none
    empty: tuple[int, ...]  # the chunk of no text at all


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as ids, with weights and mask: one set for each text encoder of the model."""

    sets: tuple[TokenSet, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Which characters of the text a token stands for."""

    chunk: int
    position: int
    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Words:
    """Where the tokens come from, and what did not fit."""

    text: str
    spans: tuple[Span, ...]
    truncated: str


@dataclass(frozen=True, slots=True, eq=False)
class Conditioning:
    """What a text asks for, as the denoiser reads it.

    `sequence` has one vector for each token, `pooled` one steering vector for the whole text. `empty_sequence` and
    `empty_pooled` are the same for no text at all: they pad a shorter prompt and stand in for a negative one that is
    left out, unless the model was trained with zeros there (`zero_empty`).
    """

    sequence: Float[Tensor, "batch tokens width"]
    pooled: Float[Tensor, "batch pooled"]
    empty_sequence: Float[Tensor, "1 length width"]
    empty_pooled: Float[Tensor, "1 pooled"]
    zero_empty: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class CFG:
    """Classifier-free guidance: away from the negative, towards the positive, between two fractions of the steps."""

    positive: Conditioning
    negative: Conditioning
    scale: float
    rescale: float = 0.0
    start: float = 0.0
    stop: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class APG:
    """Adaptive projected guidance: what runs along the prediction counts `eta` times, and no push exceeds `limit`."""

    base: CFG
    eta: float
    limit: float
    momentum: float


@dataclass(frozen=True, slots=True, eq=False)
class ZeroStar:
    """CFG-Zero*: the negative prediction is scaled to fit the positive one; the first steps predict nothing."""

    base: CFG
    zero_steps: int


Level = Literal["down", "middle", "up", "all"]


@dataclass(frozen=True, slots=True, eq=False)
class Perturbed:
    """Away from what the denoiser predicts when it is disturbed at a level: its self-attention, or whole layers."""

    base: CFG
    kind: Literal["attention", "layers"]
    strength: float
    level: Level
    start: float
    stop: float


@dataclass(frozen=True, slots=True, eq=False)
class Weakened:
    """Autoguidance: away from what a weaker denoiser, without the layers of a level, makes of the negative prompt."""

    base: CFG
    level: Level


@dataclass(frozen=True, slots=True, eq=False)
class Dual:
    """Towards two prompts at once, each as strongly as its own scale says."""

    base: CFG
    second: Conditioning
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class Switched:
    """One guidance until a fraction of the steps is taken, another one after it."""

    before: Rule
    after: Rule
    at: float


Rule = CFG | APG | ZeroStar | Perturbed | Weakened | Dual | Switched  # closed: each kind of guidance has its class


@dataclass(frozen=True, slots=True, eq=False)
class Guidance:
    """How to steer a denoiser: one rule of a closed union."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class Scaling:
    """How an autoencoder's latents become a denoiser's: a factor, and mean and spread of each channel where known."""

    factor: float = 1.0
    mean: tuple[float, ...] = ()
    spread: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Gaussian:
    """What an encoder believes about a picture's latent, before scaling: a mean and a spread (standard deviation)."""

    mean: Float[Tensor, "batch channels height width"]
    spread: Float[Tensor, "batch channels height width"]
    space: str
    scaling: Scaling


@dataclass(frozen=True, slots=True, eq=False)
class Inpaint:
    """Where a latent may change: the mask at its size, 1 inside, and the picture with its inside greyed out."""

    mask: Float[Tensor, "batch 1 height width"]
    around: Latent


@dataclass(frozen=True, slots=True, eq=False)
class Latent:
    """A picture in a model's latent space, scaled as the denoiser wants it.

    `blank` says that nothing is drawn yet: only the size counts. `gaussian` is what the tensor is the mean of, where
    an encoder gave it; a sampler draws from it. `inpaint` says that only a part of it is to change. `fps` says how many
    frames a second a film is to have, where the model wants to know it.
    """

    tensor: Float[Tensor, "batch channels height width"]
    space: str
    blank: bool = False
    gaussian: Gaussian | None = None
    inpaint: Inpaint | None = None
    fps: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """A picture as entries of a codebook."""

    indices: Int[Tensor, "batch height width"]
    space: str


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """Pictures of one size: red, green and blue from 0 to 1, float32."""

    pixels: Float[Tensor, "batch 3 height width"]


@dataclass(frozen=True, slots=True, eq=False)
class Video:
    """Frames of one size, one after the other: red, green and blue from 0 to 1, float32; `fps` of them in a second."""

    frames: Float[Tensor, "frames 3 height width"]
    fps: float


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """Where something holds: 1 inside, 0 outside, float32."""

    pixels: Float[Tensor, "batch 1 height width"]


@dataclass(frozen=True, slots=True, eq=False)
class Audio:
    """Sounds of one length: samples from -1 to 1, float32, so many of them a second."""

    samples: Float[Tensor, "batch channels samples"]
    rate: int


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """A picture that says where things go, and the ControlNet that reads it, between two fractions of the steps."""

    model: ControlModel
    image: Image
    strength: float
    start: float
    stop: float


@dataclass(frozen=True, slots=True, eq=False)
class PicturePrompt:
    """Pictures that are to be resembled, as an IP-Adapter reads them, between two fractions of the steps.

    `without` is what it reads for no picture, on the negative side of guidance. It acts in the layers whose names hold
    one of `layers`; where none is named, in all.
    """

    model: IPAdapterModel
    vectors: Float[Tensor, "pictures *vectors width"]
    without: Float[Tensor, "pictures *vectors width"]
    strength: float
    layers: tuple[str, ...]
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Defaults:
    """How a checkpoint is meant to be used."""

    steps: int
    scale: float
    rescale: float
    width: int
    height: int


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """Texts, pictures or sounds as vectors of one space, where those that mean alike lie close.

    `names` says what each vector is of. `scale` is what the model multiplies cosines with before it chooses among
    these: 1 where it was not trained to choose.
    """

    vectors: Float[Tensor, "count width"]
    space: str
    names: tuple[str, ...]
    scale: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What an encoder sees in each patch of a picture; `patch` is how many pixels wide one is."""

    patches: Float[Tensor, "batch rows columns width"]
    patch: int
    space: str


@dataclass(frozen=True, slots=True, eq=False)
class PatchAttention:
    """How much of its attention the class vector gives to each patch, head by head; a map sums to 1 at most."""

    maps: Float[Tensor, "batch heads rows columns"]
    patch: int


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """A number for each of some things with each of others; `rows` and `columns` name them."""

    matrix: Float[Tensor, "rows columns"]
    rows: tuple[str, ...]
    columns: tuple[str, ...]


Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain cells, to read."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
