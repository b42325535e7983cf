"""A tiny MusicGen with random weights, saved in transformers' layout; its codebooks are filled, not all zero."""

import shutil
from pathlib import Path
from typing import Final

import torch

from tests.nodes import tiny

RATE: Final = 800
HOP: Final = 8
BOOKS: Final = 4
CODES: Final = 64
TOKENIZER: Final = Path(__file__).parents[2] / "models" / "bauklotz" / "text_to_image" / "tokenizer"


def musicgen(root: Path, *, causal: bool = True, channels: int = 1, name: str = "tiny-musicgen") -> Path:
    """A MusicGen of 100 frames a second; one of two channels writes the codes of both in turn."""
    from transformers import (
        EncodecConfig,
        EncodecModel,
        MusicgenConfig,
        MusicgenDecoderConfig,
        MusicgenForConditionalGeneration,
        T5Config,
    )

    torch.manual_seed(11)
    text = T5Config(vocab_size=905, d_model=16, d_kv=8, d_ff=32, num_layers=2, num_heads=2, decoder_start_token_id=0)
    codec = EncodecConfig(
        target_bandwidths=[2.4],
        sampling_rate=RATE,
        num_filters=4,
        hidden_size=8,
        upsampling_ratios=[4, 2],
        codebook_size=CODES,
        num_lstm_layers=1,
        use_causal_conv=causal,
    )
    decoder = MusicgenDecoderConfig(
        vocab_size=CODES,
        max_position_embeddings=256,
        num_hidden_layers=2,
        ffn_dim=64,
        num_attention_heads=2,
        hidden_size=32,
        num_codebooks=BOOKS * channels,
        audio_channels=channels,
        pad_token_id=CODES,
        bos_token_id=CODES,
    )
    config = MusicgenConfig(text_encoder=text.to_dict(), audio_encoder=codec.to_dict(), decoder=decoder.to_dict())
    model = MusicgenForConditionalGeneration(config).eval()
    assert isinstance(model.audio_encoder, EncodecModel)
    with torch.no_grad():
        tiny.moved(model.decoder, 0.2)  # so that no code is a matter of course
        for layer in model.audio_encoder.quantizer.layers:
            layer.codebook.embed.copy_(torch.randn_like(layer.codebook.embed))
    told = model.generation_config
    told.decoder_start_token_id = told.pad_token_id = told.bos_token_id = CODES
    told.eos_token_id = None
    folder = root / name
    model.save_pretrained(folder)
    for file in TOKENIZER.iterdir():
        shutil.copyfile(file, folder / file.name)
    return folder
