"""What a model family knows: how its parts are opened, how it reads text, what its denoiser wants besides."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engine.errors import InputError
from engine.spec import Json
from nodes.clip_tokens import read_prompt
from nodes.families import ldm, parts
from nodes.families.adapted import with_loras
from nodes.families.in_time import InTime, lifted
from nodes.handles import Autoencoder, Denoiser, Prediction, TextEncoderModel, TokenizerModel
from nodes.preview import Colours
from nodes.values import Conditioning, Defaults, Latent, Scaling, Tokens, TokenSet, Words
from nodes.weighing import weigh

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

    from engine.files import Files

Config = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the configs of a checkpoint say of its latents, and of what its denoiser takes."""

    takes: int  # channels
    reads: int | None  # how wide the vectors of the text are
    channels: int
    factor: int
    grid: tuple[int, int]  # cells that a latent has in training
    scaling: Scaling
    frame_factor: int = 0


class Family(ABC):
    """One family of models that draw after texts. Families have no state: what they open belongs to residency."""

    name: ClassVar[str]
    space: ClassVar[str]  # the latent space, if the autoencoder is the family's own
    latent: ClassVar[tuple[int, int]] = (4, 8)  # its channels, and pixels for each cell
    defaults: ClassVar[Defaults]
    preview: ClassVar[Colours]
    schedule: ClassVar[Mapping[str, Json]]  # where the checkpoint does not say it
    watchable: ClassVar[bool] = False  # whether its denoiser has cross-attention that can be watched and changed
    zero_empty: ClassVar[bool] = False  # whether no prompt is a vector of zeros

    @abstractmethod
    def read(self, encoder: Any, ids: Tensor, mask: Tensor | None, skip: int) -> tuple[Tensor, Tensor]:
        """Run one text encoder: vectors [1 length width] without the last `skip` layers, and the pooled [1 pooled]."""

    @abstractmethod
    def extras(
        self, denoiser: Any, pooled: Float[Tensor, "batch pooled"], size: tuple[int, int]
    ) -> Mapping[str, Tensor] | None:
        """Give what the denoiser wants besides the sequence: `size` is the picture's height and width."""

    def space_of(self, channels: int, factor: int) -> str:
        """Name the latent space of an autoencoder: the family's own, or one that only its like can read."""
        return self.space if (channels, factor) == self.latent else f"{self.space}-{channels}x{factor}"

    def sizes(self, denoiser: Config, autoencoder: Config) -> Sizes:
        """Read the sizes of a checkpoint in diffusers layout from the configs of its networks."""
        grid = denoiser.get("sample_size") or 64
        height, width = grid if isinstance(grid, list) else (grid, grid)
        mean, spread = (tuple(autoencoder.get(name) or ()) for name in ("latents_mean", "latents_std"))
        return Sizes(
            takes=int(denoiser.get("in_channels", 4)),
            reads=denoiser.get("cross_attention_dim"),
            channels=int(autoencoder.get("latent_channels", 4)),
            factor=2 ** (len(autoencoder.get("block_out_channels", (1,))) - 1),
            grid=(int(height), int(width)),
            scaling=Scaling(float(autoencoder.get("scaling_factor", 0.18215)), mean, spread),
        )

    def predicts(self, schedule: Config) -> Prediction:
        """Read from a scheduler config what the denoiser predicts."""
        return predicted(schedule)

    def visit(self, rule: Any, steps: int, latent: Latent, where: Any) -> None:
        """Have a scheduler of the library choose the noise levels that it visits."""
        rule.set_timesteps(steps, device=where)

    def ready(self, net: Any, latent: Latent) -> Any:
        """Give the denoiser, ready to draw a latent such as this."""
        return net

    def read_prompt(self, tokenizers: Sequence[Any], text: str, chunks: int) -> tuple[Tokens, Words]:
        """Turn a prompt into tokens, and say where they stand in it."""
        return read_prompt(tokenizers, text, chunks)

    def colours(self, space: str) -> Colours | None:
        """Give what turns a latent of this space into a small picture, if it is known."""
        return self.preview if space == self.space else None

    def open_tokenizers(self, handle: TokenizerModel, files: Files) -> tuple[Any, ...]:
        opener = parts if handle.layout == "diffusers" else ldm
        return tuple(opener.open_tokenizer(part, files) for part in handle.parts)

    def open_text_encoders(self, handle: TextEncoderModel, files: Files, device: str) -> tuple[Any, ...]:
        opener = parts if handle.layout == "diffusers" else ldm
        encoders: tuple[Any, ...] = opener.open_text_encoders(handle, files, device)
        return encoders

    def open_denoiser(self, handle: Denoiser, files: Files, device: str) -> Any:
        opener = parts if handle.layout == "diffusers" else ldm
        net = opener.open_denoiser(handle, files, device)
        motion = handle.motion
        if motion is not None:
            net = lifted(net, parts.open_motion_adapter(motion, handle.precision, files, device))
        adapted = with_loras(net, handle.adapters, files) if handle.adapters else net
        return adapted if motion is None else InTime(adapted, motion, parts.open_frame_words(motion, files, device))

    def open_autoencoder(self, handle: Autoencoder, files: Files, device: str) -> Any:
        opener = parts if handle.layout == "diffusers" else ldm
        return opener.open_autoencoder(handle, files, device)

    def encode(self, encoders: Sequence[Any], tokens: Tokens, skip: int, *, zero_empty: bool) -> Conditioning:
        """Encode tokens with every text encoder; their vectors are joined, the last pooled one counts."""
        import torch

        with torch.inference_mode():
            read = [
                self._encode_set(encoder, token_set, skip)
                for encoder, token_set in zip(encoders, tokens.sets, strict=True)
            ]
            sequences, empties, pooled, empty_pooled = zip(*read, strict=True)
            return Conditioning(
                sequence=torch.cat(sequences, dim=-1).cpu(),
                pooled=pooled[-1].cpu(),
                empty_sequence=torch.cat(empties, dim=-1).cpu(),
                empty_pooled=empty_pooled[-1].cpu(),
                zero_empty=zero_empty,
            )

    def with_and_without(self, encoder: Any, ids: Sequence[int], position: int) -> tuple[Tensor, Tensor]:
        """Encode one chunk as it is, and with one token hidden from all others; each is [1 length width]."""
        seen = row([int(at != position) for at in range(len(ids))], encoder.device)
        chunk = row(ids, encoder.device)
        return self.read(encoder, chunk, None, 0)[0], self.read(encoder, chunk, seen, 0)[0]

    def _encode_set(self, encoder: Any, tokens: TokenSet, skip: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Give sequence and empty sequence [1 tokens width], pooled and empty pooled [1 pooled] of one encoder."""

        def read(ids: Sequence[int], mask: Sequence[int] | None = None) -> tuple[Tensor, Tensor]:
            return self.read(
                encoder, row(ids, encoder.device), None if mask is None else row(mask, encoder.device), skip
            )

        chunks = [read(ids) for ids in tokens.ids]
        empty, empty_pooled = read(tokens.empty)
        plain = [sequence for sequence, _ in chunks]
        sequence = weigh(tokens, plain, empty, read=lambda ids, mask: read(ids, mask)[0])
        return sequence, empty, chunks[0][1], empty_pooled


def row(values: Sequence[int], device: Any) -> Int[Tensor, "1 length"]:
    """Give ids or a mask as a text encoder takes them."""
    import torch

    return torch.tensor([values], dtype=torch.long, device=device)


def predicted(schedule: Config) -> Prediction:
    """Read from a scheduler config what is predicted: noise, velocity or the clean picture."""
    found: Prediction = schedule.get("prediction_type", "epsilon")
    if found not in ("epsilon", "v_prediction", "sample"):
        raise InputError(f"a denoiser that predicts {str(found)[:40]!r} is not known here", hint="take another model")
    return found
