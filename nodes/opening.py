"""Let transformers open what lies in a folder.

Guarantees
1. Nothing is downloaded, and no code that lies in the folder is run.
2. Weights are read from .safetensors files alone, and every weight is set from them, or the model is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.errors import InputError, in_a_line
from nodes.families.filling import LOADING

_FAULTS = (OSError, RuntimeError, ValueError, TypeError, KeyError, ImportError, AttributeError)


def opened(kind: Any, folder: Path, *, spare: tuple[str, ...] = (), **options: Any) -> Any:
    """Give a model in full precision and in eval mode; weights whose names begin with one of `spare` may be missing."""
    import torch

    with LOADING:
        try:
            model, told = kind.from_pretrained(
                folder,
                dtype=torch.float32,
                output_loading_info=True,
                use_safetensors=True,
                trust_remote_code=False,
                **options,
            )
        except _FAULTS as error:
            said = f"transformers cannot open this model: {in_a_line(error)}"
            raise InputError(said, hint="take another folder") from error
    if missing := sorted(name for name in told["missing_keys"] if not name.startswith(spare)):
        raise InputError(f"the weights have no {missing[0]}", hint="the folder is not whole")
    return model.eval().requires_grad_(False)


def opened_beside(kind: Any, folder: Path) -> Any:
    """Give what goes with a model: its tokenizer, or what prepares its pictures."""
    try:
        return kind.from_pretrained(folder, trust_remote_code=False)
    except _FAULTS as error:
        said = f"{kind.__name__} of transformers cannot open this folder: {in_a_line(error)}"
        raise InputError(said, hint="the folder is not whole") from error
