"""Measure the motion adapter on held-out clips in both languages: what moves, read by pixels, and how steadily.

Each clip is drawn a second time without the adapter, every frame by itself from the same text: that is how little
neighbouring frames have in common where nothing holds them together.
Run: python -m models.bauklotz.evaluate_motion [--out FILE] [--weights DIR] [--sheet FILE]
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor

from models.bauklotz.captions import LANGUAGES, Language, random_mention
from models.bauklotz.choice import Clip
from models.bauklotz.draw import save_sheet
from models.bauklotz.films import Films
from models.bauklotz.moving import FRAMES, MOTIONS, Clips, clip_caption, film, held_out_clips, read_motion
from models.bauklotz.score import Shares
from models.bauklotz.table import table

HERE: Final = Path(__file__).parent
SEED: Final = 20_261_123
COUNT: Final = 64
"""How many clips there are in each language."""
STEPS: Final = 10
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "direction": ("left", "right", "up", "down"),
    "growing": ("grow", "shrink"),
    "turning": ("turn",),
    "appearing": ("appear",),
    "all": MOTIONS,
}
FLOORS: Final[Mapping[str, float]] = {"direction": 0.5}
GOALS: Final[Mapping[str, float]] = {"direction": 0.9}

TITLES: Final = {"real": "drawn by code", "en": "English", "de": "German"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """Clips of a language, each drawn in time and once more frame by frame; [n, frames, 3, 64, 64]."""

    moving: Tensor
    apart: Tensor


def captions(clips: Clips, language: Language) -> list[str]:
    """Give the frozen captions; the two languages name the same attributes of the same clips."""
    mentions = [random_mention(np.random.default_rng((SEED, row)), is_pair=False) for row in range(len(clips))]
    rngs = [np.random.default_rng((SEED, row, 1)) for row in range(len(clips))]
    return [clip_caption(clips, row, mentions[row], language, rngs[row]) for row in range(len(clips))]


def draw_clips(films: Films, texts: list[str]) -> Drawn:
    moving = films.generate(texts, seed=SEED, steps=STEPS)
    repeated = [text for text in texts for _ in range(FRAMES)]
    apart = films.parts.generate(repeated, seed=SEED, steps=STEPS)
    return Drawn(moving, apart.view_as(moving))


def evaluate(*, weights: Path = HERE, count: int = COUNT, sheet: Path | None = None) -> dict[str, Shares]:
    """Give the shares of right motions of real clips and by language, and how steady the frames of each clip are."""
    torch.set_num_threads(1)
    films, clip = Films.load(weights, device=torch.device("cpu")), Clip.load(weights / "clip")
    clips = held_out_clips(SEED, count)
    found = {"real": score_motion(film(clips), clips)}
    for language in LANGUAGES:
        drawn = draw_clips(films, captions(clips, language))
        found[language] = score_motion(drawn.moving.numpy(), clips) | steadiness(clip, drawn)
        if sheet:
            shown = drawn.moving.flatten(0, 1).numpy()
            save_sheet(shown, sheet.with_name(f"{sheet.stem}-{language}.png"), columns=FRAMES * 2)
    return found


def score_motion(frames: np.ndarray, clips: Clips) -> Shares:
    """Give the share of clips of each kind that do what was asked, as their pixels say."""
    right = read_motion(frames) == clips.motion
    rows = {name: np.isin(clips.motion, [MOTIONS.index(each) for each in kind]) for name, kind in KINDS.items()}
    return {name: round(float(right[of].mean()), 3) for name, of in rows.items()}


def steadiness(clip: Clip, drawn: Drawn) -> Shares:
    """Say how like neighbouring frames are, as CLIP sees them, and in how many clips more so than in frames apart."""
    moving, apart = (consistency(clip, each) for each in (drawn.moving, drawn.apart))
    return {
        "consistency": round(float(moving.mean()), 3),
        "consistency, frames apart": round(float(apart.mean()), 3),
        "more consistent": round(float((moving > apart).float().mean()), 3),
    }


def consistency(clip: Clip, frames: Tensor) -> Tensor:
    """Give the mean cosine of each frame of a clip and the next [n]."""
    vectors = clip.pictures(frames.flatten(0, 1)).view(*frames.shape[:2], -1)
    return (vectors[:, 1:] * vectors[:, :-1]).sum(-1).mean(1)


def main() -> None:
    """Evaluate, print the table and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "evaluation_motion.json")
    parser.add_argument("--weights", type=Path, default=HERE)
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    found = evaluate(weights=asked.weights, sheet=asked.sheet)
    told = {"clips": COUNT, "steps": STEPS, "shares": found, "floors": dict(FLOORS), "goals": dict(GOALS)}
    asked.out.write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(table(found, TITLES, floors=FLOORS, goals=GOALS))


if __name__ == "__main__":
    main()
