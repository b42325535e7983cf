"""Tiny language models with random weights, saved in transformers' layout with a tokenizer."""

from pathlib import Path
from typing import Any, Final

import torch

from tests.nodes import tiny

KINDS: Final = ("gpt2", "llama")
TEMPLATE: Final = (
    "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<answer>{% endif %}"
)
_SIZES: Final[dict[str, dict[str, Any]]] = {
    "gpt2": {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64},
    "llama": {
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 64,
    },
}


def language(root: Path, kind: str = "gpt2", *, chat: bool = False) -> Path:
    from transformers import AutoConfig, AutoModelForCausalLM

    folder = root / f"tiny-language-{kind}{'-chat' * chat}"
    words = tiny.tokenizer(folder)
    if chat:
        words.chat_template = TEMPLATE
    words.model_max_length = 64
    words.save_pretrained(folder)
    torch.manual_seed(11)
    marks = {"bos_token_id": words.bos_token_id, "eos_token_id": words.eos_token_id}
    config = AutoConfig.for_model(kind, vocab_size=len(words), **marks, **_SIZES[kind])
    # so far that no token is a matter of course
    tiny.moved(AutoModelForCausalLM.from_config(config), 0.3).save_pretrained(folder)
    return folder
