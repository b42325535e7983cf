"""Tiny transformers over codes with random weights, saved in transformers' layout, for the tiny VQGAN."""

import json
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import save_file

from tests.nodes import tiny

CODES: Final = 64
ROWS: Final = 4
COLUMNS: Final = 4
KINDS: Final = ("gpt2", "llama")
LAYOUT: Final = {
    "space": "stable-diffusion-4x2",
    "codes": CODES,
    "prompt": tiny.LENGTH,
    "width": 32,
    "rows": ROWS,
    "columns": COLUMNS,
}


def image_transformer(root: Path, kind: str = "gpt2", *, side: int = 2, name: str = "", **layout: Any) -> Path:
    """A transformer that writes 4 x 4 tokens; each is a block of codes, or one code where `side` is 1."""
    from transformers import AutoConfig, AutoModelForCausalLM

    folder = root / (name or f"tiny-{kind}-{side}")
    tokens = CODES if side == 1 else 40
    length = tiny.LENGTH + ROWS * COLUMNS
    sizes: dict[str, Any] = {
        "gpt2": {"n_embd": 48, "n_layer": 2, "n_head": 4, "n_positions": length},
        "llama": {
            "hidden_size": 48,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "max_position_embeddings": length,
        },
    }
    torch.manual_seed(7)
    config = AutoConfig.for_model(kind, vocab_size=tokens, bos_token_id=None, eos_token_id=None, **sizes[kind])
    # so far that no token is a matter of course
    tiny.moved(AutoModelForCausalLM.from_config(config), 0.3).save_pretrained(folder)
    if side > 1:
        blocks = torch.randint(CODES, (tokens, side, side), dtype=torch.int16)
        save_file({"codes": blocks, "weights": torch.tensor([3.0, 2.0, 1.0, 0.5])}, folder / "blocks.safetensors")
    (folder / "promptograph.json").write_text(json.dumps(LAYOUT | layout))
    return folder


def blocks(folder: Path) -> torch.Tensor:
    """Give the blocks of such a folder [tokens, side, side]."""
    from safetensors.torch import load_file

    codes: torch.Tensor = load_file(folder / "blocks.safetensors")["codes"].long()
    return codes
