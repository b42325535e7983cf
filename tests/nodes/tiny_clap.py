"""A tiny CLAP with random weights, saved in transformers' layout: one that fuses parts of a sound, or that does not."""

from pathlib import Path
from typing import Any, Final

import torch

from tests.nodes import tiny

RATE: Final = 800
SECONDS: Final = 1
EMBEDS: Final = 16
TEXTS: Final = ("a red circle", "a loud square wave", "leise", "of")


def tokenizer() -> Any:
    """A tokenizer in RoBERTa's layout, whose words are bytes and a few merges."""
    from models.bauklotz.recipes.clap import build_roberta

    return build_roberta(iter([*TEXTS, "a soft saw tone", "a red square", "loud"] * 3))


def clap(root: Path, *, fuses: bool = False, name: str = "tiny-clap") -> Path:
    """A CLAP folder that hears a second at 800 samples, in 64 bands."""
    from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

    torch.manual_seed(21)
    words = tokenizer()
    text = {
        "vocab_size": len(words),
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "max_position_embeddings": 80,
    }
    audio = {
        "spec_size": 64,
        "num_mel_bins": 64,
        "patch_size": 4,
        "patch_stride": [4, 4],
        "patch_embeds_hidden_size": 8,
        "hidden_size": 16,
        "depths": [1, 1],
        "num_attention_heads": [2, 2],
        "window_size": 4,
        "enable_fusion": fuses,
        "fusion_type": "aff_2d" if fuses else None,
        "aff_block_r": 2,
    }
    model = tiny.moved(ClapModel(ClapConfig(text_config=text, audio_config=audio, projection_dim=EMBEDS)), 0.3)
    with torch.no_grad():
        model.logit_scale_a.fill_(2.0)
        model.logit_scale_t.fill_(1.5)
    folder = root / name
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    ClapFeatureExtractor(
        feature_size=64,
        sampling_rate=RATE,
        hop_length=16,
        max_length_s=SECONDS,
        fft_window_size=128,
        frequency_max=RATE // 2,
        truncation="fusion" if fuses else "rand_trunc",
        padding="repeatpad",
    ).save_pretrained(folder)
    return folder
