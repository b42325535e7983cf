"""Stable Audio (Evans et al., arXiv 2407.14358): T5, a transformer over time, and an autoencoder of waveforms."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from nodes.families.filling import precision as dtype_of
from nodes.families.parts import built, within
from nodes.opening import opened, opened_beside
from nodes.sound_values import SoundPrompt
from nodes.tensors import like

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from engine.files import Files
    from engine.spec import Json
    from nodes.sound_diffuser import Sizes, SoundDecoder, SoundDenoiser, SoundReader


class StableAudio:
    """Stable Audio Open: sounds of one length, of which so many seconds are asked for and kept."""

    name = "stable-audio"
    words = ("tokenizer",)
    reading = ("text_encoder", "projection_model")
    denoising = "transformer"
    denoiser = "StableAudioDiTModel"
    playing = ("vae",)
    networks = (*reading, denoising, *playing)
    own_sampler = True

    def sizes(self, configs: Mapping[str, Mapping[str, Json]]) -> Sizes:
        from nodes.sound_diffuser import Sizes

        vae, net, projection = (configs[name] for name in ("vae", "transformer", "projection_model"))
        hop, rate = prod(vae.get("downsampling_ratios", (2, 4, 4, 8, 8))), int(vae.get("sampling_rate", 44_100))
        channels, length = int(net.get("in_channels", 64)), int(net.get("sample_size", 1024))
        return Sizes(
            width=int(net.get("cross_attention_input_dim", 768)),
            longest=min(length * hop / rate, float(projection["max_value"])),
            channels=channels,
            rows=1,
            columns=length,
            frame=hop / rate,
            coarse=1,
            rate=rate,
            space=f"{self.name}-{channels}x{hop}",
        )

    def open_reader(self, handle: SoundReader, files: Files, device: str) -> Reader:
        from diffusers import StableAudioProjectionModel
        from transformers import AutoTokenizer, T5EncoderModel

        with files.view(dict(handle.part)) as folder:
            encoder = opened(T5EncoderModel, folder / "text_encoder")
            tokenizer = opened_beside(AutoTokenizer, folder / "tokenizer")
        part = within(handle.part, "projection_model")
        projection = built(StableAudioProjectionModel, part, handle.precision, files, device)
        return Reader(tokenizer, encoder.to(device, dtype_of(handle.precision, device)), projection)

    def open_denoiser(self, handle: SoundDenoiser, files: Files, device: str) -> Any:
        from diffusers import StableAudioDiTModel

        part = within(handle.part, "transformer")
        return built(StableAudioDiTModel, part, handle.precision, files, device)

    def open_decoder(self, handle: SoundDecoder, files: Files, device: str) -> Player:
        from diffusers import AutoencoderOobleck

        return Player(built(AutoencoderOobleck, within(handle.part, "vae"), handle.precision, files, device))

    def ask(
        self, net: Any, x: Float[Tensor, "asked channels 1 columns"], t: Tensor, prompt: SoundPrompt
    ) -> Float[Tensor, "asked channels 1 columns"]:
        """Run the denoiser once, on latents without height; the times are a token of their own before them."""
        from diffusers.models.embeddings import get_1d_rotary_pos_embed

        turns = get_1d_rotary_pos_embed(
            net.config.attention_head_dim // 2,
            x.shape[3] + prompt.beside.shape[1],
            use_real=True,
            repeat_interleave_real=False,
        )
        predicted: Tensor = net(
            x.squeeze(2),
            t.unsqueeze(0),
            encoder_hidden_states=prompt.sequence,
            global_hidden_states=prompt.beside,
            rotary_embedding=turns,
            return_dict=False,
        )[0]
        return predicted.unsqueeze(2)


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """T5, and the projections of its vectors and of times."""

    tokenizer: Any
    encoder: Any
    projection: Any

    def read(self, text: str, negative: str, start: float, end: float) -> SoundPrompt:
        """Read a prompt; where nothing is named that it is to be unlike, zeros stand there, as in training."""
        import torch

        limits = self.projection.config
        if not limits.min_value <= start <= end <= limits.max_value:
            raise InputError(
                f"the model knows times from {limits.min_value} to {limits.max_value} seconds, asked for are {start:g} "
                f"to {end:g}",
                hint="ask for times in between",
            )
        with torch.inference_mode():
            read = [self._states(each) for each in ([negative, text] if negative else [text])]
            states, masks = (torch.cat(each) for each in zip(*read, strict=True))
            projected = self.projection(text_hidden_states=states).text_hidden_states * masks.unsqueeze(-1)
            times = self._times(start, end)
            sequence = torch.cat([projected, *(each.expand(len(read), -1, -1) for each in times)], dim=1)
            if not negative:
                sequence = torch.cat([torch.zeros_like(sequence), sequence])
            beside = torch.cat(times, dim=2).repeat(2, 1, 1)
            whole = torch.ones(sequence.shape[:2], dtype=torch.long)
            return SoundPrompt(sequence.float().cpu(), whole, beside.float().cpu(), StableAudio.name, start, end)

    def _states(self, text: str) -> tuple[Tensor, Tensor]:
        """Give the states [1, tokens, width] of a text, 0 where there is padding, and its mask."""
        tokens = self.tokenizer(
            [text],
            padding="max_length",
            max_length=self.tokenizer.model_max_length,
            truncation=True,
            return_tensors="pt",
        ).to(like(self.encoder).device)
        states = self.encoder(tokens.input_ids, attention_mask=tokens.attention_mask)[0]
        mask = tokens.attention_mask.to(states.dtype)
        return states * mask.unsqueeze(-1), mask

    def _times(self, start: float, end: float) -> tuple[Tensor, Tensor]:
        import torch

        begins, ends = (torch.tensor([each], device=like(self.encoder).device) for each in (start, end))
        told = self.projection(start_seconds=begins, end_seconds=ends)
        return told.seconds_start_hidden_states, told.seconds_end_hidden_states


@dataclass(frozen=True, slots=True, eq=False)
class Player:
    """The decoder of waveforms."""

    vae: Any

    def play(self, latent: Float[Tensor, "batch channels 1 columns"]) -> Float[Tensor, "batch channels samples"]:
        """Give the sounds of latents, at full length."""
        played: Tensor = self.vae.decode(latent.squeeze(2).to(like(self.vae))).sample
        return played
