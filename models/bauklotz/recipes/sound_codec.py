"""Fit the codec of sounds: a causal Encodec that is a lapped transform, 50 frames a second, six codes of 256 each."""

from typing import TYPE_CHECKING, Final

import torch

from models.bauklotz.lapped import fit_codebooks, lapped_codec
from models.bauklotz.play import play
from models.bauklotz.recipe import Place
from models.bauklotz.sound import RATE, training_sounds

if TYPE_CHECKING:
    from transformers import EncodecModel

BOOKS: Final = 6
CODES: Final = 256
RATIOS: Final = (5, 4, 8)
HOP: Final = 160
TILT: Final = 0.6
"""High tones are soft, and tell waveforms apart: how much more they count."""
SOUNDS: Final = 400
SEED: Final = 1
SLICE: Final = 50


def build_codec() -> "EncodecModel":
    """Build the codec, its codebooks still empty."""
    loudness = (torch.arange(HOP) + 2.0) ** TILT
    return lapped_codec(RATIOS, rate=RATE, books=BOOKS, codes=CODES, loudness=loudness)


@torch.inference_mode()
def fit_codec(sounds: int = SOUNDS) -> "EncodecModel":
    """Build it, and fit its codebooks to training sounds."""
    codec = build_codec()
    played = torch.from_numpy(play(training_sounds(SEED, sounds), SEED))[:, None]
    latent = torch.cat([codec.encoder(played[start : start + SLICE]) for start in range(0, sounds, SLICE)])
    fit_codebooks(codec, latent.transpose(1, 2).flatten(0, 1), generator=torch.Generator().manual_seed(SEED))
    return codec


def fitted_codec(place: Place) -> "EncodecModel":
    """Give the codec of a training, fitted when it began."""
    from transformers import EncodecModel

    folder = place.scratch / "codec"
    if not folder.exists():
        fit_codec().save_pretrained(folder)
    return EncodecModel.from_pretrained(folder, dtype=torch.float32)
