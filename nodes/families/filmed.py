"""What families of models share that draw films by themselves: a transformer over space and time, read by a T5.

Latents are kept frame by frame, [frames channels height width], as those of pictures are; here they are turned to what
the libraries take, [films channels frames height width], and back.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.errors import InputError
from nodes.families import t5
from nodes.families.family import Config, Family
from nodes.families.parts import built
from nodes.handles import Autoencoder, Denoiser, Precision, Prediction, TextEncoderModel, TokenizerModel
from nodes.preview import Colours
from nodes.tensors import like
from nodes.values import Conditioning, Scaling, Tokens, Words

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from engine.files import Files
    from nodes.checkpoints import Folder


class Filmed(Family):
    """One family of text-to-video models."""

    pipeline: ClassVar[str]  # the diffusers pipeline whose folders are read
    denoiser: ClassVar[str]
    autoencoder: ClassVar[str]
    reader: ClassVar[t5.Kind]
    length: ClassVar[int]  # tokens that a prompt has at most
    masked: ClassVar[bool]  # whether the text encoder leaves padding out
    multiple: ClassVar[int]  # of which a film's sides are
    schedule: ClassVar[Config] = {}  # a folder has its own

    @abstractmethod
    def film(
        self, net: Any, z: Float[Tensor, "1 channels frames height width"], scaling: Scaling
    ) -> Float[Tensor, "1 3 frames height width"]:
        """Decode a film, from -1 to 1."""

    def check(self, folder: Folder) -> None:
        """See that a folder is whole and of the kind that is known here."""
        told = folder.index.get("_class_name", self.pipeline)
        if told != self.pipeline:
            raise InputError(
                f"a folder of {str(told)[:60]} is not known here", hint=f"take one of {self.pipeline}: text to video"
            )
        (encoder,) = folder.text_encoders[:1]
        classes = {
            "transformer": (folder.denoiser.config.get("_class_name"), self.denoiser),
            "vae": (folder.autoencoder.config.get("_class_name"), self.autoencoder),
            "text_encoder": (*encoder.config.get("architectures", ["nothing"])[:1], f"{self.reader}EncoderModel"),
        }
        for part, (found, wanted) in classes.items():
            if found != wanted:
                raise InputError(f"{part} is of {str(found)[:60]}, not of {wanted}", hint="the folder is not whole")
        if folder.schedule is None:
            raise InputError("scheduler/scheduler_config.json is missing", hint="the checkpoint is not whole")

    def predicts(self, schedule: Config) -> Prediction:
        named = str(schedule.get("_class_name"))
        if not named.startswith("FlowMatch") and schedule.get("prediction_type") != "flow_prediction":
            raise InputError(f"{self.name} follows a flow, {named[:60]} does not", hint="the folder is not whole")
        return "flow"

    def colours(self, space: str) -> Colours | None:
        return None

    def read(self, encoder: Any, ids: Tensor, mask: Tensor | None, skip: int) -> tuple[Tensor, Tensor]:
        raise InputError("words of a T5 cannot be looked at one by one yet", hint="take a model with a CLIP")

    def extras(self, denoiser: Any, pooled: Tensor, size: tuple[int, int]) -> Mapping[str, Tensor] | None:
        return None

    def clean(self, text: str) -> str:
        """Give a prompt as the pipeline reads it."""
        return text

    def read_prompt(self, tokenizers: Sequence[Any], text: str, chunks: int) -> tuple[Tokens, Words]:
        tokens, words = t5.read_prompt(tokenizers[0], self.clean(text), self.length)
        return Tokens((tokens,)), words

    def encode(self, encoders: Sequence[Any], tokens: Tokens, skip: int, *, zero_empty: bool) -> Conditioning:
        import torch

        with torch.inference_mode():
            (only,) = tokens.sets
            sequence, empty = (each.cpu() for each in t5.encode(encoders[0], only, skip, masked=self.masked))
            return Conditioning(sequence, t5.pooled(sequence), empty, t5.pooled(empty), zero_empty)

    def open_tokenizers(self, handle: TokenizerModel, files: Files) -> tuple[Any, ...]:
        return tuple(t5.open_tokenizer(part, files) for part in handle.parts)

    def open_text_encoders(self, handle: TextEncoderModel, files: Files, device: str) -> tuple[Any, ...]:
        asked = precise(handle.precision, device)
        return tuple(t5.open_encoder(part, self.reader, asked, files, device) for part in handle.parts)

    def open_denoiser(self, handle: Denoiser, files: Files, device: str) -> Any:
        return self.standing(_opened(self.denoiser, handle, files, device), handle)

    def open_autoencoder(self, handle: Autoencoder, files: Files, device: str) -> Any:
        return _opened(self.autoencoder, handle, files, device)

    @abstractmethod
    def standing(self, net: Any, handle: Denoiser) -> Any:
        """Give what stands where a U-Net does."""


@dataclass(frozen=True, slots=True)
class Takes:
    """What others ask a denoiser's config."""

    in_channels: int
    cross_attention_dim: int
    time_cond_proj_dim: None = None


@dataclass(frozen=True, slots=True, eq=False)
class FilmNet(ABC):
    """A transformer over films that stands where a U-Net does: its batch is frames, and one text is of a whole film."""

    net: Any
    config: Takes

    def parameters(self) -> Iterator[Tensor]:
        """Give what `like` asks for: latents are float32 between the steps, whatever the network computes in."""
        yield like(self.net).new_empty(0).float()

    def __call__(
        self,
        x: Float[Tensor, "frames channels height width"],
        t: Tensor,
        *,
        encoder_hidden_states: Float[Tensor, "films tokens width"],
        timestep_cond: Tensor | None = None,
        added_cond_kwargs: Mapping[str, Tensor] | None = None,
        return_dict: bool = False,
    ) -> tuple[Tensor]:
        """Predict every film as a whole."""
        weight = like(self.net)
        text = encoder_hidden_states.to(weight)
        films = x.reshape(len(text), -1, *x.shape[1:]).transpose(1, 2).contiguous().to(weight)
        return (self.ask(films, t, text).float().transpose(1, 2).flatten(0, 1),)

    @abstractmethod
    def ask(
        self, films: Float[Tensor, "films channels frames height width"], t: Tensor, text: Tensor
    ) -> Float[Tensor, "films channels frames height width"]:
        """Ask the library's network."""


def precise(asked: Precision, device: str) -> Precision:
    """Choose what to compute in: these models are made for bfloat16, and overflow in float16."""
    return "bfloat16" if asked == "auto" and device != "cpu" else asked


def _opened(kind: str, handle: Denoiser | Autoencoder, files: Files, device: str) -> Any:
    import diffusers

    return built(getattr(diffusers, kind), handle.part, precise(handle.precision, device), files, device)
