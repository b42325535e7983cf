"""All parameters of a module as one vector, with AdamW and a running average of the weights.

Guarantees
1. The module's parameters are views of the vector: a step on the vector is a step on the module.
2. Inside `averaged` the module holds the average; outside, the weights being trained.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Flat:
    """Train a module through one flat vector of weights and one of gradients."""

    def __init__(self, module: nn.Module, *, average: float) -> None:
        parameters = [p for p in module.parameters() if p.requires_grad]
        self.average = average
        self.weight = nn.Parameter(torch.cat([p.detach().reshape(-1) for p in parameters]))
        # One element more than the weights: the ranks agree through it whether to pause.
        self.buffer = torch.zeros(self.weight.numel() + 1, device=self.weight.device)
        self.weight.grad = self.buffer[:-1]
        self.mean = self.weight.detach().clone()
        self.adam = torch.optim.AdamW([self.weight], betas=(0.9, 0.99), weight_decay=0.01)
        self._point(parameters)

    def _point(self, parameters: list[nn.Parameter]) -> None:
        start = 0
        for p in parameters:
            end = start + p.numel()
            p.data = self.weight.detach()[start:end].view_as(p)
            p.grad = self.buffer[start:end].view_as(p)
            start = end

    def step(self, rate: float, *, count: int, clip: float = 1.0) -> float:
        """Clip the gradient, step, and move the average; give the gradient's norm."""
        gradient = self.buffer[:-1]
        norm = float(gradient.norm())
        gradient.mul_(min(1.0, clip / (norm + 1e-6)))
        self.adam.param_groups[0]["lr"] = rate
        self.adam.step()
        # The average is short at first, so that it forgets the start.
        self.mean.lerp_(self.weight.detach(), 1 - min(self.average, (1 + count) / (10 + count)))
        self.buffer.zero_()
        return norm

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Put the average into the module for a while."""
        kept = self.weight.detach().clone()
        self.weight.detach().copy_(self.mean)
        try:
            yield
        finally:
            self.weight.detach().copy_(kept)

    def tensors(self) -> dict[str, Tensor]:
        """Give everything that the next step depends on."""
        state = self.adam.state.get(self.weight, {})
        zeros = torch.zeros_like(self.mean)
        return {
            "weight": self.weight.detach(),
            "mean": self.mean,
            "first": state.get("exp_avg", zeros),
            "second": state.get("exp_avg_sq", zeros),
            "count": torch.as_tensor(state.get("step", 0.0)).float().cpu(),
        }

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Go on from what `tensors` gave."""
        self.weight.detach().copy_(tensors["weight"])
        self.mean.copy_(tensors["mean"])
        self.adam.state[self.weight] = {
            "step": tensors["count"].clone(),
            "exp_avg": tensors["first"].to(self.mean.device).clone(),
            "exp_avg_sq": tensors["second"].to(self.mean.device).clone(),
        }
