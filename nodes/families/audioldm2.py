"""AudioLDM 2 (Liu et al., arXiv 2308.05734): CLAP, T5 and a GPT-2 read a prompt, a U-Net denoises a spectrogram."""

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
    from jaxtyping import Float, Int
    from torch import Tensor

    from engine.files import Files
    from engine.spec import Json
    from nodes.sound_diffuser import Sizes, SoundDecoder, SoundDenoiser, SoundReader

_LONGEST = 600.0
_WRITTEN = 8  # vectors that the language model writes, where its config does not say


class AudioLDM2:
    """AudioLDM 2: spectrograms as long as asked for, which a vocoder makes a sound of."""

    name = "audioldm2"
    words = ("tokenizer", "tokenizer_2")
    reading = ("text_encoder", "text_encoder_2", "projection_model", "language_model")
    denoising = "unet"
    denoiser = "AudioLDM2UNet2DConditionModel"
    playing = ("vae", "vocoder")
    networks = (*reading, denoising, *playing)
    own_sampler = False

    def sizes(self, configs: Mapping[str, Mapping[str, Json]]) -> Sizes:
        from nodes.sound_diffuser import Sizes

        vae, net, vocoder = (configs[name] for name in ("vae", "unet", "vocoder"))
        if configs["text_encoder_2"].get("model_type") == "vits":
            raise InputError("an AudioLDM 2 that speaks is not known here", hint="take one that makes sounds or music")
        scale = 2 ** (len(vae.get("block_out_channels", (1,))) - 1)
        hop, rate = prod(vocoder.get("upsample_rates", (5, 4, 2, 2, 2))), int(vocoder.get("sampling_rate", 16_000))
        channels, bands = int(net.get("in_channels", 8)), int(vocoder.get("model_in_dim", 64))
        return Sizes(
            width=int(configs["text_encoder_2"].get("d_model", 1024)),
            longest=_LONGEST,
            channels=channels,
            rows=0,
            columns=bands // scale,
            frame=hop / rate,
            coarse=scale,
            rate=rate,
            space=f"{self.name}-{channels}x{scale}x{bands}",
        )

    def open_reader(self, handle: SoundReader, files: Files, device: str) -> Reader:
        from diffusers import AudioLDM2ProjectionModel
        from transformers import AutoTokenizer, ClapModel, GPT2Model, T5EncoderModel

        kinds = {"text_encoder": ClapModel, "text_encoder_2": T5EncoderModel, "language_model": GPT2Model}
        with files.view(dict(handle.part)) as folder:
            words = [opened_beside(AutoTokenizer, folder / name) for name in self.words]
            networks = [opened(kind, folder / name) for name, kind in kinds.items()]
        part = within(handle.part, "projection_model")
        projection = built(AudioLDM2ProjectionModel, part, handle.precision, files, device)
        clap, t5, writer = (each.to(device, dtype_of(handle.precision, device)) for each in networks)
        return Reader(words[0], words[1], clap, t5, projection, writer)

    def open_denoiser(self, handle: SoundDenoiser, files: Files, device: str) -> Any:
        from diffusers import AudioLDM2UNet2DConditionModel

        part = within(handle.part, "unet")
        return built(AudioLDM2UNet2DConditionModel, part, handle.precision, files, device)

    def open_decoder(self, handle: SoundDecoder, files: Files, device: str) -> Player:
        from diffusers import AutoencoderKL
        from transformers import SpeechT5HifiGan

        vae = built(AutoencoderKL, within(handle.part, "vae"), handle.precision, files, device)
        with files.view(dict(handle.part)) as folder:
            vocoder = opened(SpeechT5HifiGan, folder / "vocoder")
        return Player(vae, vocoder.to(device, dtype_of(handle.precision, device)))

    def ask(
        self, net: Any, x: Float[Tensor, "asked channels rows columns"], t: Tensor, prompt: SoundPrompt
    ) -> Float[Tensor, "asked channels rows columns"]:
        """Run the denoiser once; it looks at what the language model wrote, and at what T5 read."""
        predicted: Tensor = net(
            x,
            t,
            encoder_hidden_states=prompt.beside,
            encoder_hidden_states_1=prompt.sequence,
            encoder_attention_mask_1=prompt.mask,
            return_dict=False,
        )[0]
        return predicted


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """CLAP and T5 with their tokenizers, what brings them together, and the GPT-2 that goes on from there."""

    clap_words: Any
    t5_words: Any
    clap: Any
    t5: Any
    projection: Any
    writer: Any

    def read(self, text: str, negative: str, start: float, end: float) -> SoundPrompt:
        """Read a prompt, and then what it is to be unlike at the same length: padding moves what is written."""
        import torch

        if start:
            raise InputError("these sounds begin at 0 seconds", hint="leave the start at 0")
        with torch.inference_mode():
            towards = self._read(text, None)
            away = self._read(negative, towards[0].shape[1])
            sequence, mask, written = (torch.cat([one, other]).cpu() for one, other in zip(away, towards, strict=True))
            return SoundPrompt(sequence.float(), mask, written.float(), AudioLDM2.name, start, end)

    def _read(self, text: str, length: int | None) -> tuple[Tensor, Tensor, Tensor]:
        """Give T5's states [1, tokens, width], their mask, and what the language model writes [1, vectors, width]."""
        heard = self._tokens(self.clap_words, text, self.clap_words.model_max_length)
        whole = self.clap.get_text_features(heard.input_ids, attention_mask=heard.attention_mask)
        tokens = self._tokens(self.t5_words, text, length)
        states: Tensor = self.t5(tokens.input_ids, attention_mask=tokens.attention_mask)[0]
        brought = self.projection(
            hidden_states=whole.pooler_output[:, None, :],
            hidden_states_1=states,
            attention_mask=heard.attention_mask.new_ones((1, 1)),
            attention_mask_1=tokens.attention_mask,
        )
        return states, tokens.attention_mask, self._written(brought.hidden_states, brought.attention_mask)

    def _tokens(self, words: Any, text: str, length: int | None) -> Any:
        """Give the tokens of a text, at this length or its own."""
        padding = {"padding": "max_length", "max_length": length} if length else {"max_length": words.model_max_length}
        return words([text], truncation=True, return_tensors="pt", **padding).to(like(self.t5).device)

    def _written(self, vectors: Tensor, mask: Int[Tensor, "1 vectors"]) -> Float[Tensor, "1 written width"]:
        """Let the language model go on, each of its last vectors read as the next one."""
        import torch

        count = int(getattr(self.writer.config, "max_new_tokens", None) or _WRITTEN)
        written: list[Tensor] = []
        memory, given = None, vectors
        for _ in range(count):
            said = self.writer(inputs_embeds=given, attention_mask=mask, past_key_values=memory, use_cache=True)
            given, memory = said.last_hidden_state[:, -1:], said.past_key_values
            mask = torch.cat([mask, mask.new_ones((1, 1))], dim=1)
            written.append(given)
        return torch.cat(written, dim=1)


@dataclass(frozen=True, slots=True, eq=False)
class Player:
    """The decoder of spectrograms, and the vocoder that makes sounds of them."""

    vae: Any
    vocoder: Any

    def play(self, latent: Float[Tensor, "batch channels rows columns"]) -> Float[Tensor, "batch 1 samples"]:
        """Give the sounds of latents."""
        scaled = 1 / self.vae.config.scaling_factor * latent.to(like(self.vae))
        played: Tensor = self.vocoder(self.vae.decode(scaled).sample.squeeze(1))
        return played.unsqueeze(1)
