"""Tiny CLIPs and DINOs with random weights, saved in the libraries' own layouts."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from tests.nodes import tiny

SIDE = 32
_PICTURES = {"mean": [0.4, 0.5, 0.6], "std": [0.2, 0.3, 0.25], "interpolation": "bicubic", "resize_mode": "shortest"}


def clip(root: Path, name: str = "tiny-clip", *, seed: int = 0, embed: int = 16, **more: Any) -> Path:
    """A CLIP folder in open_clip's layout."""
    from open_clip.model import CLIP

    folder = root / name
    words = tiny.tokenizer(root / "words")
    words.save_pretrained(folder)
    config: dict[str, Any] = {
        "embed_dim": embed,
        "vision_cfg": {"image_size": SIDE, "patch_size": 8, "width": 32, "layers": 2, "head_width": 8},
        "text_cfg": {
            "context_length": tiny.LENGTH,
            "vocab_size": len(words),
            "width": 32,
            "heads": 4,
            "layers": 2,
            "hf_tokenizer_name": "tiny",
            "tokenizer_kwargs": {"clean": "whitespace"},
        },
    }
    torch.manual_seed(seed)
    model = tiny.moved(CLIP(**config), 0.05)
    save_file(
        {key: each.contiguous() for key, each in model.state_dict().items()}, folder / "open_clip_model.safetensors"
    )
    written = {"model_cfg": config | more, "preprocess_cfg": _PICTURES}
    (folder / "open_clip_config.json").write_text(json.dumps(written))
    return folder


DINOS = ("vit", "dinov2", "dinov2_with_registers", "dinov3_vit", "dinov3_convnext")


def dino(root: Path, kind: str = "dinov2") -> Path:
    """A DINO folder in transformers' layout."""
    from transformers import AutoConfig, AutoModel, BitImageProcessor

    folder = root / f"tiny-{kind}"
    size: dict[str, Any] = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "patch_size": 8}
    if kind == "dinov3_convnext":
        size = {"hidden_sizes": [8, 8, 16, 16], "depths": [1, 1, 1, 1]}
    if kind == "dinov3_vit":
        size["num_register_tokens"] = 4
    torch.manual_seed(4)
    tiny.moved(AutoModel.from_config(AutoConfig.for_model(kind, image_size=64, **size)), 0.05).save_pretrained(folder)
    BitImageProcessor(size={"height": 64, "width": 64}, do_center_crop=False).save_pretrained(folder)
    return folder
