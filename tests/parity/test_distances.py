"""FID and KID are those of torchmetrics, on given features; it is asked where it is installed (`make test` does so)."""

import warnings
from typing import Any

import pytest
import torch

from nodes.evaluation import fid, kid
from nodes.values import Embedding

WIDTH = 24


def library(name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(f"torchmetrics.image.{name}")


class Given(torch.nn.Module):
    """A feature network that gives what it is given."""

    num_features = WIDTH

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        return features


def clouds(seed: int, real: int, made: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    mix = torch.randn(WIDTH, WIDTH, generator=generator)
    x, y = (torch.randn(count, WIDTH, generator=generator) for count in (real, made))
    return x @ mix, y @ (mix + 0.3 * torch.randn(WIDTH, WIDTH, generator=generator)) + 0.1 * seed


def embedded(vectors: torch.Tensor) -> Embedding:
    return Embedding(vectors, "s", ("",) * len(vectors))


@pytest.mark.parametrize("seed", range(4))
def test_fid_is_that_of_torchmetrics(seed: int) -> None:
    real, made = clouds(seed, 60 + 20 * seed, 90)
    metric = library("fid").FrechetInceptionDistance(feature=Given(), normalize=True).set_dtype(torch.float64)
    metric.update(real.double(), real=True)
    metric.update(made.double(), real=False)
    assert fid(embedded(real), embedded(made)).distance == pytest.approx(float(metric.compute()), rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_kid_is_that_of_torchmetrics(seed: int) -> None:
    """Subsets of everything: theirs are right for sets of one size only."""
    real, made = clouds(seed, 80, 80)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it will keep all features in memory
        metric = library("kid").KernelInceptionDistance(feature=Given(), normalize=True, subsets=1, subset_size=80)
    metric.update(real.double(), real=True)
    metric.update(made.double(), real=False)
    mean, _ = metric.compute()
    assert kid(embedded(real), embedded(made)).distance == pytest.approx(float(mean), rel=1e-9)
