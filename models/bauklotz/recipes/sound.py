"""Train the sound model: a MusicGen that reads a caption and writes the codes of a sound, frame by frame.

The codec is fitted and the text encoder taught once, before; then both are frozen, and the decoder learns. One caption
in ten is not there at all, as the library stands for no prompt: all masked.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Final

import numpy as np
import soundfile  # type: ignore[import-untyped]
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.play import play
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.recipes.pools import Pools
from models.bauklotz.recipes.sound_codec import BOOKS, CODES, fitted_codec
from models.bauklotz.recipes.sound_text import fitted_reader, say_sounds
from models.bauklotz.recipes.tokenizer import write_tokenizer
from models.bauklotz.sound import RATE, Sounds, held_out_sounds, training_sounds
from models.bauklotz.sound_score import score_sounds
from models.bauklotz.sound_words import say_in_turns
from models.bauklotz.sound_writing import SoundWriter

if TYPE_CHECKING:
    from transformers import EncodecModel, MusicgenForConditionalGeneration, T5EncoderModel

BATCH: Final = 24
POOL: Final = 1200
REUSE: Final = 20
SLICE: Final = 64
WIDTH: Final = 128
LAYERS: Final = 4
UNCONDITIONAL: Final = 0.1
FORGETFUL: Final = 0.85
"""The share of sounds of which some codes before are hidden: else a model listens to itself, and not to the words."""
FRAMES: Final = 50
NAME: Final = "sound"


class SoundTask:
    """The text encoder and the decoder in training."""

    def __init__(
        self,
        place: Place,
        *,
        codec: "EncodecModel | None" = None,
        reader: "T5EncoderModel | None" = None,
        batch: int = BATCH,
        pool: int = POOL,
        texts: int = 3000,
        asked: int = 24,
    ) -> None:
        from transformers import AutoTokenizer

        self.place, self.batch, self.pool, self.asked = place, batch, pool, asked
        self.pools = Pools(place, self._pool, size=pool, batch=batch, reuse=REUSE, order=29)
        folder = place.ready("tokenizer", lambda made: write_tokenizer(made, _texts(texts)))
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        torch.manual_seed(0)
        codec, reader = codec or fitted_codec(place), reader or fitted_reader(place, self.tokenizer)
        self.model = build_sound(codec, reader).to(place.device)
        self.model.requires_grad_(False)
        self.trained = nn.ModuleList([self.model.decoder, self.model.enc_to_dec_proj]).requires_grad_(True)

    @property
    def module(self) -> nn.Module:
        return self.trained

    def loss(self, step: int) -> Tensor:
        rng = np.random.default_rng((10, self.place.seed(10_000_000, step)))
        (sounds, codes), rows = self.pools.at(step)
        texts, _ = say_sounds(sounds[rows.numpy()], rng)
        tokens = self._read(texts)
        mask = tokens["attention_mask"].clone()
        mask[torch.from_numpy(rng.random(self.batch) < UNCONDITIONAL).to(mask.device)] = 0
        ids = delayed(codes[rows].long().to(self.place.device))
        answer = self.model(
            input_ids=tokens["input_ids"],
            attention_mask=mask,
            decoder_input_ids=_forgotten(ids[..., :-1], rng).flatten(0, 1),
            use_cache=False,
        )
        wanted = ids[..., 1:].flatten(0, 1)
        return F.cross_entropy(answer.logits.flatten(0, 1), wanted.flatten(), ignore_index=CODES)

    def _read(self, texts: list[str]) -> Mapping[str, Tensor]:
        tokens = self.tokenizer(texts, padding=True, return_tensors="pt")
        return {name: tokens[name].to(self.place.device) for name in ("input_ids", "attention_mask")}

    @torch.no_grad()
    def _pool(self, number: int) -> tuple[Sounds, Tensor]:
        """Play sounds, and give them with their codes [n, books, frames]."""
        seed = self.place.seed(10_000_000, number)
        sounds = training_sounds(seed, self.pool)
        parts = [sounds[start : start + SLICE] for start in range(0, self.pool, SLICE)]
        return sounds, torch.cat([self._codes(part, seed + start) for start, part in enumerate(parts)])

    def _codes(self, sounds: Sounds, seed: int) -> Tensor:
        played = torch.from_numpy(play(sounds, seed))[:, None].to(self.place.device)
        codes: Tensor = self.model.audio_encoder.encode(played).audio_codes[0]
        return codes.to(torch.uint8).cpu()

    def report(self, step: int) -> Mapping[str, float]:
        """Let the library write sounds for held-out captions, and measure them by their samples."""
        sounds = held_out_sounds(15, self.asked)
        saids, texts = say_in_turns(sounds, np.random.default_rng(15))
        made = SoundWriter(self.model, self.tokenizer).write(texts, seed=15)
        for row, each in enumerate(made[:6]):
            soundfile.write(self.place.scratch / f"sample-{step:06d}-{row}.wav", each, RATE)
        return {name: round(share, 3) for name, share in score_sounds(made, RATE, sounds, saids).items()}

    def export(self) -> None:
        folder = self.place.out / NAME
        deepcopy(self.model).half().save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)


def build_sound(codec: "EncodecModel", reader: "T5EncoderModel") -> "MusicgenForConditionalGeneration":
    """Build a small MusicGen around a codec and a text encoder."""
    from transformers import MusicgenConfig, MusicgenDecoderConfig, MusicgenForConditionalGeneration

    decoder = MusicgenDecoderConfig(
        vocab_size=CODES,
        max_position_embeddings=FRAMES + BOOKS,
        num_hidden_layers=LAYERS,
        ffn_dim=4 * WIDTH,
        num_attention_heads=WIDTH // 32,
        hidden_size=WIDTH,
        num_codebooks=BOOKS,
        pad_token_id=CODES,
        bos_token_id=CODES,
        dropout=0.0,
        layerdrop=0.0,
    )
    config = MusicgenConfig(
        text_encoder=reader.config.to_dict(), audio_encoder=codec.config.to_dict(), decoder=decoder.to_dict()
    )
    model = MusicgenForConditionalGeneration(config)
    model.audio_encoder.load_state_dict(codec.state_dict())
    model.text_encoder.load_state_dict(reader.state_dict())
    told = model.generation_config
    told.decoder_start_token_id = told.pad_token_id = told.bos_token_id = CODES
    told.eos_token_id = None
    return model


def delayed(codes: Tensor) -> Tensor:
    """Put each codebook [n, books, frames] one step behind the one before it, as [n, books, frames + books]."""
    count, books, frames = codes.shape
    ids = codes.new_full((count, books, frames + books), CODES)
    for book in range(books):
        ids[:, book, 1 + book : 1 + book + frames] = codes[:, book]
    return ids


def _forgotten(ids: Tensor, rng: np.random.Generator) -> Tensor:
    """Hide codes [n, books, steps]: of some sounds none, of others up to all."""
    rates = rng.random(len(ids)) * (rng.random(len(ids)) < FORGETFUL)
    hidden = rng.random(ids.shape) < rates[:, None, None]
    return ids.masked_fill(torch.from_numpy(hidden).to(ids.device), CODES)


def _texts(count: int) -> Iterator[str]:
    texts, _ = say_sounds(training_sounds(0, count), np.random.default_rng(0))
    yield from texts


SOUND: Final = Recipe(
    NAME, SoundTask, steps=8000, rate=2e-3, warmup=100, average=0.995, report_every=500, save_every=100
)
