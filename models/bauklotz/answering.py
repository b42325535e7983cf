"""Measure what a network says of held-out scenes: answers to questions, and what a caption names, by attribute.

Run: python -m models.bauklotz.answering [--weights DIR] [--out FILE]
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from models.bauklotz.asking import asks, describe
from models.bauklotz.captions import LANGUAGES
from models.bauklotz.draw import draw
from models.bauklotz.json_file import write_json
from models.bauklotz.naming import judged
from models.bauklotz.options import options
from models.bauklotz.reader import LENGTH, open_reader
from models.bauklotz.scene import held_out_scenes
from models.bauklotz.score import Shares, by_attribute
from models.bauklotz.table import table

SEED: Final = 20_261_123
COUNT: Final = 200
"""How many held-out scenes there are of one object, and of two."""
KINDS: Final[Mapping[str, float]] = {"one": 0.0, "two": 1.0}
FLOORS: Final[Mapping[str, float]] = {
    f"{kind}/{name}": floor for kind in KINDS for name, floor in (("background", 0.9), ("colour", 0.9), ("shape", 0.7))
}
COLUMNS: Final = tuple(f"{what} {language}" for language in LANGUAGES for what in ("answers", "captions"))
GOALS: Final[Mapping[str, float]] = dict.fromkeys(FLOORS, 0.95)


def evaluate(model: Any, tokenizer: Any, *, count: int = COUNT) -> dict[str, Shares]:
    """Give the shares of right answers and of right captions in each language, by number of objects and attribute."""
    right: dict[str, dict[str, list[bool]]] = {column: defaultdict(list) for column in COLUMNS}
    for kind, pairs in KINDS.items():
        scenes = held_out_scenes(SEED, count, pairs=pairs)
        seen = see(model, torch.from_numpy(draw(scenes)))
        for language in LANGUAGES:
            asked = [(row, each) for row in range(count) for each in asks(scenes, row, language)]
            rows = torch.tensor([row for row, _ in asked])
            said = answer(model, tokenizer, seen[rows], [each.text for _, each in asked])
            answered = [
                (each.attribute, words == each.answer.lower()) for (_, each), words in zip(asked, said, strict=True)
            ]
            _add(right[f"answers {language}"], kind, answered)
            said = answer(model, tokenizer, seen, [describe(language)] * count)
            named = [item for row, words in enumerate(said) for item in judged(words, scenes, row, language).items()]
            _add(right[f"captions {language}"], kind, named)
    return {column: by_attribute(answers) for column, answers in right.items()}


def _add(right: dict[str, list[bool]], kind: str, found: Iterable[tuple[str, bool]]) -> None:
    for name, each in found:
        right[f"{kind}/{name}"].append(each)


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


def main() -> None:
    """Evaluate, print the table and write the figures."""
    from transformers import CLIPTokenizer

    asked = options(__doc__, "evaluation_pictures.json").parse_args()
    torch.set_num_threads(1)
    folder = asked.weights / "pictures"
    found = evaluate(open_reader(folder), CLIPTokenizer.from_pretrained(folder))
    report = {"scenes": 2 * COUNT, "shares": found, "floors": FLOORS, "goals": GOALS}
    write_json(asked.out, report)
    print(table(found, {column: column for column in COLUMNS}, floors=FLOORS, goals=GOALS))


if __name__ == "__main__":
    main()
