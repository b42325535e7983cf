"""Fit the codec of sounds: a causal Encodec that is a lapped transform, 25 frames a second, a code for each of 8 bands.

Frames are so long that phases need not fit together: a model that writes the right places of the right strength in each
band is heard right, and need not know how each wave stood at the end of the frame before.
"""

from typing import TYPE_CHECKING, Final

import torch

from models.bauklotz.lapped import fit_codebooks, lapped_codec
from models.bauklotz.play import play
from models.bauklotz.recipe import Place
from models.bauklotz.sound import RATE, training_sounds

if TYPE_CHECKING:
    from transformers import EncodecModel

BANDS: Final = (0, 22, 36, 52, 74, 104, 144, 200, 320)
"""Where bands begin and end, in coefficients of 12.5 hertz: an overtone seldom shares one with what is louder."""
BOOKS: Final = len(BANDS) - 1
CODES: Final = 256
RATIOS: Final = (5, 8, 8)
HOP: Final = 320
TILT: Final = 0.6
"""High tones are soft, and tell waveforms apart: how much more they count."""
SOUNDS: Final = 700
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
    fit_codebooks(
        codec, latent.transpose(1, 2).flatten(0, 1), bands=BANDS, generator=torch.Generator().manual_seed(SEED)
    )
    return codec


def fitted_codec(place: Place) -> "EncodecModel":
    """Give the codec of a training, fitted when it began."""
    from transformers import EncodecModel

    folder = place.ready("codec", lambda made: fit_codec().save_pretrained(made))
    return EncodecModel.from_pretrained(folder, dtype=torch.float32)
