"""Bring an encoder's latents to the size that the denoiser wants, and back."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from nodes.values import Scaling


def scaled(
    z: Float[Tensor, "batch channels height width"], by: Scaling
) -> Float[Tensor, "batch channels height width"]:
    """Scale for the denoiser; the order of the operations is the pipelines', so the bits are."""
    if not by.mean:
        return by.factor * z
    return (z - _row(by.mean, z)) * by.factor / _row(by.spread, z)


def unscaled(
    x: Float[Tensor, "batch channels height width"], by: Scaling
) -> Float[Tensor, "batch channels height width"]:
    """Scale back for the decoder."""
    if not by.mean:
        return x / by.factor
    return x * _row(by.spread, x) / by.factor + _row(by.mean, x)


def _row(values: Sequence[float], like: Tensor) -> Float[Tensor, "1 channels 1 1"]:
    import torch

    return torch.tensor(values).view(1, -1, 1, 1).to(like.device, like.dtype)
