"""Measure how text steers bauklotz: do heat maps point, does guidance help, does a negative prompt take away.

Run: python -m benchmarks.steering pointing|scales|negative [--count N]
"""

import argparse
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine import Run
from models.bauklotz.checker import load_checker, read
from models.bauklotz.count import count_objects
from models.bauklotz.draw import draw
from models.bauklotz.prompts import Prompts, evaluation_prompts
from models.bauklotz.score import score
from models.bauklotz.vocabulary import COLOURS, DARKNESS, LIGHTS, RGB, STYLES
from nodes import attention, conditioning, guidance, latent, load, sampling, text, vae
from nodes.attention_values import Attention, AttentionMaps
from nodes.load import Loaded
from nodes.values import Conditioning, Image, Latent

HERE = Path(__file__).resolve().parents[1] / "models" / "bauklotz"
BATCH = 20
Rows = NDArray[np.int64]
SCALES: Final = (1.0, 3.0, 5.0)
WAYS: Final = ("whole", "redrawn", "half", "drowned")
"""Prompts heard whole, alone and against a picture of another scene, and blended with no prompt to 50 % and 30 %."""


class Studio:
    """bauklotz, drawing."""

    def __init__(self) -> None:
        self.run = Run()
        self.model: Loaded = load.checkpoint("bauklotz", run=self.run)
        self.checker = load_checker(HERE / "checker")

    def encoded(self, prompt: str) -> Conditioning:
        tokens = text.tokenize(self.model.tokenizer, prompt, run=self.run).tokens
        return text.encode(tokens, self.model.text_encoder, run=self.run)  # type: ignore[no-any-return]

    def drawn(
        self,
        prompts: Sequence[str],
        seeds: Sequence[int],
        *,
        negatives: Sequence[str] = (),
        scale: float = 3.0,
        steps: int = 20,
        share: float = 1.0,
        start: Latent | None = None,
        strength: float = 1.0,
        plan: Attention | None = None,
    ) -> tuple[Tensor, AttentionMaps | None]:
        """Draw a batch of prompts, one seed each; `share` blends them with no prompt at all, `start` is redrawn."""
        model, nothing = self.model, self.encoded("")
        spoken = [self.encoded(each) for each in prompts]
        positive = conditioning.prompt_batch([conditioning.blend_prompts(nothing, each, share) for each in spoken])
        against = conditioning.prompt_batch([self.encoded(each) for each in negatives]) if negatives else None
        sampled = sampling.sample(
            model.denoiser,
            guidance.cfg(positive, against, scale),
            start or latent.empty_latent(model.denoiser, batch=len(prompts)),
            steps=steps,
            seeds=tuple(seeds),
            strength=strength,
            attention=plan,
            run=self.run,
        )
        return vae.vae_decode(sampled.latent, model.autoencoder, run=self.run).pixels, sampled.attention


