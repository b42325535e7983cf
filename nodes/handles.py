"""Stand for heavy things with small values: which files, which family, which precision.

A handle names files by digest, never by path, so that it means the same on every machine. Opening one asks its family.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from engine.errors import InputError
from nodes.values import Scaling

if TYPE_CHECKING:
    from pathlib import Path

    from engine.files import Files

Layout = Literal["diffusers", "ldm"]  # a folder of parts, or one file with the original keys
Precision = Literal["auto", "float32", "float16", "bfloat16"]
Prediction = Literal["epsilon", "v_prediction", "sample", "flow"]
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
        return sum(files.find(digest).stat().st_size for part in self.parts for _, digest in part)


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
        return weight(self.parts, self.layout, self.precision, files)


@dataclass(frozen=True, slots=True)
class Motion:
    """What lifts a denoiser into time: a motion adapter, how many frames it draws, and how many it sees at once.

    Neighbouring windows share `overlap` frames; with `loop`, the last frame is followed by the first. `words`, if there
    are any, is the digest of a network that tells each frame what it shows. With `clean`, frames that are given are
    shown to it without noise, as it was trained.
    """

    part: Named
    frames: int
    window: int
    overlap: int
    loop: bool = False
    words: str = ""
    clean: bool = False


@dataclass(frozen=True, slots=True)
class Denoiser:
    """The network that takes noise away, and the schedule that it was trained with.

    `schedule` is the checkpoint's own scheduler config as canonical JSON; `channels` and `space` describe the latent,
    `factor` is how many pixels one latent cell is wide, `size` the latent size that it was trained for. `adapters` are
    LoRAs, by digest, and how strong each one is. One with `motion` draws a film: its batch is the frames. So does one
    with a `frame_factor`, which says how many frames one latent frame is long; it draws nothing else.
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
    adapters: tuple[tuple[str, float], ...] = ()
    motion: Motion | None = None
    frame_factor: int = 0

    def open(self, files: Files, device: str) -> Any:
        """Give the diffusers module, in eval mode."""
        return _family(self.family).open_denoiser(self, files, device)

    def footprint(self, files: Files) -> int:
        moving = () if self.motion is None else (self.motion.part,)
        own = weight((self.part,), self.layout, self.precision, files)
        return own + weight(moving, "diffusers", self.precision, files)


@dataclass(frozen=True, slots=True)
class Autoencoder:
    """The network between pictures and latents: `kl` gives a mean and a spread, `vq` entries of a codebook.

    One with a `frame_factor` goes between films and latents: each latent frame but the first is so many frames long.
    """

    family: str
    layout: Layout
    kind: Literal["kl", "vq"]
    part: Named
    space: str
    channels: int
    factor: int
    scaling: Scaling
    precision: Precision = "auto"
    frame_factor: int = 0

    def open(self, files: Files, device: str) -> Any:
        """Give the module, in eval mode."""
        return _family(self.family).open_autoencoder(self, files, device)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), self.layout, self.precision, files)


@dataclass(frozen=True, slots=True)
class ControlModel:
    """A ControlNet: a copy of a denoiser's way down that reads a picture."""

    part: Named
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Any:
        """Give the diffusers module, in eval mode."""
        from nodes.families import parts

        return parts.open_controlnet(self, files, device)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


@dataclass(frozen=True, slots=True)
class IPAdapterModel:
    """An IP-Adapter: small weights by which a denoiser looks at pictures beside its prompt."""

    part: Named

    def open(self, files: Files, device: str) -> Any:
        """Give the weights as diffusers takes them: those that read a vector, those of the attention."""
        from nodes.families import pictured

        return pictured.open_adapter(self, files)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", "auto", files)


@dataclass(frozen=True, slots=True)
class ImageEncoderModel:
    """The half of a CLIP that sees, as an IP-Adapter comes with it."""

    part: Named
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Any:
        """Give the transformers module, in eval mode."""
        from nodes.families import parts

        return parts.open_image_encoder(self, files, device)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


class Handles(NamedTuple):
    """The parts of a checkpoint."""

    tokenizer: TokenizerModel
    text_encoder: TextEncoderModel
    denoiser: Denoiser
    autoencoder: Autoencoder


def check_draws_pictures(model: Denoiser | Autoencoder, *, hint: str) -> None:
    """See that a model is not one of films."""
    if model.frame_factor:
        raise InputError(f"{model.family} draws films, not pictures", hint=hint)


def _family(name: str) -> Any:
    from nodes.families import family

    return family(name)


def named(found: Mapping[str, Path], files: Files) -> Named:
    """Name files, given by relative name, by what is in them."""
    return tuple(sorted((name, files.digest(path)) for name, path in found.items()))


def weight(parts: Iterable[Named], layout: Layout, precision: Precision, files: Files) -> int:
    """Count the bytes of the weights of some parts, as they lie in memory."""
    from nodes.families.header import shapes

    count = 0
    for name, digest in (entry for part in parts for entry in part):
        if layout == "ldm" or name.endswith(".safetensors"):
            below = name if layout == "ldm" else ""
            count += sum(prod(shape) for key, shape in shapes(files.find(digest)).items() if key.startswith(below))
    return count * (4 if precision in ("auto", "float32") else 2)
