"""Measure what the transformer writes for the 200 held-out prompts: one picture each, and the best of some by CLIP.

Run: python -m models.bauklotz.evaluate_dalle1 [--out FILE] [--device auto] [--weights DIR] [--sheet FILE]
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from models.bauklotz.captions import LANGUAGES
from models.bauklotz.checker import Checker, load_checker
from models.bauklotz.choice import Clip
from models.bauklotz.device import device_of
from models.bauklotz.draw import save_sheet
from models.bauklotz.imagine import Writer
from models.bauklotz.json_file import write_json
from models.bauklotz.judge import judge
from models.bauklotz.options import options
from models.bauklotz.prompts import Prompts, evaluation_prompts
from models.bauklotz.recipe import SHIPPED
from models.bauklotz.score import Shares, score
from models.bauklotz.table import table

CANDIDATES: Final = 4
SAMPLING: Final[Mapping[str, float]] = {"temperature": 1.0, "top_p": 0.95}
FLOORS: Final[Mapping[str, float]] = {"one/background": 0.9, "one/light": 0.9, "one/colour": 0.6}
GOALS: Final[Mapping[str, float]] = dict.fromkeys(FLOORS, 0.9)
COLUMNS: Final = {
    "en, one": "English, one",
    "de, one": "German, one",
    "en, best": "English, best",
    "de, best": "German, best",
}


def evaluate(*, weights: Path = SHIPPED, device: str = "auto", sheet: Path | None = None) -> dict[str, Shares]:
    """Give the shares of right answers by language, for the first picture and for the one that CLIP takes for best."""
    torch.set_num_threads(1)
    kind = device_of(device)
    checker = load_checker(weights / "checker").to(kind)
    writer, clip = Writer.load(weights, device=kind), Clip.load(weights / "clip")
    found = {}
    for language in LANGUAGES:
        prompts = evaluation_prompts(language)
        candidates = write_candidates(writer, prompts)
        best = best_by_clip(clip, prompts, candidates)
        found[f"{language}, one"] = _scored(checker, prompts, candidates[0])
        found[f"{language}, best"] = _scored(checker, prompts, best)
        if sheet:
            save_sheet(best.numpy(), sheet.with_name(f"{sheet.stem}-{language}.png"), columns=20)
    return found


def write_candidates(writer: Writer, prompts: Prompts) -> Tensor:
    """Write some pictures for each prompt: [candidates, prompts, 3, 64, 64]."""
    texts = list(prompts.texts)
    return torch.stack([writer.write(texts, seed=1000 * k, sampling=SAMPLING) for k in range(CANDIDATES)])


def best_by_clip(clip: Clip, prompts: Prompts, candidates: Tensor) -> Tensor:
    """Keep of each prompt's pictures the one that lies nearest to it."""
    texts = clip.texts(list(prompts.texts))
    near = torch.stack([(clip.pictures(pictures) * texts).sum(-1) for pictures in candidates])
    return candidates[near.argmax(0), torch.arange(len(texts))]


def _scored(checker: Checker, prompts: Prompts, pictures: Tensor) -> Shares:
    return score(judge(checker, pictures), prompts.scenes, prompts.mentions)


def main() -> None:
    """Evaluate, print the table and write the figures."""
    parser = options(__doc__, "evaluation_dalle1.json")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    found = evaluate(weights=asked.weights, device=asked.device, sheet=asked.sheet)
    report = {
        "prompts": 200,
        "candidates": CANDIDATES,
        "sampling": SAMPLING,
        "shares": found,
        "floors": FLOORS,
        "goals": GOALS,
    }
    write_json(asked.out, report)
    print(table(found, COLUMNS, floors=FLOORS, goals=GOALS))


if __name__ == "__main__":
    main()
