"""Open a transformer that writes pictures: one of transformers' causal language models over the codes of a VQGAN.

Its folder is in transformers' layout (config.json, model.safetensors); `promptograph.json` says what it reads and what
its tokens are: one code each or, with `blocks.safetensors`, a square block of codes each.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from engine.spec import Json
from nodes.checkpoints import read_json, weight_files
from nodes.families.filling import precision as dtype_of
from nodes.handles import Named, Precision, named, weight
from nodes.opening import opened
from nodes.sources import locate_reader
from nodes.tensors import like

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

    from engine.files import Files
    from nodes.values import Codes, Conditioning

LAYOUT = "promptograph.json"
_CONFIG = "config.json"
_BLOCKS = "blocks.safetensors"
_COUNTS = ("prompt", "width", "rows", "columns", "codes")
_MOST = 2**16


@dataclass(frozen=True, slots=True)
class ImageTransformer:
    """A transformer over codes: which files, computed in which precision, what it reads and what it writes.

    It reads `prompt` vectors, each `width` wide, and writes `rows` times `columns` tokens, in a codebook of `codes`
    entries of the latent space `space`.
    """

    part: Named
    space: str
    codes: int
    prompt: int
    width: int
    rows: int
    columns: int
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Writer:
        """Give the model, ready to use."""
        from safetensors.torch import load_file
        from transformers import AutoModelForCausalLM

        own = dict(self.part)
        with files.view(own) as folder:
            model = opened(AutoModelForCausalLM, folder).to(device, dtype_of(self.precision, device))
        blocks = load_file(files.find(own[_BLOCKS])) if _BLOCKS in own else None
        return Writer(self, model, Blocks.of(self.codes) if blocks is None else Blocks.read(blocks, self.codes))

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """What tokens stand for: squares of codes; `weights` say what each channel of the codebook counts in a picture."""

    codes: Int[Tensor, "tokens side side"]
    weights: Float[Tensor, " channels"] | None = None

    @classmethod
    def of(cls, codes: int) -> Blocks:
        """Let each token be one code."""
        import torch

        return cls(torch.arange(codes)[:, None, None])

    @classmethod
    def read(cls, tensors: Mapping[str, Tensor], codes: int) -> Blocks:
        """Read blocks as they are stored."""
        found = tensors["codes"].long()
        if found.ndim != 3 or found.shape[1] != found.shape[2] or not 0 <= int(found.min()) <= int(found.max()) < codes:
            raise InputError(f"{_BLOCKS} holds no squares of {codes} codes", hint="the folder is not whole")
        return cls(found, tensors.get("weights"))

    @property
    def side(self) -> int:
        """How many codes a token is wide and high."""
        return self.codes.shape[1]

    def picture(self, tokens: Int[Tensor, "batch rows columns"]) -> Int[Tensor, "batch height width"]:
        """Write tokens out as codes."""
        batch, rows, columns = tokens.shape
        squares = self.codes[tokens].permute(0, 1, 3, 2, 4)
        return squares.reshape(batch, rows * self.side, columns * self.side)

    def tokens(
        self, codes: Int[Tensor, "batch height width"], entries: Float[Tensor, "codes channels"]
    ) -> Int[Tensor, "batch rows columns"]:
        """Give the token nearest to each square of codes, by how far their entries in the codebook are apart."""
        import torch

        points = entries if self.weights is None else entries * self.weights.to(entries)
        batch, height, width = codes.shape
        rows, columns = height // self.side, width // self.side
        squares = codes.reshape(batch, rows, self.side, columns, self.side).permute(0, 1, 3, 2, 4).flatten(3)
        wanted, known = points[squares.flatten(0, 2)].flatten(1), points[self.codes.flatten(1)].flatten(1)
        found = torch.cat([torch.cdist(part, known).argmin(1) for part in torch.split(wanted, 4096)])
        return found.reshape(batch, rows, columns)


@dataclass(frozen=True, slots=True, eq=False)
class Writer:
    """A causal language model of transformers, with what its tokens stand for."""

    handle: ImageTransformer
    model: Any
    blocks: Blocks

    def read(self, conditioning: Conditioning) -> Float[Tensor, "batch prompt hidden"]:
        """Give what comes before a picture: the prompt's vectors, widened with zeros to the model's own width."""
        from torch.nn.functional import pad

        sequence, hidden = conditioning.sequence, int(self.model.config.hidden_size)
        expected = (self.handle.prompt, self.handle.width)
        if tuple(sequence.shape[1:]) != expected or hidden < self.handle.width:
            given = f"{sequence.shape[1]} vectors of {sequence.shape[2]}"
            raise InputError(
                f"the prompt is {given}, the transformer reads {expected[0]} of {expected[1]}",
                hint="encode it with the text encoder that the transformer was trained with, in one chunk",
            )
        widened: Tensor = pad(sequence, (0, hidden - self.handle.width))
        return widened.to(like(self.model))

    def embed(self, tokens: Int[Tensor, "batch count"]) -> Float[Tensor, "batch count hidden"]:
        """Give what the model takes in for tokens that are written."""
        embedded: Tensor = self.model.get_input_embeddings()(tokens.to(self.model.device))
        return embedded

    def check_size(self, codes: Codes) -> None:
        """See that a picture that somebody else made is of the size that is written."""
        height, width = (self.blocks.side * each for each in (self.handle.rows, self.handle.columns))
        if tuple(codes.indices.shape[1:]) != (height, width):
            given = f"{codes.indices.shape[2]} x {codes.indices.shape[1]}"
            raise InputError(
                f"the picture is {given} codes, the transformer writes {width} x {height}",
                hint="bring the picture to the model's own size first, with ResizeImage",
            )


def transformer_files(source: str, files: Files) -> Mapping[str, Path]:
    """Name every file of an image transformer by the name that transformers looks for."""
    folder = locate_reader(source, "dalle1", files)
    if not (folder / LAYOUT).is_file():
        raise InputError(
            f"{folder.name} has no {LAYOUT}", hint=f"write what it reads and writes: space, {', '.join(_COUNTS)}"
        )
    found = {_CONFIG: folder / _CONFIG, LAYOUT: folder / LAYOUT, **weight_files(folder)}
    blocks = {_BLOCKS: folder / _BLOCKS} if (folder / _BLOCKS).is_file() else {}
    return found | blocks


def read_layout(folder_files: Mapping[str, Path]) -> Mapping[str, Json]:
    """Read what a transformer reads and writes, or say what is missing there."""
    told = read_json(folder_files[LAYOUT])
    wrong = [name for name in _COUNTS if not isinstance(told.get(name), int) or not 0 < told[name] <= _MOST]
    if wrong or not isinstance(told.get("space"), str):
        raise InputError(f"{LAYOUT} does not say {(*wrong, 'space')[0]}", hint="the folder is not whole")
    return told


def describe_transformer(source: str, precision: Precision, files: Files) -> ImageTransformer:
    """Make the handle of an image transformer from its layout."""
    found = transformer_files(source, files)
    told = read_layout(found)
    counts = {name: int(told[name]) for name in _COUNTS}
    return ImageTransformer(named(found, files), told["space"], **counts, precision=precision)
