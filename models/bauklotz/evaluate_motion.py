"""Measure the motion adapter on held-out clips in both languages: what moves, read by pixels, and how steadily.

Some clips are drawn from a text that says what moves, and no more. Their frames are drawn twice again with nothing that
holds neighbours together: each in a film of its own, in which it shows the same moment; and each as a picture, without
the adapter. They are drawn once more with the first frame given: does the rest have its ground, which no text names?

Where a text says more, and perhaps all there is to see, pictures alone are alike too, and stand still: more so than
what moves, even if code draws it. Those figures begin with "told".
Run: python -m models.bauklotz.evaluate_motion [--out FILE] [--weights DIR] [--sheet FILE]
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from models.bauklotz.captions import BAREST, LANGUAGES, Language, Mention, random_mention
from models.bauklotz.choice import Clip
from models.bauklotz.draw import save_sheet
from models.bauklotz.films import Films
from models.bauklotz.json_file import write_json
from models.bauklotz.moving import FRAMES, MOTIONS, Clips, clip_caption, film, held_out_clips
from models.bauklotz.neighbours import features, load_dino
from models.bauklotz.options import options
from models.bauklotz.recipe import SHIPPED
from models.bauklotz.scene import Floats, Ints
from models.bauklotz.score import Named, Shares
from models.bauklotz.table import table
from models.bauklotz.vocabulary import DARKNESS, RGB
from models.bauklotz.watching import ground_of, read_motion

SEED: Final = 20_261_123
COUNT: Final = 80
"""How many clips there are in each language."""
APART: Final = 12
"""How many of them are drawn in the other ways too."""
GROUNDS: Final = np.concatenate([RGB, DARKNESS * RGB])
"""What grounds look like, in bright and in dark light [14, 3]."""
STEPS: Final = 8
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "direction": ("left", "right", "up", "down"),
    "growing": ("grow", "shrink"),
    "turning": ("turn",),
    "appearing": ("appear",),
    "all": MOTIONS,
}
FLOORS: Final[Mapping[str, float]] = {"direction": 0.5}
GOALS: Final[Mapping[str, float]] = {"direction": 0.9}

Look = Callable[[Tensor], Tensor]
TITLES: Final = {"n": "clips", "real": "drawn by code", "en": "English", "de": "German"}
COLUMNS: Final = ("real", *LANGUAGES)


def captions(clips: Clips, language: Language, mention: Mention | None = None) -> list[str]:
    """Give the frozen captions; the two languages name the same attributes of the same clips."""
    drawn = (np.random.default_rng((SEED, row)) for row in range(len(clips)))
    mentions = [mention or random_mention(rng, is_pair=False) for rng in drawn]
    rngs = [np.random.default_rng((SEED, row, 1)) for row in range(len(clips))]
    return [clip_caption(clips, row, mentions[row], language, rngs[row]) for row in range(len(clips))]


def evaluate(*, weights: Path = SHIPPED, count: int = COUNT, sheet: Path | None = None) -> dict[str, Shares]:
    """Give the shares of right motions of real clips and by language, and how steady the frames of clips are."""
    torch.set_num_threads(1)
    films = Films.load(weights, device=torch.device("cpu"))
    dino = partial(features, load_dino(weights / "dino"))
    looks: dict[str, Look] = {"CLIP": Clip.load(weights / "clip").pictures, "DINO": dino}
    clips = held_out_clips(SEED, count)
    real = film(clips)
    found = {"n": _counts(clips), "real": score_motion(real, clips)}
    for language in LANGUAGES:
        texts = captions(clips, language)
        moving = films.generate(texts, seed=SEED, steps=STEPS)
        told = {"pictures": draw_pictures(films, texts[:APART])}
        more = _told(steadiness(looks, moving[:APART], told)) | measure_bare(films, looks, clips, language)
        found["n"] |= dict.fromkeys(more, float(APART))
        found[language] = score_motion(moving.numpy(), clips) | more
        if language == "en":
            found["real"] |= _told(steadiness(looks, torch.from_numpy(real[:APART]), told))
        if sheet:
            shown, file = moving.flatten(0, 1).numpy(), sheet.with_name(f"{sheet.stem}-{language}.png")
            save_sheet(shown, file, columns=FRAMES * 2)
    return found


def measure_bare(films: Films, looks: Mapping[str, Look], clips: Clips, language: Language) -> Shares:
    """Measure films whose text says no more than what moves: how steady they are, and whether they keep to a frame."""
    some = clips[slice(0, APART)]
    texts, real = captions(some, language, BAREST), film(some)
    free = films.generate(texts, seed=SEED, steps=STEPS)
    found = steadiness(looks, free, {"films": draw_mixed(films, texts), "pictures": draw_pictures(films, texts)})
    first = films.encode(torch.from_numpy(real[:, :1]))[:, 0]
    begun = films.generate(texts, seed=SEED, steps=STEPS, first=first)
    for name, drawn in {"ground of a given frame": begun, "the same, not given": free}.items():
        found[name] = float((_grounds(drawn[:, 1:].numpy()) == _grounds(real)).mean())
    return found


def draw_mixed(films: Films, texts: list[str]) -> Tensor:
    """Draw each frame of a clip in a film of its own [n, frames, 3, 64, 64]."""
    every = torch.arange(films.frames)
    drawn = films.generate([text for text in texts for _ in every], seed=SEED + len(texts), steps=STEPS)
    return drawn.view(len(texts), films.frames, *drawn.shape[1:])[:, every, every]


def draw_pictures(films: Films, texts: list[str]) -> Tensor:
    """Draw the frames of each clip as pictures, without the adapter [n, frames, 3, 64, 64]."""
    drawn = films.parts.generate([text for text in texts for _ in range(films.frames)], seed=SEED, steps=STEPS)
    return drawn.view(len(texts), films.frames, *drawn.shape[1:])


def score_motion(frames: Floats, clips: Clips) -> Shares:
    """Give the share of clips of each kind that do what was asked, as their pixels say."""
    right = read_motion(frames) == clips.motion
    return {name: float(right[of].mean()) for name, of in _kinds(clips).items()}


def _counts(clips: Clips) -> Shares:
    return {name: float(of.sum()) for name, of in _kinds(clips).items()}


def _kinds(clips: Clips) -> dict[str, Named]:
    rows = {name: np.isin(clips.motion, [MOTIONS.index(each) for each in kind]) for name, kind in KINDS.items()}
    return {name: of for name, of in rows.items() if of.any()}


def _grounds(frames: Floats) -> Ints:
    """Name the ground of clips [n], by the colour that is nearest to it on average."""
    distance = np.linalg.norm(ground_of(frames).mean(1)[:, None] - GROUNDS, axis=-1)
    nearest: Ints = distance.argmin(1)
    return nearest


def steadiness(looks: Mapping[str, Look], moving: Tensor, others: Mapping[str, Tensor]) -> Shares:
    """Say how like neighbouring frames are as networks see them, and in how many clips more so than in others."""
    found = {}
    for name, look in looks.items():
        here = consistency(look, moving)
        found[f"steady, {name}"] = float(here.mean())
        for other, frames in others.items():
            there = consistency(look, frames)
            found[f"{other} apart, {name}"] = float(there.mean())
            found[f"steadier than {other}, {name}"] = float((here > there).float().mean())
    return found


def _told(found: Shares) -> Shares:
    return {f"told: {name}": share for name, share in found.items()}


def consistency(look: Look, frames: Tensor) -> Tensor:
    """Give the mean cosine of each frame of a clip and the next [n]."""
    vectors = look(frames.flatten(0, 1)).view(*frames.shape[:2], -1)
    return F.cosine_similarity(vectors[:, 1:], vectors[:, :-1], dim=-1).mean(1)


def main() -> None:
    """Evaluate, print the table and write the figures."""
    parser = options(__doc__, "evaluation_motion.json")
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    found = evaluate(weights=asked.weights, sheet=asked.sheet)
    told = {"apart": APART, "steps": STEPS, "shares": found, "floors": dict(FLOORS), "goals": dict(GOALS)}
    write_json(asked.out, told)
    print(table(found, TITLES, floors=FLOORS, goals=GOALS))


if __name__ == "__main__":
    main()
