"""Measure the denoiser on the 200 held-out prompts, beside the checker's own accuracy on real renders.

Run: python -m models.bauklotz.evaluate [--out FILE] [--device auto] [--weights DIR] [--sheet FILE]
"""

from pathlib import Path
from typing import Final

import torch

from models.bauklotz.captions import LANGUAGES, Language, Mention
from models.bauklotz.checker import Checker, load_checker
from models.bauklotz.device import device_of
from models.bauklotz.draw import draw, save_sheet
from models.bauklotz.generate import SCALE, STEPS, Parts
from models.bauklotz.json_file import write_json
from models.bauklotz.judge import judge
from models.bauklotz.options import options
from models.bauklotz.prompts import evaluation_prompts
from models.bauklotz.recipe import SHIPPED
from models.bauklotz.scene import held_out_scenes
from models.bauklotz.score import FLOORS, GOALS, Shares, score
from models.bauklotz.table import table

REAL: Final = 1000
COLUMNS: Final = {"real": "real renders", "en": "English", "de": "German"}


def evaluate(*, weights: Path = SHIPPED, device: str = "auto", sheet: Path | None = None) -> dict[str, Shares]:
    """Give the shares of right answers for real renders and for generated pictures of both languages."""
    torch.set_num_threads(1)
    kind = device_of(device)
    checker = load_checker(weights / "checker").to(kind)
    parts = Parts.load(weights / "text_to_image", device=kind)
    found = {"real": score_real(checker)}
    for language in LANGUAGES:
        picture_file = sheet and sheet.with_name(f"{sheet.stem}-{language}.png")
        found[language] = score_generated(checker, parts, language, sheet=picture_file)
    return found


def score_real(checker: Checker, *, count: int = REAL) -> Shares:
    """Let the checker read real renders of held-out combinations, the place in three of four."""
    scenes = held_out_scenes(12, count)
    mentions = tuple(Mention(position=row % 4 > 0) for row in range(count))
    return score(judge(checker, torch.from_numpy(draw(scenes))), scenes, mentions)


def score_generated(checker: Checker, parts: Parts, language: Language, *, sheet: Path | None = None) -> Shares:
    """Let the checker read what the denoiser draws for the evaluation prompts."""
    prompts = evaluation_prompts(language)
    picture = parts.generate(list(prompts.texts))
    if sheet:
        save_sheet(picture.numpy(), sheet, columns=20)
    return score(judge(checker, picture), prompts.scenes, prompts.mentions)


def main() -> None:
    """Evaluate, print the table and write the figures."""
    parser = options(__doc__, "evaluation.json")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--sheet", type=Path)
    asked = parser.parse_args()
    found = evaluate(weights=asked.weights, device=asked.device, sheet=asked.sheet)
    report = {"prompts": 200, "steps": STEPS, "scale": SCALE, "shares": found, "floors": FLOORS, "goals": GOALS}
    write_json(asked.out, report)
    print(table(found, COLUMNS, floors=FLOORS, goals=GOALS))


if __name__ == "__main__":
    main()
