"""Measure what a network says of held-out scenes: answers to questions, and what a caption names, by attribute.

Run: python -m models.bauklotz.answering [--weights DIR] [--out FILE]
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from models.bauklotz.asking import DESCRIBE, asks
from models.bauklotz.draw import draw
from models.bauklotz.reader import LENGTH, open_reader
from models.bauklotz.scene import Scenes, held_out_scenes
from models.bauklotz.score import Shares
from models.bauklotz.table import table
from models.bauklotz.vocabulary import COLOURS, LIGHTS, SHAPES, STYLES

HERE: Final = Path(__file__).parent
SEED: Final = 20_261_123
COUNT: Final = 200
"""How many held-out scenes there are of one object, and of two."""
KINDS: Final[Mapping[str, float]] = {"one": 0.0, "two": 1.0}
FLOORS: Final[Mapping[str, float]] = {
    f"{kind}/{name}": floor for kind in KINDS for name, floor in (("background", 0.9), ("colour", 0.9), ("shape", 0.7))
}
GOALS: Final[Mapping[str, float]] = dict.fromkeys(FLOORS, 0.95)

_COLOUR: Final = "|".join(COLOURS)
_ALIKE: Final = {"disc": "circle", "plus sign": "cross"}
_THING: Final = re.compile(rf"\b({_COLOUR}) ({'|'.join((*SHAPES, *_ALIKE))})\b")
_GROUND: Final = re.compile(rf"\b({_COLOUR}) background\b|\bon ({_COLOUR})\b(?! (?:{'|'.join((*SHAPES, *_ALIKE))}))")
_DARK: Final = re.compile(r"\b(?:dark|night)\b")
_BRIGHT: Final = re.compile(r"\b(?:bright|day)\b")
_STYLES: Final = {"outlined": r"\boutlined?\b", "striped": r"\bstripe[ds]\b", "flat": r"\b(?:flat|plain)\b"}


def evaluate(model: Any, tokenizer: Any, *, count: int = COUNT) -> dict[str, Shares]:
    """Give the shares of right answers and of right captions, by number of objects and attribute."""
    answers: dict[str, list[bool]] = defaultdict(list)
    captions: dict[str, list[bool]] = defaultdict(list)
    for kind, pairs in KINDS.items():
        scenes = held_out_scenes(SEED, count, pairs=pairs)
        seen = see(model, torch.from_numpy(draw(scenes)))
        asked = [(row, each) for row in range(count) for each in asks(scenes, row)]
        rows = torch.tensor([row for row, _ in asked])
        said = answer(model, tokenizer, seen[rows], [each.text for _, each in asked])
        for (_, each), words in zip(asked, said, strict=True):
            answers[f"{kind}/{each.attribute}"].append(words == each.answer)
        for row, words in enumerate(answer(model, tokenizer, seen, [DESCRIBE] * count)):
            for name, right in judged(words, scenes, row).items():
                captions[f"{kind}/{name}"].append(right)
    return {"answers": _shares(answers), "captions": _shares(captions)}


def judged(words: str, scenes: Scenes, row: int) -> dict[str, bool]:
    """Say of a caption which attributes it names rightly; one that it leaves out is wrong."""
    objects = [k for k in (0, 1) if scenes.shape[row, k] >= 0]
    true = [(COLOURS[scenes.colour[row, k]], SHAPES[scenes.shape[row, k]]) for k in objects]
    said = [(colour, _ALIKE.get(shape, shape)) for colour, shape in _THING.findall(words)]
    ground = _GROUND.search(words)
    light = "dark" if _DARK.search(words) else "bright" if _BRIGHT.search(words) else ""
    styles = [name for name, pattern in _STYLES.items() if re.search(pattern, words)]
    return {
        "colour": sorted(colour for colour, _ in said) == sorted(colour for colour, _ in true),
        "shape": sorted(shape for _, shape in said) == sorted(shape for _, shape in true),
        "binding": sorted(said) == sorted(true),
        "background": ground is not None and COLOURS[scenes.background[row]] in ground.groups(),
        "light": light == LIGHTS[scenes.light[row]],
        "style": styles == [STYLES[scenes.style[row]]],
    }


@torch.no_grad()
def see(model: Any, picture: Tensor) -> Tensor:
    """See pictures [n, 3, 64, 64] in 0..1 as vectors."""
    device = next(model.parameters()).device
    return torch.cat([model.vision_model((part * 2 - 1).to(device))[0] for part in torch.split(picture, 100)])


@torch.no_grad()
def answer(model: Any, tokenizer: Any, seen: Tensor, texts: list[str]) -> list[str]:
    """Answer a question about each picture, by the library's greedy `generate`; questions of a length go together."""
    lengths = [len(ids) for ids in tokenizer(texts)["input_ids"]]
    found = [""] * len(texts)
    for length in sorted(set(lengths)):
        rows = [row for row, each in enumerate(lengths) if each == length]
        for part in np.array_split(rows, -(-len(rows) // 200)):
            given = _answers(model, tokenizer, seen[torch.from_numpy(part)], [texts[row] for row in part])
            for row, words in zip(part, given, strict=True):
                found[row] = words
    return found


def _answers(model: Any, tokenizer: Any, seen: Tensor, texts: list[str]) -> list[str]:
    config = model.config.text_config
    ids = tokenizer(texts, return_tensors="pt").input_ids.to(seen.device)
    ones = torch.ones(seen.shape[:2], dtype=torch.long, device=seen.device)
    states = model.text_encoder(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        encoder_hidden_states=seen,
        encoder_attention_mask=ones,
    ).last_hidden_state
    written = model.text_decoder.generate(
        input_ids=torch.full((len(texts), 1), config.bos_token_id, device=seen.device),
        attention_mask=torch.ones(len(texts), 1, dtype=torch.long, device=seen.device),
        eos_token_id=config.sep_token_id,
        pad_token_id=config.pad_token_id,
        encoder_hidden_states=states,
        encoder_attention_mask=torch.ones(states.shape[:2], dtype=torch.long, device=seen.device),
        do_sample=False,
        max_new_tokens=LENGTH - 2,
    )
    return [words.strip() for words in tokenizer.batch_decode(written, skip_special_tokens=True)]


def _shares(right: Mapping[str, list[bool]]) -> Shares:
    return {name: float(np.mean(answers)) for name, answers in sorted(right.items())}


def main() -> None:
    """Evaluate, print the table and write the figures."""
    from transformers import CLIPTokenizer

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "evaluation_pictures.json")
    parser.add_argument("--weights", type=Path, default=HERE)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    folder = asked.weights / "pictures"
    found = evaluate(open_reader(folder), CLIPTokenizer.from_pretrained(folder))
    report = {"scenes": 2 * COUNT, "shares": found, "floors": FLOORS, "goals": GOALS}
    asked.out.write_text(json.dumps(report, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    columns = {kind: kind for kind in ("answers", "captions")}
    print(table(found, columns, floors=FLOORS, goals=GOALS))


if __name__ == "__main__":
    main()
