"""Train the denoiser: v prediction on the first stage's latents, steered by the frozen text encoder.

Scenes come in pools that all steps of a while share: their latents and sequences are computed once.
"""

import math
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.captions import LANGUAGES, Mention, caption, random_mention
from models.bauklotz.draw import draw, masks
from models.bauklotz.generate import Parts
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.first_stage import CHANNELS
from models.bauklotz.recipes.noising import noise_like, noised, times
from models.bauklotz.recipes.patches import PATCH
from models.bauklotz.recipes.pools import Pools
from models.bauklotz.recipes.sampled import drawn
from models.bauklotz.recipes.text_encoder import WIDTH
from models.bauklotz.scene import Scenes, training_scenes
from models.bauklotz.unet import build_scheduler, build_unet

BATCH: Final = 24
POOL: Final = 1536
REUSE: Final = 6
"""How often each scene of a pool is shown, every time with other noise."""
UNCONDITIONAL: Final = 0.1


@dataclass(frozen=True, slots=True)
class Phase:
    """What some pools are made of."""

    pools: float
    """How many pools there are of this kind."""
    pairs: float
    """The share of scenes with two objects."""
    early: float
    """t = U ** early: below 1, more of the steps in which the text decides."""
    weight: float
    """How much more an object's error counts than the background's."""
    unplaced: float = 0.0
    """The share of captions that lose their position."""


PHASES: Final = (
    Phase(pools=3, pairs=0.25, early=0.65, weight=5.0),
    Phase(pools=3, pairs=0.58, early=0.65, weight=5.0),
    Phase(pools=5, pairs=0.58, early=1.0, weight=5.0),
    # A weight that depends on the picture makes an object of unsaid place likelier in every place, and so twice there.
    Phase(pools=math.inf, pairs=0.35, early=0.65, weight=1.0, unplaced=0.6),
)


def phase_of(pool: int) -> Phase:
    """Give the phase that a pool belongs to."""
    for phase in PHASES:
        if pool < phase.pools:
            return phase
        pool -= int(phase.pools)
    raise AssertionError("the last phase never ends")


@dataclass(frozen=True, slots=True)
class Pool:
    """Scenes ready to be trained on."""

    latent: Tensor  # [n, channels, 16, 16]
    weight: Tensor  # [n, 1, 16, 16], more where an object is
    text: Tensor  # [n, languages, tokens, width] in half precision
    early: float


class DenoiserTask:
    """The denoiser in training."""

    def __init__(self, place: Place, *, pool: int = POOL) -> None:
        self.place = place
        self.scheduler = build_scheduler()
        torch.manual_seed(0)
        self.unet = build_unet(channels=CHANNELS, text_width=WIDTH).to(place.device)
        self.parts = Parts.around(self.unet, self.scheduler, part=lambda name: place.part(f"text_to_image/{name}"))
        self.nothing = self.parts.encode([""])
        self.alphas = self.scheduler.alphas_cumprod.to(place.device)
        self.pools = Pools(place, self._made, size=pool, batch=BATCH, reuse=REUSE, order=6)
        self.size = pool

    @property
    def module(self) -> nn.Module:
        return self.unet  # type: ignore[no-any-return]

    def loss(self, step: int) -> Tensor:
        pool, rows = self.pools.at(step)
        rng = np.random.default_rng((5, step, self.place.rank))
        spoken = torch.from_numpy(rng.integers(len(LANGUAGES), size=BATCH))
        text = pool.text[rows, spoken].float()
        silent = torch.from_numpy(rng.random(BATCH) < UNCONDITIONAL)
        text[silent.to(text.device)] = self.nothing
        t = times(rng, BATCH, pool.early)
        latent = pool.latent[rows]
        return self._loss(latent, pool.weight[rows], text, t, noise_like(latent, rng))

    def _loss(self, latent: Tensor, weight: Tensor, text: Tensor, t: Tensor, noise: Tensor) -> Tensor:
        """Give the weighted error of v."""
        t = t.to(latent.device)
        noisy, v = noised(self.alphas, latent, noise, t)
        with torch.autocast(latent.device.type, torch.bfloat16):
            guess = self.unet(noisy, t, encoder_hidden_states=text).sample.float()
        return ((guess - v).square() * weight).mean()  # type: ignore[no-any-return]

    def _made(self, number: int) -> Pool:
        seed = self.place.seed(5_000_000, number)
        phase = phase_of(number)
        scenes = training_scenes(seed, self.size, pairs=phase.pairs)
        return _pool(self.parts, scenes, phase, seed)

    def report(self, step: int) -> Mapping[str, float]:
        """Draw and score a few held-out scenes."""
        return drawn(self.place, step, self.parts.generate, count=24)

    def export(self) -> None:
        folder = self.place.out / "text_to_image"
        deepcopy(self.unet).half().save_pretrained(folder / "unet")
        self.scheduler.save_pretrained(folder / "scheduler")


def _pool(parts: Parts, scenes: Scenes, phase: Phase, seed: int) -> Pool:
    latents, weights, texts = [], [], []
    rng = np.random.default_rng((7, seed))
    for start in range(0, len(scenes), 256):
        some = scenes[slice(start, start + 256)]
        picture = torch.from_numpy(draw(some)).to(parts.device) * 2 - 1
        with torch.no_grad():
            latents.append(parts.vqvae.encode(picture).latents)
        weights.append(_weight(some, phase).to(parts.device))
        texts.append(_texts(parts, some, phase, rng))
    return Pool(torch.cat(latents), torch.cat(weights), torch.cat(texts), phase.early)


def _weight(scenes: Scenes, phase: Phase) -> Tensor:
    """Weigh latents up where an object is, and one latent around it."""
    covered = torch.from_numpy(masks(scenes)).amax(1, keepdim=True)
    near = F.max_pool2d(F.max_pool2d(covered, PATCH), 3, stride=1, padding=1)
    return 1 + (phase.weight - 1) * (near > 0.1).float()


def _texts(parts: Parts, scenes: Scenes, phase: Phase, rng: np.random.Generator) -> Tensor:
    """Say every scene in each language, naming different things; give [n, languages, tokens, width]."""
    spoken = []
    for language in LANGUAGES:
        texts = [
            caption(scenes, row, _mention(phase, rng, is_pair=bool(pair)), language, rng)
            for row, pair in enumerate(scenes.is_pair)
        ]
        spoken.append(parts.encode(texts).half())
    return torch.stack(spoken, dim=1)


def _mention(phase: Phase, rng: np.random.Generator, *, is_pair: bool) -> Mention:
    mention = random_mention(rng, is_pair=is_pair)
    if phase.unplaced and rng.random() < phase.unplaced:
        return replace(mention, position=False)
    return mention


DENOISER: Final = Recipe(
    "denoiser", DenoiserTask, steps=6000, rate=1e-3, warmup=200, average=0.998, report_every=500, ranks=2
)
