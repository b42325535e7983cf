"""Measure how the sound model is best asked, on sounds that the evaluation does not ask for.

Run: python -m models.bauklotz.sound_settings [--weights DIR]
"""

import argparse
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
import torch

from models.bauklotz.recipe import SHIPPED
from models.bauklotz.score import Shares
from models.bauklotz.sound import RATE, held_out_sounds, join_sounds, training_sounds
from models.bauklotz.sound_score import score_sounds
from models.bauklotz.sound_words import say_in_turns
from models.bauklotz.sound_writing import Settings, SoundWriter

SEED: Final = 16
COUNT: Final = 50
"""How many sounds of each kind: combinations that were heard in training, and held-out ones."""
GRID: Final = tuple(
    Settings(temperature=temperature, top_k=top_k, scale=scale)
    for temperature, top_k, scale in product((0.3, 0.6, 1.0), (20, 250), (1.0, 1.3, 1.6, 2.0))
)


def measured(writer: SoundWriter, settings: Settings) -> Shares:
    """Give the shares of right answers in both languages together, by attribute."""
    sounds = join_sounds([training_sounds(SEED, COUNT), held_out_sounds(SEED, COUNT)])
    saids, texts = say_in_turns(sounds, np.random.default_rng(SEED))
    return score_sounds(writer.write(texts, settings, seed=SEED), RATE, sounds, saids)


def main() -> None:
    """Print what each setting measures, with the mean of all attributes first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=SHIPPED)
    torch.set_num_threads(1)
    writer = SoundWriter.load(parser.parse_args().weights / "sound")
    for settings in GRID:
        found = measured(writer, settings)
        told = " ".join(f"{name} {share:.2f}" for name, share in found.items())
        print(f"{np.mean([*found.values()]):.3f} {settings} {told}", flush=True)


if __name__ == "__main__":
    main()
