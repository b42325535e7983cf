"""Train the network that answers questions about a picture and says what it shows, on drawn scenes.

Its picture tower starts as CLIP's and waits until the words have met it; the words start as the text encoder's. Of each
scene a few questions are asked, each in one of the languages; one of them is always what it shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from models.bauklotz.answering import evaluate
from models.bauklotz.asking import Asked, asks, description
from models.bauklotz.captions import LANGUAGES
from models.bauklotz.draw import draw
from models.bauklotz.reader import Tower, build, save, start_tower, start_words
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.checker import blemish
from models.bauklotz.scene import Scenes, training_scenes

BATCH: Final = 16
QUESTIONS: Final = 3
"""How many questions are asked of a scene beside what it shows."""
PAIRS: Final = 0.65
"""The share of scenes with two objects: they are harder."""
THAW: Final = 500
"""The step from which the picture tower learns too."""
IGNORED: Final = -100


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as the network reads them, each from its mark of beginning to that of its end."""

    ids: Tensor  # [texts, tokens]
    mask: Tensor

    @property
    def wanted(self) -> Tensor:
        """What is to be written; padding is not."""
        return self.ids.masked_fill(self.mask == 0, IGNORED)


class ReaderTask:
    """The network in training."""

    def __init__(self, place: Place, *, batch: int = BATCH) -> None:
        from transformers import CLIPTokenizer

        self.place = place
        self.batch = batch
        self.tokenizer = CLIPTokenizer.from_pretrained(place.part("text_to_image/tokenizer"))
        torch.manual_seed(0)
        words = self.tokenizer
        self.model = build(len(words), words.bos_token_id, words.eos_token_id)
        start_tower(self.model.vision_model, place.part("clip"))
        start_words(self.model, place.part("text_to_image/text_encoder"))
        self.model.to(place.device)

    @property
    def module(self) -> nn.Module:
        return self.model  # type: ignore[no-any-return]

    def loss(self, step: int) -> Tensor:
        seed = self.place.seed(9_000_000, step)
        scenes = training_scenes(seed, self.batch, pairs=PAIRS)
        picture = blemish(torch.from_numpy(draw(scenes)), torch.Generator().manual_seed(seed))
        told, asked = questions(scenes, np.random.default_rng((9, seed)))
        with torch.autocast(self.place.device.type, torch.bfloat16):
            seen = self._seen(picture.to(self.place.device) * 2 - 1, step)
            captions = self._said(seen, told)
            short, long = (torch.tensor(rows) for rows in halves([each.text for each in asked]))
            answers = [self._said(seen[rows // QUESTIONS], [asked[row] for row in rows]) for rows in (short, long)]
        loss: Tensor = (captions + sum(answers) / len(answers)).float() / 2
        return loss

    def _seen(self, pixels: Tensor, step: int) -> Tensor:
        tower: Tower = self.model.vision_model
        with torch.set_grad_enabled(step >= THAW):
            maps = tower.maps(pixels)
        return tower.vectors(maps)

    def _said(self, seen: Tensor, asked: Sequence[Asked]) -> Tensor:
        """Give the loss of the answers to a question about each picture; those of a length cost the least."""
        read, said = (self._texts([getattr(each, name) for each in asked]) for name in ("text", "answer"))
        states = self.model.text_encoder(
            input_ids=read.ids,
            attention_mask=read.mask,
            encoder_hidden_states=seen,
            encoder_attention_mask=seen.new_ones(seen.shape[:2], dtype=torch.long),
        ).last_hidden_state
        answer = self.model.text_decoder(
            input_ids=said.ids,
            attention_mask=said.mask,
            encoder_hidden_states=states,
            encoder_attention_mask=read.mask,
            labels=said.wanted,
        )
        loss: Tensor = answer.loss
        return loss

    def _texts(self, texts: list[str]) -> Texts:
        padded = self.tokenizer(texts, padding=True, return_tensors="pt").to(self.place.device)
        return Texts(padded.input_ids, padded.attention_mask)

    def report(self, step: int) -> Mapping[str, float]:
        """Measure on fewer scenes than the evaluation does."""
        found = evaluate(self.model, self.tokenizer, count=24)
        return {f"{kind}/{name}": round(share, 3) for kind in found for name, share in found[kind].items()}

    def export(self) -> None:
        save(self.model, self.place.out / "pictures", tokenizer=self.place.part("text_to_image/tokenizer"))


def questions(scenes: Scenes, rng: np.random.Generator) -> tuple[list[Asked], list[Asked]]:
    """Ask of every scene what it shows, and a few things more: QUESTIONS of each, in the order of the scenes."""
    told: list[Asked] = []
    more: list[Asked] = []
    for row in range(len(scenes)):
        first, *others = (LANGUAGES[k] for k in rng.integers(len(LANGUAGES), size=QUESTIONS + 1))
        told.append(description(scenes, row, first, rng))
        every = [asks(scenes, row, language) for language in others]
        chosen = rng.choice(len(every[0]), size=QUESTIONS, replace=False)
        more += [each[k] for each, k in zip(every, chosen, strict=True)]
    return told, more


def halves(texts: Sequence[str]) -> tuple[list[int], list[int]]:
    """Give the places of the shorter texts, and of the longer."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    middle = len(order) // 2
    return order[:middle], order[middle:]


READER: Final = Recipe(
    "reader", ReaderTask, steps=2000, rate=1.5e-3, average=0.99, report_every=400, save_every=50, ranks=2
)
