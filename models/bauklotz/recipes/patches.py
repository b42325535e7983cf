"""Fit a linear code of 4 x 4 patches: the principal components, and a codebook by k-means.

Guarantees
1. The same scenes give the same code.
2. Each channel of the code has unit variance over training scenes.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from models.bauklotz.draw import draw
from models.bauklotz.scene import training_scenes

PATCH: Final = 4
SCENES: Final = 2000


@dataclass(frozen=True, slots=True)
class PatchCode:
    """code = (patch - mean) @ down, patch ~ code @ up + mean; a patch is [3 * 4 * 4] in -1..1."""

    mean: Tensor
    down: Tensor  # [48, channels]
    up: Tensor  # [channels, 48]

    def encode(self, picture: Tensor) -> Tensor:
        """Encode pictures [n, 3, h, w] in -1..1 into [n, channels, h / 4, w / 4]."""
        kernel = self.down.T.reshape(-1, 3, PATCH, PATCH)
        return F.conv2d(picture, kernel, -(self.mean @ self.down), stride=PATCH)

    def to(self, device: torch.device) -> Self:
        """Move the code to a device."""
        return type(self)(self.mean.to(device), self.down.to(device), self.up.to(device))


def fit_patches(channels: int, *, scenes: int = SCENES) -> tuple[PatchCode, Tensor]:
    """Give the linear code and the codes [n, channels] it was fitted on."""
    picture = torch.from_numpy(draw(training_scenes(3_000_000, scenes, pairs=0.6))) * 2 - 1
    patches = F.unfold(picture, PATCH, stride=PATCH).transpose(1, 2).reshape(-1, 3 * PATCH * PATCH)
    mean = patches.mean(0)
    values, vectors = torch.linalg.eigh((patches - mean).T @ (patches - mean) / len(patches))
    order = values.argsort(descending=True)[:channels]
    basis = vectors[:, order]
    basis = basis * basis.sum(0).sign()
    spread = values[order].sqrt()
    code = PatchCode(mean, basis / spread, (basis * spread).T)
    return code, (patches - mean) @ code.down


def fit_codebook(codes: Tensor, size: int, *, rounds: int = 12) -> Tensor:
    """Find `size` vectors near the codes [n, channels] by k-means; flat patches count for little."""
    rng = np.random.default_rng(0)
    rounded, counts = torch.unique((codes * 200).round(), dim=0, return_counts=True)
    unique, weight = rounded / 200, counts.float().sqrt()
    share = (weight / weight.sum()).double().numpy()
    chosen = rng.choice(len(unique), size=min(len(unique), 60_000), replace=False)
    start = rng.choice(len(unique), size=size, replace=False, p=share / share.sum())
    points, weight = unique[chosen], weight[chosen]
    book: Tensor = unique[start]
    for _ in range(rounds):
        nearest = torch.cdist(points, book).argmin(1)
        total = torch.zeros(size).index_add_(0, nearest, weight)
        moved = torch.zeros_like(book).index_add_(0, nearest, points * weight[:, None])
        book = torch.where(total[:, None] > 0, moved / total[:, None].clamp(min=1e-9), book)
    return book
