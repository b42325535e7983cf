"""The frozen list of held-out evaluation prompts: 100 scenes of one object, 100 of two, each in English and German.

Guarantees
1. The list is the same in every process; its digest is pinned by a test.
2. Every scene shows a combination that no training scene shows.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from models.bauklotz.captions import Language, Mention, caption, random_mention
from models.bauklotz.scene import Scenes, held_out_scenes, join

SEED: Final = 20_261_121
SINGLES: Final = 100
PAIRS: Final = 100


@dataclass(frozen=True, slots=True)
class Prompts:
    """Scenes to be drawn, what is said of each, and what of it was named."""

    scenes: Scenes
    texts: tuple[str, ...]
    mentions: tuple[Mention, ...]


def evaluation_prompts(language: Language) -> Prompts:
    """Give the 200 prompts; the two languages name the same attributes of the same scenes."""
    scenes = join([held_out_scenes(SEED, SINGLES, pairs=0), held_out_scenes(SEED, PAIRS, pairs=1)])
    rows = range(len(scenes))
    mentions = tuple(_mention(row, is_pair=bool(scenes.is_pair[row])) for row in rows)
    texts = tuple(caption(scenes, row, mentions[row], language, np.random.default_rng((SEED, row, 1))) for row in rows)
    return Prompts(scenes, texts, mentions)


def _mention(row: int, *, is_pair: bool) -> Mention:
    """Name the background always: it is part of what was held out."""
    return replace(random_mention(np.random.default_rng((SEED, row)), is_pair=is_pair), background=True)
