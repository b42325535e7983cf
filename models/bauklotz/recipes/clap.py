"""Train CLAP: the contrastive loss with hard negatives, captions of a sound with one attribute replaced.

Both towers first learn the world's labels by the same heads, which brings them near each other; then they are drawn
together. A text that is true of another sound of the batch is no negative for it. The sounds are those of training,
each with a little noise in it, from next to none to so much that pauses are no longer silent.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.captions import LANGUAGES, Language
from models.bauklotz.play import Samples, play
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.clip import LARGEST_SCALE, contrast
from models.bauklotz.recipes.negatives import negatives
from models.bauklotz.recipes.pools import Pools
from models.bauklotz.recipes.sound_labels import label_heads, label_loss
from models.bauklotz.sentence import Rng
from models.bauklotz.sound import NOISE, RATE, SECONDS, Sounds, join_sounds, training_sounds
from models.bauklotz.sound_choice import FLOORS, Clap, evaluate, heard
from models.bauklotz.sound_questions import holds_of, in_training, say_sound, sound_questions, told_of
from models.bauklotz.sound_words import Said, random_said

if TYPE_CHECKING:
    from transformers import ClapModel, RobertaTokenizer

BATCH: Final = 48
NEGATIVES: Final = 3
POOL: Final = 1536
REUSE: Final = 6
MEET: Final = 200
"""The step from which sounds are compared with texts; before it, the towers learn labels alone."""
LABELLED: Final = 1.0
"""How much the labels count beside the contrast."""
NAME: Final = "clap"
WIDTH: Final = 128
TEXT_WIDTH: Final = 64
LENGTH: Final = 48
NOISY: Final = (-5.0, -2.3)
"""The powers of ten between which the noise in a sound lies."""
SPECIALS: Final = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")

WEIGHTS: Final[Mapping[str, float]] = {"pitch": 3.0, "waveform": 2.0}
"""How much oftener than others these attributes are replaced."""

HEARING: Final[Mapping[str, Any]] = {
    "feature_size": 128,
    "sampling_rate": RATE,
    "hop_length": 128,
    "max_length_s": int(SECONDS),
    "fft_window_size": 1024,
    "frequency_min": 100,
    "frequency_max": 3600,
    "truncation": "rand_trunc",
    "padding": "pad",
}
AUDIO: Final[Mapping[str, Any]] = {
    "spec_size": 128,
    "num_mel_bins": 128,
    "patch_size": 8,
    "patch_stride": [8, 8],
    "patch_embeds_hidden_size": WIDTH // 2,
    "hidden_size": WIDTH,
    "depths": [1, 2],
    "num_attention_heads": [2, 4],
    "window_size": 8,
    "num_hidden_layers": 2,
    "hidden_dropout_prob": 0.0,
}
TEXT: Final[Mapping[str, Any]] = {
    "hidden_size": TEXT_WIDTH,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 2 * TEXT_WIDTH,
    "max_position_embeddings": LENGTH + 2,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
}


@dataclass(frozen=True, slots=True)
class Heard:
    """A pool of sounds, and their spectrograms."""

    sounds: Sounds
    spectrograms: Tensor


class ClapTask:
    """Both towers in training."""

    def __init__(self, place: Place, *, batch: int = BATCH, pool: int = POOL, texts: int = 3000) -> None:
        from transformers import ClapFeatureExtractor

        self.place, self.size = place, pool
        self.extractor = ClapFeatureExtractor(**HEARING)
        self.tokenizer = build_roberta(_texts(texts))
        self.pools = Pools(place, self._pool, size=pool, batch=batch, reuse=REUSE, order=11)
        torch.manual_seed(0)
        self.model = build_clap(words=len(self.tokenizer))
        self.heads = label_heads(WIDTH)
        self._balance()
        self.both = nn.ModuleList([self.model, self.heads]).to(place.device)

    @property
    def module(self) -> nn.Module:
        return self.both

    @torch.no_grad()
    def _balance(self) -> None:
        """Fix once how strong each band is on average: what is balanced anew in each batch would hear the others."""
        norm = self.model.audio_model.audio_encoder.batch_norm
        spectrograms = self._pool(0, count=min(256, self.size)).spectrograms
        norm.running_mean.copy_(spectrograms.mean((0, 1, 2)))
        norm.running_var.copy_(spectrograms.var((0, 1, 2)))

    def _pool(self, number: int, *, count: int | None = None) -> Heard:
        seed = self.place.seed(11_000_000, number)
        sounds = training_sounds(seed, count or self.size)
        return Heard(sounds, heard(self.extractor, noisy(play(sounds, seed), np.random.default_rng((11, seed)))))

    def loss(self, step: int) -> Tensor:
        self.model.audio_model.audio_encoder.batch_norm.eval()
        pool, rows = self.pools.at(step)
        sounds = pool.sounds[rows.numpy()]
        rng = np.random.default_rng((12, self.place.seed(0, step)))
        texts, said = self._texts(sounds, rng)
        audible = self.embed_sounds(pool.spectrograms[rows].to(self.place.device))
        read = self.embed_texts(texts)
        labels = label_loss(self.heads, audible, sounds) + label_loss(self.heads, read, said)
        if step < MEET:
            return labels
        with torch.no_grad():
            self.model.logit_scale_a.clamp_(0, LARGEST_SCALE)
            self.model.logit_scale_t.copy_(self.model.logit_scale_a)
        near = self.model.logit_scale_a.exp() * F.normalize(audible) @ F.normalize(read).T
        true = torch.from_numpy(holds_of(said, sounds)).T
        return contrast(near, true.to(near.device)) + LABELLED * labels

    def embed_sounds(self, spectrograms: Tensor) -> Tensor:
        """Give what the audio tower makes of spectrograms [n, 1, frames, mels], not of length 1."""
        pooled = self.model.audio_model(input_features=spectrograms).pooler_output
        embedded: Tensor = self.model.audio_projection(pooled)
        return embedded

    def embed_texts(self, texts: list[str]) -> Tensor:
        """Give what the text tower makes of texts, not of length 1."""
        tokens = self.tokenizer(texts, padding=True, truncation=True, return_tensors="pt").to(self.place.device)
        read = self.model.text_model(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"])
        embedded: Tensor = self.model.text_projection(read.pooler_output)
        return embedded

    def _texts(self, sounds: Sounds, rng: Rng) -> tuple[list[str], Sounds]:
        """Say every sound, then NEGATIVES wrong texts of each; give also what they tell."""
        saids = [random_said(rng) for _ in range(len(sounds))]
        spoken: list[Language] = [LANGUAGES[int(k)] for k in rng.integers(len(LANGUAGES), size=len(sounds))]
        seeds = [int(k) for k in rng.integers(2**31, size=len(sounds))]
        wrong = join_sounds([_wrong(sounds, row, said, rng) for row, said in enumerate(saids)])
        texts = [say_sound(sounds, row, said, spoken[row], seed=seeds[row]) for row, said in enumerate(saids)]
        for k in range(len(wrong)):
            row = k // NEGATIVES
            texts.append(say_sound(wrong, k, saids[row], spoken[row], seed=seeds[row]))
        each = [said for said in saids for _ in range(NEGATIVES)]
        low = rng.random(len(texts)) < 0.3
        texts = [text.lower() if plain else text for text, plain in zip(texts, low, strict=True)]
        return texts, told_of(join_sounds([sounds, wrong]), [*saids, *each])

    def report(self, step: int) -> Mapping[str, float]:
        """Measure the choices on fewer sounds than the evaluation does."""
        self.model.cpu()
        found = evaluate(Clap(self.model, self.tokenizer, self.extractor), count=60)
        self.model.to(self.place.device)
        return {name: round(sum(found[each][name] for each in LANGUAGES) / 2, 3) for name in (*FLOORS, "rhythm")}

    def export(self) -> None:
        folder = self.place.out / NAME
        deepcopy(self.model).half().save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)
        self.extractor.save_pretrained(folder)


def build_clap(*, words: int) -> "ClapModel":
    """Build a small CLAP, awake from the start: the library begins with layers that do next to nothing.

    Nothing but the offsets of the bands tells the audio tower how high a tone is, so each begins with one of its own.
    """
    from transformers import ClapConfig, ClapModel

    config = ClapConfig(text_config={**TEXT, "vocab_size": words}, audio_config=dict(AUDIO), projection_dim=WIDTH)
    model = ClapModel(config)
    for name, weight in model.named_parameters():
        if "relative_position_bias_table" in name:
            nn.init.normal_(weight, std=0.5)
        elif weight.ndim > 1 and "embeddings" not in name:
            nn.init.normal_(weight, std=weight[0].numel() ** -0.5)
    nn.init.normal_(model.audio_model.audio_encoder.batch_norm.bias)
    model.logit_scale_t.requires_grad_(False)  # it is that of the other way
    return model


def build_roberta(texts: Iterator[str]) -> "RobertaTokenizer":
    """Learn the merges of a tokenizer in RoBERTa's layout, in which any UTF-8 text has tokens."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import RobertaTokenizer

    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=1500, min_frequency=2, initial_alphabet=alphabet, special_tokens=[*SPECIALS], show_progress=False
    )
    learner.train_from_iterator(texts, trainer)
    learned = json.loads(learner.to_str())["model"]
    return RobertaTokenizer(
        vocab=learned["vocab"],
        merges=[tuple(pair) for pair in learned["merges"]],
        add_prefix_space=True,
        model_max_length=LENGTH,
    )


def noisy(played: Samples, rng: Rng) -> Samples:
    """Put noise into sounds [n, samples], each with as much as chance says."""
    much = 10 ** rng.uniform(*NOISY, size=(len(played), 1))
    return (played + much * rng.standard_normal(played.shape)).astype(np.float32)


def _wrong(sounds: Sounds, row: int, said: Said, rng: Rng) -> Sounds:
    asks = sound_questions(sounds, row, said)
    if not asks:  # noise of which nothing more is said
        tonal = np.flatnonzero(sounds.wave != NOISE)
        return sounds[np.resize(tonal if len(tonal) else [row], NEGATIVES)]
    return join_sounds(negatives(asks, NEGATIVES, weights=WEIGHTS, in_training=in_training, rng=rng))


def _texts(count: int) -> Iterator[str]:
    sounds, rng = training_sounds(0, count), np.random.default_rng(0)
    for row in range(count):
        for language in LANGUAGES:
            text = say_sound(sounds, row, random_said(rng), language, seed=int(rng.integers(2**31)))
            yield text
            yield text.lower()


CLAP: Final = Recipe(NAME, ClapTask, steps=1600, rate=2e-3, average=0.99, report_every=200, save_every=50)
