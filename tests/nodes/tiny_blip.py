"""Tiny BLIPs with random weights, saved in transformers' layout with tokenizer and processor."""

import json
from pathlib import Path
from typing import Any, Final

import torch

from tests.nodes import tiny

CLASSES: Final = {"caption": "BlipForConditionalGeneration", "answer": "BlipForQuestionAnswering"}
PROCESSOR: Final = {
    "image_processor_type": "BlipImageProcessor",
    "do_convert_rgb": True,
    "do_normalize": True,
    "do_rescale": True,
    "do_resize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.25, 0.25, 0.25],
    "resample": 3,
    "rescale_factor": 1 / 255,
    "size": {"height": 16, "width": 16},
}


def blip(root: Path, kind: str = "caption") -> Path:
    import transformers

    folder = root / f"tiny-blip-{kind}"
    words = tiny.tokenizer(folder)
    words.model_max_length = 32
    words.save_pretrained(folder)
    size = {"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4}
    marks = {"bos_token_id": words.bos_token_id, "sep_token_id": words.eos_token_id, "pad_token_id": 0}
    text = {**size, **marks, "vocab_size": len(words), "encoder_hidden_size": 32, "max_position_embeddings": 32}
    torch.manual_seed(13)
    config = transformers.BlipConfig(
        text_config={**text, "eos_token_id": words.eos_token_id, "projection_dim": 32},
        vision_config={**size, "image_size": 16, "patch_size": 8},
        projection_dim=32,
    )
    _awake(getattr(transformers, CLASSES[kind])(config)).save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(PROCESSOR))
    return folder


def _awake(model: Any) -> Any:
    """Give every layer so much to say that what is written depends on the picture and on the place in the text."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim > 1:
                gain = 1.0 if "embedding" in name else 3.0 * parameter[0].numel() ** -0.5
                parameter.copy_(gain * torch.randn_like(parameter))
    return model
