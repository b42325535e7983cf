"""Measure the prior and the decoder on the 200 held-out prompts, and the decoder alone on what their pictures show.

The checker judges: of prompts, what they name; of variations, everything that the picture shows.
Run: python -m models.bauklotz.imagined [--out FILE] [--weights DIR] [--count N] [--sheet FILE]
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from models.bauklotz.captions import LANGUAGES, Mention
from models.bauklotz.checker import Checker, load_checker
from models.bauklotz.choice import Clip
from models.bauklotz.draw import draw, save_sheet
from models.bauklotz.generate import SCALE, STEPS, Parts
from models.bauklotz.json_file import write_json
from models.bauklotz.judge import judge
from models.bauklotz.options import options
from models.bauklotz.prompts import PAIRS, SINGLES, Prompts, evaluation_prompts
from models.bauklotz.reading import Read, read
from models.bauklotz.recipe import SHIPPED
from models.bauklotz.score import Shares, score
from models.bauklotz.table import table

PRIOR_SCALE: Final = 2.0
PRIOR_STEPS: Final = 20
COLUMNS: Final = {"en": "English", "de": "German", "variation": "variation"}
FLOORS: Final[Mapping[str, float]] = {"one/background": 0.9, "one/light": 0.9, "one/colour": 0.6}
GOALS: Final[Mapping[str, float]] = dict.fromkeys(FLOORS, 0.9)


@dataclass(frozen=True, slots=True)
class Imagination:
    """Everything from a text to an image embedding to a picture, in plain library parts."""

    clip: Clip
    prior: Any
    scheduler: Any
    projection: Any
    nothing: Tensor
    parts: Parts

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load the parts from the folder of all weights, in float32."""
        from diffusers import PriorTransformer, UnCLIPScheduler
        from diffusers.models.embeddings import IPAdapterPlusImageProjection

        weights = {name: t.float() for name, t in load_file(folder / "unclip" / "model.safetensors").items()}
        config = json.loads((folder / "unclip" / "config.json").read_text(encoding="utf-8"))
        nothing = weights.pop("nothing")
        projection = IPAdapterPlusImageProjection(**{k: v for k, v in config.items() if not k.startswith("_")}).eval()
        projection.load_state_dict({name.removeprefix("image_proj."): t for name, t in weights.items()})
        return cls(
            clip=Clip.load(SHIPPED / "clip"),
            prior=PriorTransformer.from_pretrained(folder / "prior" / "prior", torch_dtype=torch.float32).eval(),
            scheduler=UnCLIPScheduler.from_pretrained(folder / "prior" / "scheduler"),
            projection=projection,
            nothing=nothing,
            parts=Parts.load(SHIPPED / "text_to_image", device=torch.device("cpu")),
        )

    @torch.no_grad()
    def imagine(self, texts: list[str], *, seed: int = 0) -> Tensor:
        """Give an image embedding [n, width] for each text; text i draws its noise from seed + i."""
        text, nothing = read(self.clip, texts), read(self.clip, [""] * len(texts))
        both = Read(*(torch.cat(pair) for pair in zip(nothing, text, strict=True)))
        generators = [torch.Generator().manual_seed(seed + i) for i in range(len(texts))]
        x = torch.cat([torch.randn(1, both.embedding.shape[1], generator=each) for each in generators])
        self.scheduler.set_timesteps(PRIOR_STEPS)
        before = [*self.scheduler.timesteps[1:], None]
        for t, next_t in zip(self.scheduler.timesteps, before, strict=True):
            guess = self.prior(torch.cat([x, x]), t, *both).predicted_image_embedding
            without, with_text = guess.chunk(2)
            guided = without + PRIOR_SCALE * (with_text - without)
            x = self.scheduler.step(guided, t, x, next_t, generator=generators).prev_sample
        return F.normalize(self.prior.post_process_latents(x))

    @torch.no_grad()
    def decode(self, embedding: Tensor, *, seed: int = 0, batch: int = 25) -> Tensor:
        """Draw a picture [n, 3, 64, 64] for each embedding; embedding i draws its noise from seed + i."""
        drawn = []
        for start in range(0, len(embedding), batch):
            prompt = self.projection(embedding[start : start + batch][:, None])
            empty = self.nothing.expand(len(prompt), -1, -1)
            drawn.append(self.parts.generate_from(prompt, empty, seed=seed + start))
        return torch.cat(drawn)


def evaluate(*, weights: Path = SHIPPED, count: int = SINGLES, sheet: Path | None = None) -> dict[str, Shares]:
    """Give the shares of right answers for prompts of both languages, and for variations of real renders."""
    torch.set_num_threads(1)
    checker, mind = load_checker(SHIPPED / "checker"), Imagination.load(weights)
    found: dict[str, Shares] = {}
    for language in LANGUAGES:
        asked = _first(evaluation_prompts(language), count)
        picture = mind.decode(mind.imagine(list(asked.texts)))
        found[language] = score(judge(checker, picture), asked.scenes, asked.mentions)
        _show(picture, sheet, language)
    found["variation"] = _vary(checker, mind, _first(evaluation_prompts("en"), count), sheet)
    return found


def _vary(checker: Checker, mind: Imagination, asked: Prompts, sheet: Path | None) -> Shares:
    real = torch.from_numpy(draw(asked.scenes))
    picture = mind.decode(mind.clip.pictures(real))
    _show(torch.stack([real, picture], dim=1).flatten(0, 1), sheet, "variation")
    return score(judge(checker, picture), asked.scenes, (Mention(),) * len(real))


def _first(asked: Prompts, count: int) -> Prompts:
    """Take the first so many prompts of one object, and as many of two."""
    rows = [*range(min(count, SINGLES)), *range(SINGLES, SINGLES + min(count, PAIRS))]
    texts, mentions = (tuple(each[row] for row in rows) for each in (asked.texts, asked.mentions))
    return Prompts(asked.scenes[np.array(rows)], texts, mentions)


def _show(picture: Tensor, sheet: Path | None, name: str) -> None:
    if sheet is not None:
        save_sheet(picture.numpy(), sheet.with_name(f"{sheet.stem}-{name}.png"), columns=20)


def main() -> None:
    """Evaluate, print the table and write the figures."""
    parser = options(__doc__, "evaluation_dalle2.json")
    parser.add_argument("--count", type=int, default=SINGLES)
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    found = evaluate(weights=asked.weights, count=asked.count, sheet=asked.sheet)
    settings = {"steps": STEPS, "scale": SCALE, "prior_steps": PRIOR_STEPS, "prior_scale": PRIOR_SCALE}
    prompts = min(asked.count, SINGLES) + min(asked.count, PAIRS)
    report = {"prompts": prompts, **settings, "shares": found, "floors": FLOORS, "goals": GOALS}
    write_json(asked.out, report)
    print(table(found, COLUMNS, floors=FLOORS, goals=GOALS))


if __name__ == "__main__":
    main()