def pointing(count: int) -> Mapping[str, float]:
    """Play the pointing game on held-out prompts: is a colour word's hottest cell on the object of that colour?"""
    studio, prompts = Studio(), evaluation_prompts("en")
    rows = [row for kind in (0, 100) for row in range(kind, kind + count // 2)]
    hits: dict[str, list[bool]] = {"hit": [], "hit, own place only": []}
    areas = []
    for row in rows:
        for inside, heats in _games(studio, prompts, row):
            areas.append(float(inside.float().mean()))
            for name, heat in heats.items():
                at = int(heat.argmax())
                hits[name].append(bool(inside.flatten()[at]))
    shares = {name: float(np.mean(each)) for name, each in hits.items()}
    return {**shares, "share of the area": float(np.mean(areas)), "games": len(areas)}


def _games(studio: Studio, prompts: Prompts, row: int) -> Iterator[tuple[Tensor, Mapping[str, Tensor]]]:
    """Give, for each object whose colour word stands there once, where it is drawn and the heat maps of the word."""
    scenes, prompt, model = prompts.scenes, prompts.texts[row], studio.model
    tokenized = text.tokenize(model.tokenizer, prompt, run=studio.run)
    plan = attention.cross_attention(model.denoiser, tokenized.words)
    pixels, maps = studio.drawn([prompt], [row], plan=plan)
    reach = attention.word_reach(tokenized.tokens, tokenized.words, model.text_encoder, run=studio.run)
    assert maps is not None
    spoken = [span.text.lower() for span in tokenized.words.spans]
    for number in (0, 1):
        colour = int(scenes.colour[row, number])
        inside = _coloured(pixels, colour, dark=LIGHTS[scenes.light[row]] == "dark")
        if colour < 0 or spoken.count(COLOURS[colour]) != 1 or inside.float().mean() < 0.02:
            continue
        heats = {
            name: attention.attention_heat(maps, COLOURS[colour], reach=each).pixels
            for name, each in (("hit", reach), ("hit, own place only", None))
        }
        size = tuple(pixels.shape[-2:])
        yield (
            inside,
            {
                name: torch.nn.functional.interpolate(each, size=size, mode="bilinear").flatten()
                for name, each in heats.items()
            },
        )


def _coloured(pixels: Tensor, colour: int, *, dark: bool) -> Tensor:
    """Find the pixels whose nearest colour is this one."""
    palette = torch.tensor(RGB) * (DARKNESS if dark else 1.0)
    nearest = (pixels[0][None] - palette[:, :, None, None]).square().sum(1).argmin(0)
    return nearest == colour


def scales(count: int, ways: Sequence[str] = WAYS) -> Mapping[str, float]:
    """Score held-out prompts at several scales and in several ways: the mean over all attributes that are named."""
    studio, prompts = Studio(), evaluation_prompts("en")
    rows = np.array([row for kind in (0, 100) for row in range(kind, kind + count // 2)])
    parts = [rows[at : at + BATCH] for at in range(0, len(rows), BATCH)]
    found = {}
    for way in ways:
        for scale in SCALES:
            drawn = [_drawn(studio, prompts, part, way, scale) for part in parts]
            found[f"{way}, scale {scale:g}"] = _scored(studio, prompts, rows, torch.cat(drawn))
    return found


def _drawn(studio: Studio, prompts: Prompts, rows: Rows, way: str, scale: float) -> Tensor:
    texts, seeds = [prompts.texts[row] for row in rows], rows.tolist()
    match way:
        case "whole":
            return studio.drawn(texts, seeds, scale=scale)[0]
        case "redrawn":
            others = Image(torch.from_numpy(draw(prompts.scenes[np.roll(rows, 1)])))
            start = vae.vae_encode(others, studio.model.autoencoder, run=studio.run).latent
            return studio.drawn(texts, seeds, scale=scale, steps=10, start=start, strength=0.5)[0]
    return studio.drawn(texts, seeds, scale=scale, steps=8, share={"half": 0.5, "drowned": 0.3}[way])[0]


def _scored(studio: Studio, prompts: Prompts, rows: Rows, pixels: Tensor) -> float:
    answers = {**read(studio.checker, pixels), "count": torch.from_numpy(count_objects(pixels.numpy()))}
    shares = score(answers, prompts.scenes[rows], tuple(prompts.mentions[row] for row in rows))
    return float(np.mean([share for name, share in shares.items() if "count" not in name]))


def negative(count: int) -> Mapping[str, float]:
    """Draw with background and style left open, name in the negative prompt which ones came, and draw again."""
    studio = Studio()
    plain = "a large red circle in the centre"
    gone: dict[str, list[bool]] = {"background": [], "style": []}
    for first in range(0, count, BATCH):
        seeds = list(range(first, min(first + BATCH, count)))
        prompts = [plain] * len(seeds)
        before = read(studio.checker, studio.drawn(prompts, seeds)[0])
        named = {
            "background": [f"{plain} on a {COLOURS[int(each)]} background" for each in before["background"]],
            "style": [f"{plain}, {STYLES[int(each)]}" for each in before["style"]],
        }
        for name, negatives in named.items():
            after = read(studio.checker, studio.drawn(prompts, seeds, negatives=negatives)[0])
            gone[name] += (before[name] != after[name]).tolist()
    return {f"{name} removed": float(np.mean(each)) for name, each in gone.items()}


def main() -> None:
    measures: Mapping[str, Callable[[int], Mapping[str, float]]]
    measures = {"pointing": pointing, "scales": scales, "negative": negative}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=measures)
    parser.add_argument("--count", type=int, default=100)
    given = parser.parse_args()
    torch.set_num_threads(1)
    print(json.dumps(measures[given.what](given.count), indent=2))


if __name__ == "__main__":
    main()
