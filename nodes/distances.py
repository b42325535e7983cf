"""Measure how far apart two clouds of features lie, and how wide one of them is: plain mathematics, in float64."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray


def frechet(real: Float[ndarray, "n width"], made: Float[ndarray, "m width"]) -> float:
    """Give the Fréchet distance of two normal distributions fitted to features (Heusel et al. 2017, FID).

    The trace of the root of a product is taken from a symmetric matrix with the same eigenvalues, which needs no root
    of a matrix that is not symmetric, as the reference does, and gives no imaginary part to be thrown away.
    """
    import numpy as np

    real, made = real.astype(np.float64), made.astype(np.float64)
    one, other = np.cov(real, rowvar=False), np.cov(made, rowvar=False)
    values, vectors = np.linalg.eigh(np.atleast_2d(one))
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    mixed = np.linalg.eigvalsh(root @ np.atleast_2d(other) @ root)
    apart = ((real.mean(0) - made.mean(0)) ** 2).sum()
    return max(0.0, float(apart + np.trace(one) + np.trace(other) - 2 * np.sqrt(mixed.clip(min=0)).sum()))


def kernel_distance(real: Float[ndarray, "n width"], made: Float[ndarray, "m width"], *, gamma: float) -> float:
    """Give the unbiased square of the maximum mean discrepancy (Bińkowski et al. 2018, KID); it may be below 0.

    The kernel is the cube of `gamma` times the product of two features, plus 1. Every pair of two different pictures
    counts once; the two sets need not be of one size.
    """
    import numpy as np

    real, made = real.astype(np.float64), made.astype(np.float64)
    across = (gamma * real @ made.T + 1) ** 3
    return float(_within(real, gamma) + _within(made, gamma) - 2 * across.mean())


def _within(features: Float[ndarray, "n width"], gamma: float) -> float:
    import numpy as np

    kernel = (gamma * features @ features.T + 1) ** 3
    return float((kernel.sum() - np.trace(kernel)) / (len(kernel) * (len(kernel) - 1)))


def mean_distance(features: Float[ndarray, "n width"]) -> float:
    """Give the mean cosine distance of two different pictures: 0 where all are alike."""
    near = _cosines(features)
    return float(1 - (near.sum() - len(near)) / (len(near) * (len(near) - 1)))


def effective_number(features: Float[ndarray, "n width"]) -> float:
    """Give the Vendi score (Friedman and Dieng 2023): how many wholly different pictures would be as diverse."""
    import numpy as np

    shares = np.linalg.eigvalsh(_cosines(features) / len(features))
    shares = shares[shares > 1e-12]
    return float(np.exp(-(shares * np.log(shares)).sum()))


def _cosines(features: Float[ndarray, "n width"]) -> Float[ndarray, "n n"]:
    import numpy as np

    unit = features.astype(np.float64)
    unit = unit / np.linalg.norm(unit, axis=1, keepdims=True).clip(min=1e-12)
    near: Float[ndarray, "n n"] = unit @ unit.T
    return near
