"""Stand for heavy things with small values: which files, which family, which precision.

A handle names files by digest, never by path, so that it means the same on every machine. Opening one asks its family.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from nodes.values import Scaling

if TYPE_CHECKING:
    from engine.files import Files

Layout = Literal["diffusers", "ldm"]  # a folder of parts, or one file with the original keys
Precision = Literal["auto", "float32", "float16", "bfloat16"]
Prediction = Literal["epsilon", "v_prediction", "sample"]
Named = tuple[tuple[str, str], ...]  # relative name and digest, sorted


@dataclass(frozen=True, slots=True)
class TokenizerModel:
    """The tokenizers of a checkpoint, one for each of its text encoders."""

    family: str
    layout: Layout
    parts: tuple[Named, ...]

    def open(self, files: Files, device: str) -> Any:
        """Give the transformers tokenizers, as a tuple; needs no torch."""
        return _family(self.family).open_tokenizers(self, files)

    def footprint(self, files: Files) -> int:
        return sum(_size(part, files) for part in self.parts)


@dataclass(frozen=True, slots=True)
class TextEncoderModel:
    """The text encoders of a checkpoint."""

    family: str
    layout: Layout
    parts: tuple[Named, ...]
    precision: Precision = "auto"
    zero_empty: bool = False

    def open(self, files: Files, device: str) -> Any:
        """Give the transformers modules, as a tuple, in eval mode."""
        return _family(self.family).open_text_encoders(self, files, device)

    def footprint(self, files: Files) -> int:
        return sum(_size(part, files) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Denoiser:
    """The network that takes noise away, and the schedule that it was trained with.

    `schedule` is the checkpoint's own scheduler config as canonical JSON; `channels` and `space` describe the latent,
    `factor` is how many pixels one latent cell is wide, `size` the latent size that it was trained for.
    """

    family: str
    layout: Layout
    part: Named
    prediction: Prediction
    schedule: str
    space: str
    channels: int
    factor: int
    size: tuple[int, int]
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Any:
        """Give the diffusers module, in eval mode."""
        return _family(self.family).open_denoiser(self, files, device)

    def footprint(self, files: Files) -> int:
        return _size(self.part, files)


@dataclass(frozen=True, slots=True)
class Autoencoder:
    """The network between pictures and latents: `kl` gives a mean and a spread, `vq` entries of a codebook."""

    family: str
    layout: Layout
    kind: Literal["kl", "vq"]
    part: Named
    space: str
    channels: int
    factor: int
    scaling: Scaling
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Any:
        """Give the module, in eval mode."""
        return _family(self.family).open_autoencoder(self, files, device)

    def footprint(self, files: Files) -> int:
        return _size(self.part, files)


class Handles(NamedTuple):
    """The parts of a checkpoint."""

    tokenizer: TokenizerModel
    text_encoder: TextEncoderModel
    denoiser: Denoiser
    autoencoder: Autoencoder


def _family(name: str) -> Any:
    from nodes.families import family

    return family(name)


def _size(part: Named, files: Files) -> int:
    return sum(files.find(digest).stat().st_size for _, digest in part) * 2  # half precision opens as float32 on a CPU
