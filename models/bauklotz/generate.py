"""Draw pictures from prompts with plain diffusers parts: a schedule, a denoiser and a first stage."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

import torch
from torch import Tensor

if TYPE_CHECKING:
    from diffusers import DDIMScheduler, UNet2DConditionModel, VQModel
    from transformers import CLIPTextModel, CLIPTokenizer

STEPS: Final = 20
SCALE: Final = 3.0
Predict = Callable[[Tensor, Tensor], Tensor]
"""Says what is to be taken out of latents at a step."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that turns a prompt into a picture."""

    tokenizer: "CLIPTokenizer"
    text_encoder: "CLIPTextModel"
    unet: "UNet2DConditionModel"
    scheduler: "DDIMScheduler"
    vqvae: "VQModel"

    @classmethod
    def load(cls, folder: Path, *, device: torch.device) -> Self:
        """Load the parts from a folder in diffusers layout, in float32."""
        return cls.found(folder.joinpath, device=device)

    @classmethod
    def found(cls, part: Callable[[str], Path], *, device: torch.device) -> Self:
        """Load the parts from wherever `part` says each lies, in float32."""
        from diffusers import DDIMScheduler, UNet2DConditionModel

        unet = UNet2DConditionModel.from_pretrained(part("unet"), torch_dtype=torch.float32).to(device)
        return cls.around(unet, DDIMScheduler.from_pretrained(part("scheduler")), part=part)

    @classmethod
    def around(cls, unet: "UNet2DConditionModel", scheduler: "DDIMScheduler", *, part: Callable[[str], Path]) -> Self:
        """Load the other parts around a denoiser, onto its device; `part` says where each lies."""
        from diffusers import VQModel
        from transformers import CLIPTextModel, CLIPTokenizer

        device = unet.device
        return cls(
            tokenizer=CLIPTokenizer.from_pretrained(part("tokenizer")),
            text_encoder=CLIPTextModel.from_pretrained(part("text_encoder"), dtype=torch.float32).to(device),
            unet=unet,
            scheduler=scheduler,
            vqvae=VQModel.from_pretrained(part("vqvae"), torch_dtype=torch.float32).to(device),
        )

    @property
    def device(self) -> torch.device:
        """The device of the denoiser."""
        return self.unet.device  # type: ignore[no-any-return]

    @torch.no_grad()
    def encode(self, texts: list[str]) -> Tensor:
        """Encode captions into sequences [n, tokens, width]."""
        length = self.tokenizer.model_max_length
        padded = self.tokenizer(texts, padding="max_length", max_length=length, truncation=True, return_tensors="pt")
        return self.text_encoder(padded.input_ids.to(self.device)).last_hidden_state  # type: ignore[no-any-return]

    @torch.no_grad()
    def generate(
        self, texts: list[str], *, seed: int = 0, steps: int = STEPS, scale: float = SCALE, batch: int = 25
    ) -> Tensor:
        """Draw a picture [n, 3, 64, 64] in 0..1 for each prompt; prompt i draws its noise from seed + i."""
        nothing = self.encode([""])
        drawn = []
        for start in range(0, len(texts), batch):
            part = self.encode(texts[start : start + batch])
            empty = nothing.expand(len(part), -1, -1)
            drawn.append(self.generate_from(part, empty, seed=seed + start, steps=steps, scale=scale))
        return torch.cat(drawn)

    @torch.no_grad()
    def generate_from(
        self, prompt: Tensor, empty: Tensor, *, seed: int = 0, steps: int = STEPS, scale: float = SCALE
    ) -> Tensor:
        """Draw a picture [n, 3, 64, 64] in 0..1 for each prompt [n, tokens, width], all at once."""
        text = torch.cat([empty, prompt])
        noise = torch.cat([self._noise(seed + i) for i in range(len(prompt))])

        def predict(x: Tensor, t: Tensor) -> Tensor:
            predicted: Tensor = self.unet(x, t, encoder_hidden_states=text).sample
            return predicted

        return self.decode(self.denoise(predict, noise.to(self.device), steps=steps, scale=scale))

    def _noise(self, seed: int) -> Tensor:
        config = self.unet.config
        shape = (1, config.in_channels, config.sample_size, config.sample_size)
        return torch.randn(shape, generator=torch.Generator().manual_seed(seed))

    def denoise(self, predict: Predict, latent: Tensor, *, steps: int, scale: float) -> Tensor:
        """Take the noise out of latents; `predict` is asked for all of them twice: without a prompt, then with one."""
        self.scheduler.set_timesteps(steps)
        for t in self.scheduler.timesteps:
            without, with_text = predict(torch.cat([latent, latent]), t).chunk(2)
            guided = without + scale * (with_text - without)
            latent = self.scheduler.step(guided, t, latent).prev_sample
        return latent

    def decode(self, latent: Tensor) -> Tensor:
        """Give the pictures [n, 3, 64, 64] in 0..1 of latents [n, channels, 16, 16]."""
        drawn: Tensor = self.vqvae.decode(latent, force_not_quantize=True).sample
        return (drawn / 2 + 0.5).clamp(0, 1).cpu()
