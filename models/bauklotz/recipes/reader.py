"""Train the network that answers questions about a picture and says what it shows, on drawn scenes.

Its picture tower starts as CLIP's. Of each scene a few questions are asked; one of them is always what it shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from models.bauklotz.answering import evaluate
from models.bauklotz.asking import Asked, asks, description
from models.bauklotz.draw import draw
from models.bauklotz.reader import build, save, start_tower
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.checker import blemish
from models.bauklotz.scene import Scenes, training_scenes

BATCH: Final = 32
QUESTIONS: Final = 3
"""How many questions are asked of a scene beside what it shows."""
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
        self.model.to(place.device)

    @property
    def module(self) -> nn.Module:
        return self.model  # type: ignore[no-any-return]

    def loss(self, step: int) -> Tensor:
        seed = self.place.seed(9_000_000, step)
        scenes = training_scenes(seed, self.batch)
        picture = blemish(torch.from_numpy(draw(scenes)), torch.Generator().manual_seed(seed))
        asked = questions(scenes, np.random.default_rng((9, seed)))
        read, said = (self._texts([getattr(each, name) for each in asked]) for name in ("text", "answer"))
        with torch.autocast(self.place.device.type, torch.bfloat16):
            seen = self.model.vision_model(picture.to(self.place.device) * 2 - 1)[0]
            seen = seen.repeat_interleave(QUESTIONS + 1, dim=0)
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
        loss: Tensor = answer.loss.float()
        return loss

    def _texts(self, texts: list[str]) -> Texts:
        padded = self.tokenizer(texts, padding=True, return_tensors="pt").to(self.place.device)
        return Texts(padded.input_ids, padded.attention_mask)

    def report(self, step: int) -> Mapping[str, float]:
        """Measure on fewer scenes than the evaluation does."""
        found = evaluate(self.model, self.tokenizer, count=40)
        return {f"{kind}/{name}": round(share, 3) for kind in found for name, share in found[kind].items()}

    def export(self) -> None:
        save(self.model, self.place.out / "pictures", tokenizer=self.place.part("text_to_image/tokenizer"))


def questions(scenes: Scenes, rng: np.random.Generator) -> list[Asked]:
    """Ask of every scene what it shows, and a few things more."""
    found: list[Asked] = []
    for row in range(len(scenes)):
        every = asks(scenes, row)
        chosen = rng.choice(len(every), size=QUESTIONS, replace=False)
        found += [description(scenes, row, rng), *(every[int(k)] for k in chosen)]
    return found


READER: Final = Recipe("reader", ReaderTask, steps=3000, rate=1e-3, average=0.995, report_every=300, save_every=50)
