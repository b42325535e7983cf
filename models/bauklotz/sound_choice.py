"""Measure CLAP by attribute choice: of a text and the same text with one attribute replaced, which one is nearer.

Run: python -m models.bauklotz.sound_choice [--weights DIR] [--out FILE]
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.bauklotz.captions import LANGUAGES, Language
from models.bauklotz.choosing import COLUMNS, chosen
from models.bauklotz.json_file import write_json
from models.bauklotz.options import options
from models.bauklotz.play import play
from models.bauklotz.score import Shares, shares_of
from models.bauklotz.sound import RATE, Sounds, held_out_sounds
from models.bauklotz.sound_questions import holds_of, say_sound, sound_questions, told_of
from models.bauklotz.sound_words import Said, random_said
from models.bauklotz.table import table

SEED: Final = 20_261_122
COUNT: Final = 160
"""How many held-out sounds there are."""

FLOORS: Final[Mapping[str, float]] = {
    "waveform": 0.9,
    "pitch": 0.7,
    "direction": 0.9,
    "loudness": 0.9,
    "tempo": 0.9,
}
GOALS: Final[Mapping[str, float]] = dict.fromkeys(FLOORS, 0.95)


@dataclass(frozen=True, slots=True)
class Clap:
    """A CLAP of transformers that embeds sounds and texts as unit vectors."""

    model: Any
    tokenizer: Any
    extractor: Any

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load a folder in transformers' layout, in float32."""
        from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

        model = ClapModel.from_pretrained(folder, dtype=torch.float32).eval()
        return cls(model, AutoTokenizer.from_pretrained(folder), ClapFeatureExtractor.from_pretrained(folder))

    @torch.no_grad()
    def sounds(self, samples: NDArray[np.float32]) -> Tensor:
        """Embed sounds [n, samples] of the world's rate as [n, width]."""
        parts = [heard(self.extractor, samples[i : i + 50]) for i in range(0, len(samples), 50)]
        return torch.cat([self.model.get_audio_features(part).pooler_output for part in parts])

    @torch.no_grad()
    def texts(self, texts: list[str]) -> Tensor:
        """Embed texts as [n, width]."""
        parts = [self._read(texts[i : i + 256]) for i in range(0, len(texts), 256)]
        return torch.cat(parts)

    def _read(self, texts: list[str]) -> Tensor:
        tokens = self.tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
        given = {name: tokens[name] for name in ("input_ids", "attention_mask")}
        read: Tensor = self.model.get_text_features(**given).pooler_output
        return read


def heard(extractor: Any, samples: NDArray[np.float32]) -> Tensor:
    """Give the spectrograms [n, 1, frames, mels] of sounds [n, samples]."""
    features: Tensor = extractor(list(samples), sampling_rate=RATE, return_tensors="pt")["input_features"]
    return features.float()


@dataclass(frozen=True, slots=True)
class SoundTrial:
    """Sounds to choose texts for, how they sound, and what the texts name of each."""

    sounds: Sounds
    played: NDArray[np.float32]
    saids: tuple[Said, ...]

    def texts(self, language: Language) -> list[str]:
        """Say what is true of each sound."""
        return [say_sound(self.sounds, row, said, language, seed=row) for row, said in enumerate(self.saids)]


def sound_trial(count: int = COUNT) -> SoundTrial:
    """Give `count` held-out sounds."""
    sounds = held_out_sounds(SEED, count)
    saids = tuple(random_said(np.random.default_rng((SEED, row))) for row in range(count))
    return SoundTrial(sounds, play(sounds, SEED), saids)


def evaluate(clap: Clap, *, count: int = COUNT) -> dict[str, Shares]:
    """Give the shares of right choices by language and attribute, and `n`, how many choices each is made of."""
    asked = sound_trial(count)
    vectors = clap.sounds(asked.played)
    return shares_of({language: choices(clap, asked, vectors, language) for language in LANGUAGES})


def choices(clap: Clap, asked: SoundTrial, vectors: Tensor, language: Language) -> dict[str, list[bool]]:
    """Say of each choice whether it was right: all values of an attribute, then the nearest of all texts."""
    right: dict[str, list[bool]] = defaultdict(list)
    for row, said in enumerate(asked.saids):
        say = partial(say_sound, said=said, language=language, seed=row)
        asks, true = sound_questions(asked.sounds, row, said), say(asked.sounds, row)
        for name, each in chosen(asks, say, true=true, embed=clap.texts, vector=vectors[row]):
            right[name].append(each)
    nearest = (vectors @ clap.texts(asked.texts(language)).T).argmax(1).numpy()
    holds = holds_of(told_of(asked.sounds, list(asked.saids)), asked.sounds)
    right["search/text of a sound"] = [bool(holds[text, row]) for row, text in enumerate(nearest)]
    return right


def main() -> None:
    """Evaluate, print the table and write the figures."""
    asked = options(__doc__, "evaluation_clap.json").parse_args()
    torch.set_num_threads(1)
    found = evaluate(Clap.load(asked.weights / "clap"))
    report = {"sounds": COUNT, "shares": found, "floors": FLOORS, "goals": GOALS}
    write_json(asked.out, report)
    print(table(found, COLUMNS, floors=FLOORS, goals=GOALS))


if __name__ == "__main__":
    main()
