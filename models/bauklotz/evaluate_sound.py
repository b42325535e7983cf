"""Measure the sound model on 200 held-out captions in both languages, beside real sounds and the codec alone.

Run: python -m models.bauklotz.evaluate_sound [--out FILE] [--weights DIR]
"""

from dataclasses import asdict
from typing import Final

import numpy as np
import torch

from models.bauklotz.captions import LANGUAGES, Language
from models.bauklotz.json_file import write_json
from models.bauklotz.options import options
from models.bauklotz.play import play
from models.bauklotz.score import Shares
from models.bauklotz.sound import RATE, Sounds, held_out_sounds, training_sounds
from models.bauklotz.sound_score import FLOORS, GOALS, score_sounds
from models.bauklotz.sound_words import Said, random_said, sound_caption
from models.bauklotz.sound_writing import CHOSEN, SoundWriter
from models.bauklotz.table import table

SEED: Final = 20_261_122
COUNT: Final = 200
COLUMNS: Final = {
    "real": "real sounds",
    "codec": "through the codec",
    "en": "English",
    "de": "German",
    "heard": "English, heard combinations",
}


def captions(sounds: Sounds, language: Language) -> tuple[list[str], list[Said]]:
    """Give the frozen captions of sounds; the two languages name the same attributes."""
    saids = [random_said(np.random.default_rng((SEED, row))) for row in range(len(sounds))]
    rngs = [np.random.default_rng((SEED, row, 1)) for row in range(len(sounds))]
    return [sound_caption(sounds, row, said, language, rngs[row]) for row, said in enumerate(saids)], saids


def evaluate(writer: SoundWriter, *, count: int = COUNT) -> dict[str, Shares]:
    """Give the shares of right answers of real sounds, of sounds through the codec, and of written ones.

    All are held-out combinations, but those of `heard`.
    """
    sounds, everything = held_out_sounds(SEED, count), [Said()] * count
    real = play(sounds, SEED)
    return {
        "real": score_sounds(real, RATE, sounds, everything),
        "codec": score_sounds(writer.through_codec(real), RATE, sounds, everything),
        **{language: written(writer, sounds, language) for language in LANGUAGES},
        "heard": written(writer, training_sounds(SEED, count), "en"),
    }


def written(writer: SoundWriter, sounds: Sounds, language: Language) -> Shares:
    """Let it write sounds, and give the shares that are as they were named."""
    texts, saids = captions(sounds, language)
    return score_sounds(writer.write(texts, seed=SEED), RATE, sounds, saids)


def main() -> None:
    """Evaluate, print the table and write the figures."""
    asked = options(__doc__, "evaluation_sound.json").parse_args()
    torch.set_num_threads(1)
    found = evaluate(SoundWriter.load(asked.weights / "sound"))
    told = {"captions": COUNT, "settings": asdict(CHOSEN), "shares": found, "floors": FLOORS, "goals": GOALS}
    write_json(asked.out, told)
    print(table(found, COLUMNS, floors=FLOORS, goals=GOALS))


if __name__ == "__main__":
    main()
