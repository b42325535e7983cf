"""A tiny Stable Audio and a tiny AudioLDM 2 with random weights, saved in diffusers' layout."""

from pathlib import Path
from typing import Any, Final

import torch

from tests.nodes import tiny, tiny_clap

RATE: Final = 800
PIECES: Final = ("a", "red", "circle", "loud", "soft", "tone", "rain", "o", "n", "s")


def words() -> Any:
    """A T5 tokenizer of a few pieces; what it does not know is spelt or unknown."""
    from transformers import T5Tokenizer

    marks = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)]
    pieces = [(f"\u2581{piece}", -3.0) for piece in PIECES] + [(piece, -4.0) for piece in PIECES]
    return T5Tokenizer(vocab=marks + pieces, extra_ids=0, model_max_length=12)


def t5(width: int) -> Any:
    from transformers import T5Config, T5EncoderModel

    config = T5Config(vocab_size=40, d_model=width, d_kv=8, d_ff=32, num_layers=2, num_heads=2)
    return tiny.moved(T5EncoderModel(config), 0.05)


def stable_audio(root: Path, *, width: int = 16, name: str = "tiny-stable-audio") -> Path:
    """A Stable Audio of two channels, whose sounds are up to 0.64 seconds long; its text is `width` wide."""
    from diffusers import (
        AutoencoderOobleck,
        CosineDPMSolverMultistepScheduler,
        StableAudioDiTModel,
        StableAudioProjectionModel,
    )

    torch.manual_seed(31)
    folder = root / name
    net = StableAudioDiTModel(
        sample_size=64,
        in_channels=4,
        num_layers=2,
        attention_head_dim=8,
        num_attention_heads=2,
        num_key_value_attention_heads=1,
        out_channels=4,
        cross_attention_dim=16,
        time_proj_dim=8,
        global_states_input_dim=32,
        cross_attention_input_dim=16,
    )
    vae = AutoencoderOobleck(
        encoder_hidden_size=8,
        downsampling_ratios=[2, 4],
        channel_multiples=[1, 2],
        decoder_channels=8,
        decoder_input_channels=4,
        audio_channels=2,
        sampling_rate=RATE,
    )
    projection = StableAudioProjectionModel(text_encoder_dim=width, conditioning_dim=16, min_value=0, max_value=4)
    networks = {"transformer": net, "vae": vae, "projection_model": projection}
    for part, module in networks.items():
        tiny.moved(module, 0.05).save_pretrained(folder / part)
    t5(width).save_pretrained(folder / "text_encoder")
    words().save_pretrained(folder / "tokenizer")
    CosineDPMSolverMultistepScheduler(sigma_max=80.0).save_pretrained(folder / "scheduler")
    return folder


def audioldm2(root: Path, *, name: str = "tiny-audioldm2") -> Path:
    """An AudioLDM 2 of 100 frames a second, in 16 bands."""
    from diffusers import AudioLDM2ProjectionModel, AudioLDM2UNet2DConditionModel, AutoencoderKL, DDIMScheduler
    from transformers import GPT2Config, GPT2LMHeadModel, SpeechT5HifiGan, SpeechT5HifiGanConfig

    clap = tiny_clap.clap(root, name="tiny-clap-of-audioldm2")
    torch.manual_seed(32)
    folder = root / name
    net = AudioLDM2UNet2DConditionModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        norm_num_groups=4,
        sample_size=16,
        in_channels=4,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=(None, 16),
        attention_head_dim=4,
    )
    vae = AutoencoderKL(
        block_out_channels=(8, 16),
        in_channels=1,
        out_channels=1,
        norm_num_groups=4,
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        latent_channels=4,
        scaling_factor=0.7,
    )
    projection = AudioLDM2ProjectionModel(
        text_encoder_dim=tiny_clap.EMBEDS, text_encoder_1_dim=16, langauge_model_dim=16
    )
    for part, module in {"unet": net, "vae": vae, "projection_model": projection}.items():
        tiny.moved(module, 0.05).save_pretrained(folder / part)
    writer = GPT2LMHeadModel(GPT2Config(n_embd=16, n_layer=2, n_head=2, vocab_size=8, n_positions=64, max_new_tokens=5))
    vocoder = SpeechT5HifiGan(
        SpeechT5HifiGanConfig(
            model_in_dim=16,
            sampling_rate=RATE,
            upsample_initial_channel=8,
            upsample_rates=[2, 4],
            upsample_kernel_sizes=[4, 8],
            resblock_kernel_sizes=[3, 7],
            resblock_dilation_sizes=[[1, 3, 5], [1, 3, 5]],
            normalize_before=False,
        )
    )
    for part, module in {"text_encoder_2": t5(16), "language_model": writer, "vocoder": vocoder}.items():
        tiny.moved(module, 0.05).save_pretrained(folder / part)
    _copied(clap, folder)
    words().save_pretrained(folder / "tokenizer_2")
    DDIMScheduler(
        beta_start=0.0015, beta_end=0.0195, beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False
    ).save_pretrained(folder / "scheduler")
    return folder


def _copied(clap: Path, folder: Path) -> None:
    """Use a CLAP as the first text encoder, with its tokenizer and what it hears with."""
    from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

    ClapModel.from_pretrained(clap).save_pretrained(folder / "text_encoder")
    AutoTokenizer.from_pretrained(clap).save_pretrained(folder / "tokenizer")
    ClapFeatureExtractor.from_pretrained(clap).save_pretrained(folder / "feature_extractor")
