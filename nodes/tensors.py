"""Move tensors between torch and the engine's raw form, bit for bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.codec import DTYPES, Blob

if TYPE_CHECKING:
    from torch import Tensor

_SPELLING = {torch_name: name for name, torch_name in DTYPES.items()} | {"bool": "BOOL"}


def blob(tensor: Tensor) -> Blob:
    """Give a tensor's bytes without copying, where it lies contiguous on the CPU; whoever takes them must not write."""
    import torch

    flat = tensor.detach().contiguous().cpu().reshape(-1)
    data = flat.view(torch.uint8).numpy().data if flat.numel() else b""
    return Blob(_SPELLING[str(tensor.dtype).removeprefix("torch.")], tuple(tensor.shape), data)


def tensor(blob: Blob) -> Tensor:
    """Give a tensor of its own with these bytes."""
    import torch

    dtype: torch.dtype = getattr(torch, DTYPES[blob.dtype])
    if not len(memoryview(blob.data)):
        return torch.empty(blob.shape, dtype=dtype)
    return torch.frombuffer(bytearray(blob.data), dtype=dtype).reshape(blob.shape)


def size(*tensors: Tensor | None) -> int:
    """Count bytes."""
    return 64 + sum(each.numel() * each.element_size() for each in tensors if each is not None)


def like(net: Any) -> Tensor:
    """Give a weight of a network: `x.to(like(net))` brings x to its device and precision.

    The libraries' own `net.device` looks at every module for it, at a share of a small picture's whole time.
    """
    first: Tensor = next(net.parameters())
    return first
