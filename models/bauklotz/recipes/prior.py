"""Train the prior: from what CLIP reads in a caption to what it would see in a picture of it (Ramesh et al. 2022).

Both towers of the shipped CLIP are frozen; scenes come in pools, whose embeddings are computed once.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from models.bauklotz.belonging import write_clip
from models.bauklotz.captions import LANGUAGES, caption, random_mention
from models.bauklotz.choice import Clip
from models.bauklotz.draw import draw
from models.bauklotz.reading import Read, read
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.noising import noise_like
from models.bauklotz.recipes.pools import Pools
from models.bauklotz.recipes.tokenizer import LENGTH
from models.bauklotz.scene import Scenes, held_out_scenes, training_scenes

if TYPE_CHECKING:
    from diffusers import UnCLIPScheduler

BATCH: Final = 96
POOL: Final = 4096
REUSE: Final = 6
STEPS: Final = 1000
UNCONDITIONAL: Final = 0.1

MODEL: Final[Mapping[str, Any]] = {
    "num_attention_heads": 6,
    "attention_head_dim": 32,
    "num_layers": 4,
    "embedding_dim": 128,
    "num_embeddings": LENGTH,
    "additional_embeddings": 4,
}


@dataclass(frozen=True, slots=True)
class Pool:
    """Scenes ready to be trained on; captions stand language by language."""

    target: Tensor  # [n, width], of mean 0 and spread 1
    text: tuple[Read, ...]  # for each language, states in half precision


class PriorTask:
    """The prior in training."""

    def __init__(self, place: Place, *, pool: int = POOL) -> None:
        from diffusers import PriorTransformer

        self.place = place
        self.scheduler = build_scheduler()
        self.alphas = self.scheduler.alphas_cumprod.to(place.device)
        torch.manual_seed(0)
        self.prior = PriorTransformer(**MODEL)
        self.clip = Clip.load(place.part("clip"))
        seen = self._embed(training_scenes(8_000_000, pool))
        for name, value in (("clip_mean", seen.mean(0)), ("clip_std", seen.std(0))):
            getattr(self.prior, name).requires_grad_(False).copy_(value[None])
        self.prior.to(place.device)
        self.nothing = read(self.clip, [""])
        self.pools = Pools(place, self._made, size=pool, batch=BATCH, reuse=REUSE, order=19)
        self.size = pool

    @property
    def module(self) -> nn.Module:
        return self.prior  # type: ignore[no-any-return]

    def loss(self, step: int) -> Tensor:
        pool, rows = self.pools.at(step)
        rng = np.random.default_rng((18, step, self.place.rank))
        text = self._said(pool, rows, rng)
        target = pool.target[rows].to(self.place.device)
        t = torch.from_numpy(rng.integers(STEPS, size=BATCH)).to(target.device)
        noise = noise_like(target, rng)
        a = self.alphas[t][:, None]
        with torch.autocast(self.place.device.type, torch.bfloat16):
            guess = predict(self.prior, a.sqrt() * target + (1 - a).sqrt() * noise, t, text).float()
        return F.mse_loss(guess, target)

    def _said(self, pool: Pool, rows: Tensor, rng: np.random.Generator) -> Read:
        """Take the captions in one language or the other, and none at all now and then."""
        spoken = torch.from_numpy(rng.integers(len(LANGUAGES), size=BATCH)).bool()
        silent = torch.from_numpy(rng.random(BATCH) < UNCONDITIONAL)
        chosen = []
        for name in Read._fields:
            first, second = (getattr(text, name)[rows] for text in pool.text)
            shape = (-1,) + (1,) * (first.ndim - 1)
            said = torch.where(spoken.reshape(shape), second, first)
            chosen.append(torch.where(silent.reshape(shape), getattr(self.nothing, name).to(said.dtype), said))
        embedding, states, mask = (tensor.to(self.place.device) for tensor in chosen)
        return Read(embedding, states.float(), mask)

    def _made(self, number: int) -> Pool:
        seed = self.place.seed(8_500_000, number)
        scenes = training_scenes(seed, self.size, pairs=0.5)
        return Pool(self._targets(scenes), _captions(self.clip, scenes, seed))

    def _targets(self, scenes: Scenes) -> Tensor:
        mean, std = self.prior.clip_mean.cpu(), self.prior.clip_std.cpu()
        targets: Tensor = (self._embed(scenes) - mean) / std
        return targets

    def _embed(self, scenes: Scenes) -> Tensor:
        parts = [scenes[slice(start, start + 256)] for start in range(0, len(scenes), 256)]
        return torch.cat([self.clip.pictures(torch.from_numpy(draw(part))) for part in parts])

    def report(self, step: int) -> Mapping[str, float]:
        """Compare what is guessed from pure noise, and what is drawn, with the picture's own embedding."""
        scenes = held_out_scenes(20, 200)
        truth = self._embed(scenes).to(self.place.device)
        text = _captions(self.clip, scenes, 20)[0]
        text = Read(*(each.to(self.place.device) for each in (text.embedding, text.states.float(), text.mask)))
        noise = torch.randn(truth.shape, generator=torch.Generator().manual_seed(20)).to(truth.device)
        drawn = F.normalize(sample(self.prior, self.scheduler, noise, text, steps=20))
        near = drawn @ truth.T
        nearest = (near.argmax(1) == torch.arange(len(near), device=near.device)).float().mean()
        return {"cosine": round(float(near.diagonal().mean()), 4), "nearest": round(float(nearest), 4)}

    def export(self) -> None:
        folder = self.place.out / "prior"
        deepcopy(self.prior).half().save_pretrained(folder / "prior")
        self.scheduler.save_pretrained(folder / "scheduler")
        write_clip(folder, self.place.part("clip"), unit=True)


