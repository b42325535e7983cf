"""Let the sound model write sounds for captions, with the library's own `generate`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from numpy.typing import NDArray

BATCH: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How codes are drawn: how careless, among how many (0 is all), and how strongly the words steer."""

    temperature: float
    top_k: int
    scale: float


CHOSEN: Final = Settings(temperature=0.3, top_k=250, scale=1.3)
"""What measured best on other sounds than those of the evaluation (`python -m models.bauklotz.sound_settings`)."""


@dataclass(frozen=True, slots=True, eq=False)
class SoundWriter:
    """The sound model with its tokenizer."""

    model: Any
    tokenizer: Any

    @classmethod
    def load(cls, folder: Path) -> Self:
        from transformers import AutoTokenizer, MusicgenForConditionalGeneration

        model = MusicgenForConditionalGeneration.from_pretrained(folder, dtype=torch.float32)
        return cls(model.eval(), AutoTokenizer.from_pretrained(folder))

    @torch.inference_mode()
    def write(self, texts: list[str], settings: Settings = CHOSEN, *, seed: int) -> NDArray[np.float32]:
        """Write a sound [n, samples] of as many seconds as the model hears at once for each text."""
        parts = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        return np.concatenate([self._write(part, settings, seed + k) for k, part in enumerate(parts)])

    def _write(self, texts: list[str], settings: Settings, seed: int) -> NDArray[np.float32]:
        torch.manual_seed(seed)
        tokens = self.tokenizer(texts, padding=True, return_tensors="pt").to(self.model.device)
        decoder = self.model.config.decoder
        made = self.model.generate(
            input_ids=tokens["input_ids"],
            attention_mask=tokens["attention_mask"],
            do_sample=True,
            temperature=settings.temperature,
            top_k=settings.top_k,
            guidance_scale=settings.scale,
            max_new_tokens=decoder.max_position_embeddings - 1,
        )
        samples: NDArray[np.float32] = made[:, 0].cpu().numpy()
        return samples

    @torch.inference_mode()
    def through_codec(self, played: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give sounds [n, samples] as the codec keeps them."""
        codec = self.model.audio_encoder
        codes = codec.encode(torch.from_numpy(played)[:, None]).audio_codes
        samples: NDArray[np.float32] = codec.decode(codes, [None]).audio_values[:, 0].numpy()
        return samples
