"""Add noise as the denoiser is trained to take it away."""

import numpy as np
import torch
from torch import Tensor

from models.bauklotz.unet import STEPS


def times(rng: np.random.Generator, count: int, early: float) -> Tensor:
    """Draw t = U ** early for so many rows, in steps: below 1, more of those in which the text decides."""
    return torch.from_numpy((STEPS * rng.random(count) ** early).astype(np.int64)).clamp(max=STEPS - 1)


def noise_like(tensor: Tensor, rng: np.random.Generator) -> Tensor:
    """Draw noise of a tensor's shape, onto its device; the same on every device."""
    return torch.from_numpy(rng.standard_normal(tuple(tensor.shape), dtype=np.float32)).to(tensor.device)


def noised(alphas: Tensor, latent: Tensor, noise: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    """Give latents [n, ...] with noise of steps t [n], and v = sqrt(a) eps - sqrt(1 - a) x0 (Salimans & Ho 2022)."""
    a = alphas[t].reshape(-1, *(1,) * (latent.ndim - 1))
    return a.sqrt() * latent + (1 - a).sqrt() * noise, a.sqrt() * noise - (1 - a).sqrt() * latent
