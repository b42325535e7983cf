"""Train what turns a CLIP image embedding into a prompt for the shipped denoiser, which stays frozen (unCLIP).

First the prompt is drawn to what the text encoder makes of a caption that names everything, which costs no denoising.
Then the denoiser's own error on the picture decides: it teaches what captions do not say, such as the exact place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.belonging import write_clip
from models.bauklotz.captions import Mention, caption
from models.bauklotz.choice import Clip
from models.bauklotz.draw import draw
from models.bauklotz.generate import Parts
from models.bauklotz.json_file import write_json
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.noising import noise_like, noised, times
from models.bauklotz.recipes.pools import Pools
from models.bauklotz.recipes.sampled import judged
from models.bauklotz.recipes.text_encoder import WIDTH
from models.bauklotz.recipes.tokenizer import LENGTH
from models.bauklotz.scene import Scenes, held_out_scenes, join, training_scenes

BATCH: Final = 64
DENOISED: Final = 12
"""How many pictures of a batch are denoised, once that has begun."""
DENOISE: Final = 650
"""The step from which the denoiser's error counts too."""
WEIGHT: Final = 1.0
POOL: Final = 2048
REUSE: Final = 12
BLUR: Final = 0.02
"""The spread of noise on each number of an embedding of length 1: a prior's embeddings are not exact either."""

MODEL: Final[Mapping[str, Any]] = {
    "embed_dims": 128,
    "output_dims": WIDTH,
    "hidden_dims": 192,
    "depth": 3,
    "dim_head": 32,
    "heads": 6,
    "num_queries": LENGTH,
    "ffn_ratio": 4,
}
"""IP-Adapter Plus's resampler in small: as many queries as a prompt has tokens."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Scenes ready to be trained on."""

    embedding: Tensor  # [n, width], of length 1
    prompt: Tensor  # [n, tokens, width] in half precision
    latent: Tensor  # [n, channels, 16, 16]


class UnclipTask:
    """The projection in training."""

    def __init__(self, place: Place, *, pool: int = POOL) -> None:
        from diffusers.models.embeddings import IPAdapterPlusImageProjection

        self.place = place
        torch.manual_seed(0)
        self.projection = IPAdapterPlusImageProjection(**MODEL).to(place.device)
        self.parts = Parts.load(place.part("text_to_image"), device=place.device)
        self.parts.unet.requires_grad_(False)
        self.clip = Clip.load(place.part("clip"))
        self.nothing = self.parts.encode([""])
        self.alphas = self.parts.scheduler.alphas_cumprod.to(place.device)
        self.pools = Pools(place, self._made, size=pool, batch=BATCH, reuse=REUSE, order=16)
        self.size = pool

    @property
    def module(self) -> nn.Module:
        return self.projection  # type: ignore[no-any-return]

    def loss(self, step: int) -> Tensor:
        pool, rows = self.pools.at(step)
        rng = np.random.default_rng((15, step, self.place.rank))
        embedding = pool.embedding[rows]
        noise = noise_like(embedding, rng)
        blurred = F.normalize(embedding + BLUR * rng.random() * noise)
        with torch.autocast(self.place.device.type, torch.bfloat16):
            prompt = self.projection(blurred[:, None]).float()
        match = F.mse_loss(prompt, pool.prompt[rows].float())
        if step < DENOISE:
            return match
        return match + WEIGHT * self._denoising(prompt[:DENOISED], pool.latent[rows[:DENOISED]], rng)

    def _denoising(self, prompt: Tensor, latent: Tensor, rng: np.random.Generator) -> Tensor:
        """Give the error of v."""
        t = times(rng, len(latent), 0.65)
        noise = noise_like(latent, rng)
        t = t.to(latent.device)
        noisy, v = noised(self.alphas, latent, noise, t)
        with torch.autocast(self.place.device.type, torch.bfloat16):
            guess = self.parts.unet(noisy, t, encoder_hidden_states=prompt).sample.float()
        return F.mse_loss(guess, v)

    def _made(self, number: int) -> Pool:
        seed = self.place.seed(7_000_000, number)
        scenes = training_scenes(seed, self.size, pairs=0.5)
        parts = [self._part(scenes[slice(start, start + 256)]) for start in range(0, self.size, 256)]
        return Pool(*(torch.cat(tensors) for tensors in zip(*parts, strict=True)))

    @torch.no_grad()
    def _part(self, scenes: Scenes) -> tuple[Tensor, Tensor, Tensor]:
        picture = torch.from_numpy(draw(scenes))
        latent = self.parts.vqvae.encode(picture.to(self.place.device) * 2 - 1).latents
        prompt = self.parts.encode(told_in_full(scenes)).half()
        return self.clip.pictures(picture).to(self.place.device), prompt, latent

    def report(self, step: int) -> Mapping[str, float]:
        """Draw held-out pictures again from their embeddings, and score them against what they showed."""
        scenes = join([held_out_scenes(17, 24, pairs=0), held_out_scenes(17, 24, pairs=1)])
        embedding = self.clip.pictures(torch.from_numpy(draw(scenes))).to(self.place.device)
        prompt = self.projection(embedding[:, None])
        picture = self.parts.generate_from(prompt, self.nothing.expand(len(prompt), -1, -1), steps=8)
        return judged(self.place, step, picture, scenes, (Mention(),) * len(scenes))

    def export(self) -> None:
        folder = self.place.out / "unclip"
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {f"image_proj.{name}": t for name, t in self.projection.state_dict().items()}
        tensors["nothing"] = self.nothing
        halves = {name: t.half().contiguous().cpu() for name, t in tensors.items()}
        save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
        write_json(folder / "config.json", {"_class_name": "IPAdapterPlusImageProjection", **MODEL})
        write_clip(folder, self.place.part("clip"), unit=True)


def told_in_full(scenes: Scenes) -> list[str]:
    """Name everything that each scene shows, always in the same words and order."""
    return [caption(scenes, row, Mention(), "en", np.random.default_rng(1)) for row in range(len(scenes))]


UNCLIP: Final = Recipe("unclip", UnclipTask, steps=900, rate=1e-3, average=0.995, report_every=250, save_every=50)
