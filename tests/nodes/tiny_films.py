"""Tiny models of films with random weights, saved as their pipelines' folders: Wan and LTX."""

import json
from pathlib import Path
from typing import Any

import torch

from tests.nodes.tiny import stirred

WORDS = ("red", "blue", "circle", "square", "large", "rolling", "a", "on", ",", "&")


def tokenizer() -> Any:
    """A T5 tokenizer with a handful of words; any other text is read by the letter."""
    from transformers import T5Tokenizer

    letters = [(chr(code), -9.0 - code / 100) for code in range(33, 127)]
    words = [(piece, -2.0 - number / 10) for number, word in enumerate(WORDS) for piece in ("▁" + word,)]
    special = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0)]
    return T5Tokenizer(vocab=[*special, *words, *letters], extra_ids=2, model_max_length=512)


def text_encoder(kind: str, words: int) -> Any:
    import transformers

    torch.manual_seed(0)
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=words, d_model=32, d_kv=8, d_ff=37, num_layers=2, num_heads=4, dropout_rate=0.1
    )
    return stirred(getattr(transformers, f"{kind}EncoderModel")(config))


def wan(root: Path, name: str = "tiny-wan", **index: Any) -> Path:
    """A WanPipeline folder."""
    from diffusers import AutoencoderKLWan, UniPCMultistepScheduler, WanTransformer3DModel

    torch.manual_seed(1)
    transformer = WanTransformer3DModel(
        patch_size=(1, 2, 2),
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=16,
        out_channels=16,
        text_dim=32,
        freq_dim=256,
        ffn_dim=32,
        num_layers=2,
        rope_max_seq_len=32,
    )
    torch.manual_seed(2)
    vae = AutoencoderKLWan(
        base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True]
    )
    flow = {"prediction_type": "flow_prediction", "use_flow_sigmas": True, "flow_shift": 3.0}
    words = tokenizer()
    parts = {
        "tokenizer": words,
        "text_encoder": text_encoder("UMT5", len(words)),
        "transformer": stirred(transformer),
        "vae": stirred(vae),
        "scheduler": UniPCMultistepScheduler(num_train_timesteps=1000, **flow),
    }
    one = {"transformer_2": [None, None], "boundary_ratio": None, "expand_timesteps": False}
    return _saved(root / name, parts, {"_class_name": "WanPipeline", **one, **index})


def ltx(root: Path, name: str = "tiny-ltx", **decoder: Any) -> Path:
    """An LTXPipeline folder."""
    from diffusers import AutoencoderKLLTXVideo, FlowMatchEulerDiscreteScheduler, LTXVideoTransformer3DModel

    torch.manual_seed(3)
    transformer = LTXVideoTransformer3DModel(
        in_channels=8,
        out_channels=8,
        num_attention_heads=4,
        attention_head_dim=8,
        cross_attention_dim=32,
        num_layers=2,
        caption_channels=32,
    )
    torch.manual_seed(4)
    vae = AutoencoderKLLTXVideo(
        latent_channels=8,
        block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 8, 8, 8),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1, 1),
        spatio_temporal_scaling=(True, True, False, False),
        decoder_spatio_temporal_scaling=(True, True, False, False),
        decoder_inject_noise=(False, False, False, False, False),
        upsample_residual=(False, False, False, False),
        upsample_factor=(1, 1, 1, 1),
        patch_size=4,
        **decoder,
    )
    vae.latents_mean.copy_(torch.randn(8))
    vae.latents_std.copy_(torch.rand(8) + 0.5)
    words = tokenizer()
    shifted = {"use_dynamic_shifting": True, "base_shift": 0.95, "max_shift": 2.05, "shift_terminal": 0.1}
    parts = {
        "tokenizer": words,
        "text_encoder": text_encoder("T5", len(words)),
        "transformer": stirred(transformer),
        "vae": stirred(vae),
        "scheduler": FlowMatchEulerDiscreteScheduler(base_image_seq_len=1024, max_image_seq_len=4096, **shifted),
    }
    return _saved(root / name, parts, {"_class_name": "LTXPipeline"})


def _saved(folder: Path, parts: dict[str, Any], index: dict[str, Any]) -> Path:
    for name, part in parts.items():
        part.save_pretrained(folder / name)
        index = {name: [type(part).__module__.split(".")[0], type(part).__name__], **index}
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder
