"""Teach a small network in one go: what a training needs before it begins."""

from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor, nn

RATE: Final = 2e-3


def teach(net: nn.Module, loss: Callable[[int], Tensor], *, steps: int) -> None:
    """Train what is not frozen in a network for so many steps, each with the loss of its number."""
    learner = torch.optim.AdamW([p for p in net.parameters() if p.requires_grad], lr=RATE)
    pace = torch.optim.lr_scheduler.OneCycleLR(learner, RATE, total_steps=steps + 1)
    for step in range(steps):
        loss(step).backward()  # type: ignore[no-untyped-call]
        learner.step()
        learner.zero_grad()
        pace.step()
