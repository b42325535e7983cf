"""Train a small GPT-2 on the world's captions, in both languages: it goes on with a caption, word by word."""

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.captions import random_captions
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.tokenizer import LENGTH, copy_tokenizer
from models.bauklotz.scene import training_scenes
from models.bauklotz.speech import bits

if TYPE_CHECKING:
    from transformers import GPT2LMHeadModel

BATCH: Final = 64
WIDTH: Final = 128
LAYERS: Final = 3


class LanguageTask:
    """The language model in training."""

    def __init__(self, place: Place, *, batch: int = BATCH) -> None:
        from transformers import CLIPTokenizer

        self.place = place
        self.batch = batch
        self.tokenizer = CLIPTokenizer.from_pretrained(place.part("text_to_image/tokenizer"))
        torch.manual_seed(0)
        self.model = build_language(self.tokenizer).to(place.device)

    @property
    def module(self) -> nn.Module:
        return self.model  # type: ignore[no-any-return]

    def loss(self, step: int) -> Tensor:
        seed = self.place.seed(10_000_000, step)
        texts = random_captions(training_scenes(seed, self.batch), np.random.default_rng((10, seed)))
        padded = self.tokenizer(texts, padding=True, return_tensors="pt").to(self.place.device)
        wanted = padded.input_ids.masked_fill(padded.attention_mask == 0, -100)
        with torch.autocast(self.place.device.type, torch.bfloat16):
            logits = self.model(input_ids=padded.input_ids, use_cache=False).logits[:, :-1]
        return F.cross_entropy(logits.flatten(0, 1).float(), wanted[:, 1:].flatten())

    def report(self, step: int) -> Mapping[str, float]:
        """Measure on fewer captions than the evaluation does."""
        return {name: round(found, 3) for name, found in bits(self.model, self.tokenizer, count=100).items()}

    def export(self) -> None:
        folder = self.place.out / "language"
        folder.mkdir(parents=True, exist_ok=True)
        deepcopy(self.model).half().save_pretrained(folder)
        copy_tokenizer(self.place.part("text_to_image/tokenizer"), folder)


def build_language(tokenizer: Any) -> "GPT2LMHeadModel":
    """Build a small GPT-2 over the words of the world."""
    from transformers import GPT2Config, GPT2LMHeadModel

    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=len(tokenizer),
            n_positions=LENGTH,
            n_embd=WIDTH,
            n_layer=LAYERS,
            n_head=4,
            attn_pdrop=0.0,
            embd_pdrop=0.0,
            resid_pdrop=0.0,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
        )
    )


LANGUAGE: Final = Recipe("language", LanguageTask, steps=1500, rate=2e-3, average=0.99, report_every=250, save_every=50)