def build_scheduler() -> "UnCLIPScheduler":
    """Build Kandinsky's schedule: a cosine, the picture itself predicted, clipped at five spreads."""
    from diffusers import UnCLIPScheduler

    return UnCLIPScheduler(num_train_timesteps=STEPS, prediction_type="sample", clip_sample=True, clip_sample_range=5.0)


def predict(prior: Any, noisy: Tensor, t: Tensor, text: Read) -> Tensor:
    """Ask the prior, without the padding behind the longest text: it is masked out and only costs time."""
    length = int(text.mask.sum(1).max())
    ends = prior.positional_embedding.shape[1] - 4
    places = prior.positional_embedding
    shorter = {
        "positional_embedding": torch.cat([places[:, :length], places[:, ends:]], dim=1),
        "causal_attention_mask": prior.causal_attention_mask[:, : length + 4, : length + 4],
    }
    given = (noisy, t, text.embedding, text.states[:, :length], text.mask[:, :length])
    return functional_call(prior, shorter, given).predicted_image_embedding  # type: ignore[no-any-return]


def sample(prior: Any, scheduler: "UnCLIPScheduler", x: Tensor, text: Read, *, steps: int) -> Tensor:
    """Draw embeddings from noise, without guidance."""
    scheduler.set_timesteps(steps)
    generator = torch.Generator().manual_seed(0)
    before = [*scheduler.timesteps[1:].tolist(), None]
    for t, next_t in zip(scheduler.timesteps, before, strict=True):
        guess = predict(prior, x, t.to(x.device), text)
        x = scheduler.step(guess, t, x, prev_timestep=next_t, generator=generator).prev_sample
    return prior.post_process_latents(x)  # type: ignore[no-any-return]


def _captions(clip: Clip, scenes: Scenes, seed: int) -> tuple[Read, ...]:
    """Say every scene in each language, naming the same things."""
    rng = np.random.default_rng((seed, 2))
    mentions = [random_mention(rng, is_pair=bool(pair)) for pair in scenes.is_pair]
    given = []
    for language in LANGUAGES:
        text = read(clip, [caption(scenes, row, each, language, rng) for row, each in enumerate(mentions)])
        given.append(Read(text.embedding, text.states.half(), text.mask))
    return tuple(given)


PRIOR: Final = Recipe("prior", PriorTask, steps=1200, rate=1e-3, average=0.997, report_every=300, save_every=50)
