"""Train the codec of sounds: a small causal Encodec, 50 frames a second, four codes of 256 each."""

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.play import play
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.residual import codebooks, quantise
from models.bauklotz.sound import RATE, held_out_sounds, training_sounds
from models.bauklotz.sound_score import score_sounds
from models.bauklotz.sound_words import Said

if TYPE_CHECKING:
    from transformers import EncodecModel

BATCH: Final = 12
CROP: Final = 8000
WINDOWS: Final = (64, 128, 256, 512, 1024)
BOOKS: Final = 4
CODES: Final = 256
FOLDER: Final = "sound_codec"


class CodecTask:
    """The codec in training."""

    def __init__(self, place: Place, *, batch: int = BATCH) -> None:
        self.place, self.batch = place, batch
        torch.manual_seed(0)
        self.codec = build_codec().to(place.device)

    @property
    def module(self) -> nn.Module:
        return self.codec  # type: ignore[no-any-return]

    def loss(self, step: int) -> Tensor:
        seed = 9_000_000 + step
        generator = torch.Generator().manual_seed(seed)
        played = torch.from_numpy(play(training_sounds(seed, self.batch), seed))
        at = int(torch.randint(played.shape[1] - CROP + 1, (1,), generator=generator))
        sound = played[:, None, at : at + CROP].to(self.place.device)
        latent, apart = quantise(self.codec, self.codec.encoder(sound), generator=generator)
        again = self.codec.decoder(latent)[..., :CROP]
        return 10 * F.l1_loss(again, sound) + _spectral(again[:, 0], sound[:, 0]) + apart

    def memory(self) -> Mapping[str, Tensor]:
        """Give the codebooks: they learn without a gradient."""
        return dict(codebooks(self.codec))

    def report(self, step: int) -> Mapping[str, float]:
        """Play held-out sounds through the codec, and measure what is left of them."""
        sounds = held_out_sounds(14, 60)
        played = torch.from_numpy(play(sounds, 14))
        codes = self.codec.encode(played[:, None].to(self.place.device)).audio_codes
        again = self.codec.decode(codes, [None]).audio_values[:, 0, : played.shape[1]].cpu()
        ratio = 10 * torch.log10(played.square().mean() / (again - played).square().mean())
        used = {f"used_{k}": float(len(codes[0, :, k].unique())) for k in range(BOOKS)}
        shares = score_sounds(again.numpy(), RATE, sounds, [Said()] * len(sounds))
        return {"decibels": round(float(ratio), 2), **used, **{name: round(s, 3) for name, s in shares.items()}}

    def export(self) -> None:
        deepcopy(self.codec).half().save_pretrained(self.place.out / FOLDER)


def build_codec() -> "EncodecModel":
    """Build a small Encodec whose frames only know the past, so that a sound can be heard while it is written."""
    from transformers import EncodecConfig, EncodecModel

    config = EncodecConfig(
        target_bandwidths=[1.6],
        sampling_rate=RATE,
        num_filters=16,
        hidden_size=64,
        upsampling_ratios=[8, 5, 4],
        codebook_size=CODES,
        num_lstm_layers=1,
        use_causal_conv=True,
    )
    codec = EncodecModel(config)
    assert len(codec.quantizer.layers) == BOOKS
    return codec


def _spectral(found: Tensor, wanted: Tensor) -> Tensor:
    """Give how far two batches [n, samples] are apart in tones, at several resolutions (Yamamoto et al. 2020)."""
    losses = []
    for size in WINDOWS:
        window = torch.hann_window(size, device=found.device)
        one, other = (
            torch.stft(each, size, size // 4, window=window, return_complex=True).abs() / size**0.5
            for each in (found, wanted)
        )
        logs = F.l1_loss(one.clamp(min=1e-3).log(), other.clamp(min=1e-3).log())
        losses.append(F.l1_loss(one, other) * 10 + logs)
    return torch.stack(losses).mean()


SOUND_CODEC: Final = Recipe(FOLDER, CodecTask, steps=6000, rate=1.5e-3, average=0.995, report_every=500, save_every=100)
