"""Measure how well a language model expects the captions of held-out scenes, beside counting pairs of words.

Run: python -m models.bauklotz.speech [--weights DIR] [--out FILE]
"""

import itertools
import json
from collections import Counter
from typing import Any, Final

import numpy as np
import torch

from models.bauklotz.captions import LANGUAGES, Language, caption, random_mention
from models.bauklotz.json_file import write_json
from models.bauklotz.options import options
from models.bauklotz.scene import Scenes, held_out_scenes, training_scenes

SEED: Final = 20_261_124
COUNT: Final = 500
COUNTED: Final = 20_000
"""How many captions of training scenes the pairs of words are counted in."""


def bits(model: Any, tokenizer: Any, *, count: int = COUNT) -> dict[str, float]:
    """Give the bits that each token of a held-out caption costs, in each language."""
    scenes = held_out_scenes(SEED, count)
    return {language: bits_of(model, tokenizer, said(scenes, language)) for language in LANGUAGES}


def said(scenes: Scenes, language: Language) -> list[str]:
    """Say each scene in a language, the same at every call."""
    rngs = [np.random.default_rng((SEED, row)) for row in range(len(scenes))]
    return [
        caption(scenes, row, random_mention(rng, is_pair=bool(scenes.is_pair[row])), language, rng)
        for row, rng in enumerate(rngs)
    ]


@torch.no_grad()
def bits_of(model: Any, tokenizer: Any, texts: list[str]) -> float:
    """Give the bits that each token of the texts costs, the first not counted."""
    device = next(model.parameters()).device
    total, tokens = 0.0, 0
    for start in range(0, len(texts), 100):
        padded = tokenizer(texts[start : start + 100], padding=True, return_tensors="pt").to(device)
        chances = model(input_ids=padded.input_ids, use_cache=False).logits[:, :-1].float().log_softmax(-1)
        told = chances.gather(2, padded.input_ids[:, 1:, None])[..., 0] * padded.attention_mask[:, 1:]
        total -= float(told.sum()) / float(np.log(2))
        tokens += int(padded.attention_mask[:, 1:].sum())
    return total / tokens


def counted(tokenizer: Any, language: Language, *, count: int = COUNT, learned: int = COUNTED) -> float:
    """Give the bits a token costs if only the one before it is looked at (pairs counted, one added to each)."""
    pairs: Counter[tuple[int, int]] = Counter()
    firsts: Counter[int] = Counter()
    for ids in tokenizer(said(training_scenes(SEED, learned), language))["input_ids"]:
        pairs.update(itertools.pairwise(ids))
        firsts.update(ids[:-1])
    total, tokens = 0.0, 0
    for ids in tokenizer(said(held_out_scenes(SEED, count), language))["input_ids"]:
        for one, other in itertools.pairwise(ids):
            total -= float(np.log2((pairs[one, other] + 1) / (firsts[one] + len(tokenizer))))
            tokens += 1
    return total / tokens


def main() -> None:
    """Evaluate, print the figures and write them."""
    from transformers import CLIPTokenizer, GPT2LMHeadModel

    asked = options(__doc__, "evaluation_language.json").parse_args()
    torch.set_num_threads(1)
    folder = asked.weights / "language"
    tokenizer = CLIPTokenizer.from_pretrained(folder)
    model = GPT2LMHeadModel.from_pretrained(folder, dtype=torch.float32).eval()
    pairs = {language: counted(tokenizer, language) for language in LANGUAGES}
    report = {"captions": COUNT, "bits": {"model": bits(model, tokenizer), "pairs of words": pairs}}
    write_json(asked.out, report)
    print(json.dumps(report["bits"], indent=2))


if __name__ == "__main__":
    main()
