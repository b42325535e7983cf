"""Draw clips from prompts: the frozen denoiser, lifted into time by a motion adapter."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor

from models.bauklotz.generate import SCALE, STEPS, Parts
from models.bauklotz.vocabulary import SIDE
from models.frame_words import FILE, FrameWords
from models.lift import lift


@dataclass(frozen=True, slots=True)
class Films:
    """Everything that turns a prompt into a clip."""

    parts: Parts
    net: Any  # a UNetMotionModel that pools its text as the plain denoiser does
    frames: int
    words: FrameWords

    @classmethod
    def around(cls, parts: Parts, adapter: Any, words: FrameWords) -> Self:
        """Lift a denoiser into time, on its device."""
        return cls(parts, lift(parts.unet, adapter), adapter.config.motion_max_seq_length, words.to(parts.device))

    @classmethod
    def load(cls, folder: Path, *, device: torch.device) -> Self:
        """Load the adapter, its LoRA and its words from `folder`/motion, the rest from `folder`/text_to_image."""
        from diffusers import MotionAdapter
        from diffusers.loaders.lora_base import LORA_WEIGHT_NAME_SAFE

        adapter = MotionAdapter.from_pretrained(folder / "motion", torch_dtype=torch.float32)
        words = FrameWords.load(folder / "motion" / FILE)
        films = cls.around(Parts.load(folder / "text_to_image", device=device), adapter, words)
        films.net.load_lora_adapter(folder / "motion", prefix="unet", weight_name=LORA_WEIGHT_NAME_SAFE)
        films.net.to(torch.float32).eval()
        return films

    def predict(self, x: Tensor, t: Tensor, text: Tensor, come: Tensor | None = None) -> Tensor:
        """Predict v for latents [n, frames, channels, 16, 16] at steps [n], told sequences [n, tokens, width].

        `come` [n, frames] says how far what happens has come in each frame, by default from 0 to 1.
        """
        told = self.words(text[:, None].expand(-1, x.shape[1], -1, -1), come).flatten(0, 1)
        predicted: Tensor = self.net(x.transpose(1, 2), t, encoder_hidden_states=told, timestep_cond=text).sample
        return predicted.transpose(1, 2)

    @torch.no_grad()
    def encode(self, frames: Tensor) -> Tensor:
        """Encode frames [n, frames, 3, 64, 64] in 0..1."""
        latents: Tensor = self.parts.vqvae.encode(frames.flatten(0, 1) * 2 - 1).latents
        return latents.view(*frames.shape[:2], *latents.shape[1:])

    @torch.no_grad()
    def generate(
        self,
        texts: list[str],
        *,
        seed: int = 0,
        steps: int = STEPS,
        scale: float = SCALE,
        batch: int = 8,
        first: Tensor | None = None,
    ) -> Tensor:
        """Draw a clip [n, frames, 3, 64, 64] in 0..1 for each prompt; prompt i draws its noise from seed + i.

        `first` [n, channels, 16, 16] are the latents of the first frames, where they are given.
        """
        drawn = []
        for start in range(0, len(texts), batch):
            some = texts[start : start + batch]
            noise = torch.stack([self._noise(seed + start + i) for i in range(len(some))]).to(self.parts.device)
            given = noise[:, :0] if first is None else first[start : start + batch, None]
            latent = self._denoise(some, noise, given, steps, scale)
            drawn.append(self.parts.decode(latent.flatten(0, 1)).view(*latent.shape[:2], 3, SIDE, SIDE))
        return torch.cat(drawn)

    def _noise(self, seed: int) -> Tensor:
        config = self.parts.unet.config
        shape = (config.in_channels, self.frames, config.sample_size, config.sample_size)
        return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).transpose(0, 1)

    def _denoise(self, texts: list[str], latent: Tensor, given: Tensor, steps: int, scale: float) -> Tensor:
        """Draw the latents of films that begin with those given [n, 0 or more, channels, 16, 16]."""
        count = given.shape[1]
        text = torch.cat([self.parts.encode([""] * len(texts)), self.parts.encode(texts)])

        def predict(x: Tensor, t: Tensor) -> Tensor:
            shown = torch.cat([given.repeat(2, 1, 1, 1, 1), x[:, count:]], dim=1)
            return self.predict(shown, t.to(x.device).expand(len(x)), text)

        drawn = self.parts.denoise(predict, latent, steps=steps, scale=scale)
        return torch.cat([given, drawn[:, count:]], dim=1)
