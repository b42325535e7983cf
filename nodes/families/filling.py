"""Build a module and put weights into it, in any thread.

The libraries' own loaders patch torch for the whole process while they build, so two of them at once, or one beside
somebody else's module, spoil each other. Here a module is built on the meta device of this thread alone.

Guarantees
1. Opening models in several threads at once gives the same modules as one after the other.
2. Every weight is set from the file, or the module is refused.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from engine.errors import InputError, in_a_line

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from nodes.handles import Precision

LOADING: Final = threading.Lock()
"""Held while transformers loads by itself: it patches torch meanwhile, and two at once would undo each other's."""


def filled(build: Callable[[], Any], weights: Mapping[str, Tensor], asked: Precision, device: str) -> Any:
    """Build a module, ready to use on the device, with these weights."""
    import torch

    with torch.device("meta"):
        module = build()
    dtype = precision(asked, device)
    try:
        module.load_state_dict({name: weight.to(dtype) for name, weight in weights.items()}, strict=True, assign=True)
    except RuntimeError as error:
        said = f"the weights do not fit {type(module).__name__}: {in_a_line(error)}"
        raise InputError(said, hint="take another checkpoint") from error
    _restore_constants(module)
    return module.eval().requires_grad_(False).to(device)


def precision(asked: Precision, device: str) -> torch.dtype:
    """Choose what to compute in: half precision is slow and coarse on a CPU, so that is float32 unless asked for."""
    import torch

    chosen: torch.dtype = getattr(torch, asked if asked != "auto" else "float32" if device == "cpu" else "float16")
    return chosen


def without_positions(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Leave out the counting buffer that old files of CLIP carry."""
    return {name: weight for name, weight in weights.items() if not name.endswith("position_ids")}


def _restore_constants(module: Any) -> None:
    """Make again what is in no file: positions of CLIP's text model and of Wan, what a prior's tokens may look at."""
    import torch

    for inner in module.modules():
        for name, buffer in inner.named_buffers(recurse=False):
            if buffer.is_meta and name == "causal_attention_mask":
                inner.causal_attention_mask = torch.full(buffer.shape, -10000.0).triu_(1)
            elif buffer.is_meta and name in ("freqs_cos", "freqs_sin"):
                where = (inner.attention_head_dim, inner.patch_size, inner.max_seq_len)
                setattr(inner, name, getattr(type(inner)(*where), name))
            elif buffer.is_meta:
                assert name == "position_ids", name
                inner.position_ids = torch.arange(buffer.shape[-1]).expand(1, -1)
