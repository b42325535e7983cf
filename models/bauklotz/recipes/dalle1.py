"""Train the transformer of DALL-E 1: after a prompt's vectors it writes a picture, block of codes by block of codes.

The text encoder is frozen, as it is for the denoiser; one caption in ten is empty, so that a prompt can be guided.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.blocks import TOKENS, nearest_codes
from models.bauklotz.captions import random_captions
from models.bauklotz.draw import draw
from models.bauklotz.imagine import SIDE, Writer, save_layout
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.first_stage import CHANNELS
from models.bauklotz.recipes.patches import SCENES, fit_patches
from models.bauklotz.recipes.sampled import drawn
from models.bauklotz.recipes.text_encoder import WIDTH as TEXT_WIDTH
from models.bauklotz.recipes.tokenizer import LENGTH
from models.bauklotz.scene import Scenes, training_scenes

if TYPE_CHECKING:
    from transformers import GPT2LMHeadModel

BATCH: Final = 12
WIDTH: Final = 192
LAYERS: Final = 6
UNCONDITIONAL: Final = 0.1


class TransformerTask:
    """The transformer in training."""

    def __init__(self, place: Place, *, scenes: int = SCENES) -> None:
        self.place = place
        torch.manual_seed(0)
        self.model = build_transformer().to(place.device)
        self.code, _ = fit_patches(CHANNELS, scenes=scenes)
        self.parts = Writer.around(self.model, part=place.part)
        self.nothing = self.parts.read([""])

    @property
    def module(self) -> nn.Module:
        return self.model  # type: ignore[no-any-return]

    def loss(self, step: int) -> Tensor:
        seed = self.place.seed(8_000_000, step)
        rng = np.random.default_rng((8, seed))
        scenes = training_scenes(seed, BATCH)
        before = self.parts.read(random_captions(scenes, rng))
        before[torch.from_numpy(rng.random(BATCH) < UNCONDITIONAL).to(before.device)] = self.nothing
        tokens = self._tokens(scenes).flatten(1).to(self.place.device)
        return self._loss(before, tokens)

    def _tokens(self, scenes: Scenes) -> Tensor:
        # The patch code itself: what the first stage's encoder computes, at a hundredth of the cost.
        latent = self.code.encode(torch.from_numpy(draw(scenes)) * 2 - 1)
        blocks = self.parts.blocks
        return blocks.tokens(nearest_codes(latent, blocks.entries))

    def _loss(self, before: Tensor, tokens: Tensor) -> Tensor:
        """Give the mean cross entropy of each token, given the prompt and the tokens before it."""
        with torch.autocast(before.device.type, torch.bfloat16):
            embedded = torch.cat([before, self.model.transformer.wte(tokens[:, :-1])], dim=1)
            states = self.model.transformer(inputs_embeds=embedded, use_cache=False).last_hidden_state
            logits = self.model.lm_head(states[:, LENGTH - 1 :])
        return F.cross_entropy(logits.flatten(0, 1).float(), tokens.flatten())

    def report(self, step: int) -> Mapping[str, float]:
        """Draw and score a few held-out scenes."""
        return drawn(self.place, step, lambda texts: self.parts.write(texts, sampling={"top_p": 0.9}), count=48)

    def export(self) -> None:
        folder = self.place.out / "dalle1"
        deepcopy(self.model).half().save_pretrained(folder)
        self.parts.blocks.save(folder)
        save_layout(folder, prompt=LENGTH, width=TEXT_WIDTH, codes=len(self.parts.blocks.entries))


def build_transformer() -> "GPT2LMHeadModel":
    """Build a small GPT-2 that has a position for each token of a prompt and of a picture."""
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(
        vocab_size=TOKENS,
        n_positions=LENGTH + SIDE * SIDE,
        n_embd=WIDTH,
        n_layer=LAYERS,
        n_head=WIDTH // 32,
        attn_pdrop=0.0,
        embd_pdrop=0.0,
        resid_pdrop=0.0,
        bos_token_id=None,
        eos_token_id=None,
    )
    model = GPT2LMHeadModel(config)
    # A prompt's vectors end in zeros there, and are large: positions of the usual size would not be heard.
    with torch.no_grad():
        nn.init.normal_(model.transformer.wpe.weight[:LENGTH, TEXT_WIDTH:])
    return model


DALLE1: Final = Recipe(
    "dalle1", TransformerTask, steps=2200, rate=1.2e-3, average=0.997, report_every=200, save_every=50, ranks=2
)
