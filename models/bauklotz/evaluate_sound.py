"""Measure the sound model on 200 held-out captions in both languages, beside real sounds and the codec alone.

Run: python -m models.bauklotz.evaluate_sound [--out FILE] [--weights DIR]
"""

import argparse
import json
from pathlib import Path
from typing import Final

import numpy as np
import torch

from models.bauklotz.captions import LANGUAGES, Language
from models.bauklotz.play import play
from models.bauklotz.sound import RATE, held_out_sounds
from models.bauklotz.sound_score import FLOORS, GOALS, score_sounds
from models.bauklotz.sound_words import Said, random_said, sound_caption

HERE: Final = Path(__file__).parent
SEED: Final = 20_261_122
COUNT: Final = 200
BATCH: Final = 20
SCALE: Final = 3.0


def prompts(language: Language) -> tuple[list[str], list[Said]]:
    """Give the frozen captions; the two languages name the same attributes of the same sounds."""
    sounds = held_out_sounds(SEED, COUNT)
    saids = [random_said(np.random.default_rng((SEED, row))) for row in range(COUNT)]
    rngs = [np.random.default_rng((SEED, row, 1)) for row in range(COUNT)]
    return [sound_caption(sounds, row, saids[row], language, rngs[row]) for row in range(COUNT)], saids


def evaluate(*, weights: Path = HERE) -> dict[str, dict[str, float]]:
    """Give the shares of right answers of real sounds, of sounds through the codec, and of written ones."""
    from transformers import AutoTokenizer, MusicgenForConditionalGeneration

    torch.set_num_threads(1)
    folder = weights / "sound"
    model = MusicgenForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    sounds, named = held_out_sounds(SEED, COUNT), [Said()] * COUNT
    real = play(sounds, SEED)
    with torch.inference_mode():
        codes = model.audio_encoder.encode(torch.from_numpy(real)[:, None]).audio_codes
        through = model.audio_encoder.decode(codes, [None]).audio_values[:, 0].numpy()
    found = {
        "real": score_sounds(real, RATE, sounds, named),
        "codec": score_sounds(through, RATE, sounds, named),
    }
    steps = codes.shape[-1] + codes.shape[2] - 1
    for language in LANGUAGES:
        texts, saids = prompts(language)
        made = []
        for start in range(0, COUNT, BATCH):
            torch.manual_seed(start)
            tokens = tokenizer(texts[start : start + BATCH], padding=True, return_tensors="pt")
            given = {name: tokens[name] for name in ("input_ids", "attention_mask")}
            made.append(
                model.generate(**given, do_sample=True, guidance_scale=SCALE, top_k=50, max_new_tokens=steps)[:, 0]
            )
        found[language] = score_sounds(torch.cat(made).numpy(), RATE, sounds, saids)
    return found


def main() -> None:
    """Evaluate, print, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "evaluation_sound.json")
    parser.add_argument("--weights", type=Path, default=HERE)
    asked = parser.parse_args()
    found = evaluate(weights=asked.weights)
    told = {"shares": found, "floors": dict(FLOORS), "goals": dict(GOALS), "captions": COUNT}
    asked.out.write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(asked.out.read_text(encoding="utf-8"), end="")


if __name__ == "__main__":
    main()
