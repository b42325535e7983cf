"""Measure CLIP by attribute choice: of a text and the same text with one attribute replaced, which one is nearer.

Retrieval would not show what a CLIP sees: colours and light alone find one picture among many.
Run: python -m models.bauklotz.choice [--weights DIR] [--out FILE]
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from torch import Tensor

from models.bauklotz.captions import LANGUAGES, Language, random_mention
from models.bauklotz.choosing import COLUMNS, chosen
from models.bauklotz.draw import draw
from models.bauklotz.fragments import FRAGMENTS, fragment, value
from models.bauklotz.json_file import write_json
from models.bauklotz.options import options
from models.bauklotz.questions import What, questions, say
from models.bauklotz.scene import Scenes, held_out_scenes, join
from models.bauklotz.score import Shares, shares_of
from models.bauklotz.sentence import Rng
from models.bauklotz.table import table
from models.bauklotz.told import holds, told

SEED: Final = 20_261_122
COUNT: Final = 400
"""How many held-out scenes there are of one object, and of two."""

FLOORS: Final[Mapping[str, float]] = {
    f"{kind}/{name}": 0.7 if name == "shape" else 0.9
    for kind in ("one", "two")
    for name in ("shape", "colour", "background", "light")
}
GOALS: Final[Mapping[str, float]] = dict.fromkeys(FLOORS, 0.95)


@dataclass(frozen=True, slots=True)
class Clip:
    """An open_clip model that embeds pictures and texts as unit vectors."""

    model: Any
    tokenizer: Callable[[list[str]], Tensor]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load a folder in open_clip's layout, in float32."""
        import open_clip

        name = f"local-dir:{folder}"
        model = open_clip.create_model(name, precision="fp32").eval()
        return cls(model, open_clip.get_tokenizer(name))

    @torch.no_grad()
    def pictures(self, picture: Tensor) -> Tensor:
        """Embed pictures [n, 3, 64, 64] in 0..1 as [n, width]."""
        parts = torch.split((picture * 2 - 1).to(self._device), 100)
        return torch.cat([self.model.encode_image(part, normalize=True) for part in parts]).cpu()

    @torch.no_grad()
    def texts(self, texts: list[str]) -> Tensor:
        """Embed texts as [n, width]."""
        parts = [self.tokenizer(texts[i : i + 256]).to(self._device) for i in range(0, len(texts), 256)]
        return torch.cat([self.model.encode_text(part, normalize=True) for part in parts]).cpu()

    @property
    def _device(self) -> torch.device:
        return next(iter(self.model.parameters())).device  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Trial:
    """Scenes to choose texts for, and what the texts name of each; every text names the background."""

    scenes: Scenes
    whats: tuple[What, ...]

    def texts(self, language: Language) -> list[str]:
        """Say what is true of each scene."""
        return [say(self.scenes, row, what, language, seed=row) for row, what in enumerate(self.whats)]


def trial(count: int = COUNT) -> Trial:
    """Give `count` held-out scenes of one object and as many of two."""
    scenes = join([held_out_scenes(SEED, count, pairs=0), held_out_scenes(SEED, count, pairs=1)])
    rngs = [np.random.default_rng((SEED, row)) for row in range(len(scenes))]
    return Trial(scenes, tuple(_named(rng, is_pair=bool(pair)) for rng, pair in zip(rngs, scenes.is_pair, strict=True)))


def _named(rng: Rng, *, is_pair: bool) -> What:
    return replace(random_mention(rng, is_pair=is_pair), background=True)


def evaluate(clip: Clip, *, count: int = COUNT) -> dict[str, Shares]:
    """Give the shares of right choices by language and attribute, and `n`, how many choices each is made of."""
    asked = trial(count)
    pictures = clip.pictures(torch.from_numpy(draw(asked.scenes)))
    return shares_of({language: choices(clip, asked, pictures, language) for language in LANGUAGES})


def choices(clip: Clip, asked: Trial, pictures: Tensor, language: Language) -> dict[str, list[bool]]:
    """Say of each choice whether it was right: all values of an attribute, then search and zero-shot."""
    right: dict[str, list[bool]] = defaultdict(list)
    for row, what in enumerate(asked.whats):
        kind = "two" if asked.scenes.is_pair[row] else "one"
        said = partial(say, what=what, language=language, seed=row)
        asks, true = questions(asked.scenes, row, what), said(asked.scenes, row)
        for name, each in chosen(asks, said, true=true, embed=clip.texts, vector=pictures[row]):
            right[f"{kind}/{name}"].append(each)
    right["search/text of a picture"] = _search(clip, asked, pictures, language)
    for name in FRAGMENTS:
        right[f"zero-shot/{name}"] = _zero_shot(clip, asked.scenes, pictures, name, language)
    return right


def _search(clip: Clip, asked: Trial, pictures: Tensor, language: Language) -> list[bool]:
    """Say of each picture whether the nearest of all texts is true of it."""
    nearest = (pictures @ clip.texts(asked.texts(language)).T).argmax(1).numpy()
    true = holds(told(asked.scenes, asked.whats), asked.scenes)
    return [bool(true[text, row]) for row, text in enumerate(nearest)]


def _zero_shot(clip: Clip, scenes: Scenes, pictures: Tensor, name: str, language: Language) -> list[bool]:
    """Say of each picture of one object whether the nearest class name is right."""
    words = FRAGMENTS[name]
    classes = clip.texts([fragment(name, word, language, np.random.default_rng(0)) for word in words])
    nearest = (pictures @ classes.T).argmax(1)
    rows = np.flatnonzero(~scenes.is_pair)
    return [words[nearest[row]] == value(scenes, int(row), name) for row in rows]


def main() -> None:
    """Evaluate, print the table and write the figures."""
    asked = options(__doc__, "evaluation_clip.json").parse_args()
    torch.set_num_threads(1)
    found = evaluate(Clip.load(asked.weights / "clip"))
    report = {"scenes": 2 * COUNT, "shares": found, "floors": FLOORS, "goals": GOALS}
    write_json(asked.out, report)
    print(table(found, COLUMNS, floors=FLOORS, goals=GOALS))


if __name__ == "__main__":
    main()
