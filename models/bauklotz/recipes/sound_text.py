"""Train the text encoder of the sound model on the world's labels; afterwards it is frozen.

A decoder's loss hardly ever asks for a word, and would erase what most of them mean.
"""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from models.bauklotz.captions import LANGUAGES
from models.bauklotz.recipe import Place
from models.bauklotz.recipes.lessons import teach
from models.bauklotz.recipes.sound_labels import label_heads, label_loss
from models.bauklotz.sentence import Rng
from models.bauklotz.sound import Sounds, training_sounds
from models.bauklotz.sound_questions import told_of
from models.bauklotz.sound_words import random_said, sound_caption

if TYPE_CHECKING:
    from transformers import T5EncoderModel

WIDTH: Final = 64
BATCH: Final = 48
STEPS: Final = 1500


def fitted_reader(place: Place, tokenizer: Any, *, steps: int = STEPS) -> "T5EncoderModel":
    """Give the text encoder of a training, taught when it began."""
    from transformers import T5EncoderModel

    folder = place.ready("text_encoder", lambda made: teach_words(tokenizer, steps=steps).save_pretrained(made))
    return T5EncoderModel.from_pretrained(folder, dtype=torch.float32)


def build_reader(words: int) -> "T5EncoderModel":
    """Build a small T5 encoder."""
    from transformers import T5Config, T5EncoderModel

    config = T5Config(
        vocab_size=words, d_model=WIDTH, d_kv=32, d_ff=4 * WIDTH, num_layers=2, num_heads=2, dropout_rate=0.0
    )
    return T5EncoderModel(config)


def teach_words(tokenizer: Any, *, steps: int = STEPS) -> "T5EncoderModel":
    """Let the mean of what the encoder makes of a caption tell every label that the caption tells."""
    torch.manual_seed(0)
    encoder, heads = build_reader(len(tokenizer)), label_heads(WIDTH)

    def loss(step: int) -> Tensor:
        texts, told = say_sounds(training_sounds(12_000_000 + step, BATCH), np.random.default_rng((16, step)))
        return label_loss(heads, mean_read(encoder, tokenizer, texts), told)

    teach(nn.ModuleList([encoder, heads]), loss, steps=steps)
    return encoder.eval()


def mean_read(encoder: "T5EncoderModel", tokenizer: Any, texts: list[str]) -> Tensor:
    """Give the mean [n, width] of what the encoder makes of the tokens of each text."""
    tokens = tokenizer(texts, padding=True, return_tensors="pt")
    mask = tokens["attention_mask"]
    read = encoder(input_ids=tokens["input_ids"], attention_mask=mask).last_hidden_state
    mean: Tensor = (read * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return mean


def say_sounds(sounds: Sounds, rng: Rng) -> tuple[list[str], Sounds]:
    """Say each sound in some language, now and then leaving something out; give also what that tells."""
    saids = [random_said(rng) for _ in range(len(sounds))]
    languages = rng.integers(len(LANGUAGES), size=len(sounds))
    texts = [sound_caption(sounds, row, said, LANGUAGES[int(languages[row])], rng) for row, said in enumerate(saids)]
    return texts, told_of(sounds, saids)
