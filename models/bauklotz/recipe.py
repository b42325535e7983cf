"""What a training recipe says, and what the loop asks of a network in training."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import torch
import torch.distributed as dist
from torch import Tensor, nn

SHIPPED: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process of the training runs."""

    device: torch.device
    out: Path
    """The folder of the weights, in the libraries' layouts."""
    scratch: Path
    """The folder of the log, of sample pictures and of what a training makes for itself."""
    rank: int = 0
    ranks: int = 1

    def part(self, name: str) -> Path:
        """Find a network that was trained before: below `out`, or else the one that ships."""
        own = self.out / name
        return own if own.exists() else SHIPPED / name

    def ready(self, name: str, make: Callable[[Path], None]) -> Path:
        """Give the file or folder `name` of the scratch folder, made when the training began; all processes call this.

        One of them makes it, the others wait. What is half made is never taken, and making it moves no random state.
        """
        path = self.scratch / name
        if not self.rank and not path.exists():
            beside = path.with_name(f"{name}.partial")
            with torch.random.fork_rng(devices=[]):
                make(beside)
            beside.replace(path)
        if self.ranks > 1:
            dist.barrier()
        return path

    def seed(self, start: int, number: int) -> int:
        """Give a seed that no other process has, from `start` on, for the batch or the pool of a number."""
        return start + number * self.ranks + self.rank


class Task(Protocol):
    """A network in training: it makes its own batches, from the number of the step."""

    @property
    def module(self) -> nn.Module:
        """The network whose parameters are trained."""
        ...

    def loss(self, step: int) -> Tensor:
        """Give the loss of this step's batch; the batch depends on the step and the rank only."""
        ...

    def report(self, step: int) -> Mapping[str, float]:
        """Measure the averaged weights, and draw samples into the scratch folder."""
        ...

    def export(self) -> None:
        """Write the averaged weights in their library's layout."""
        ...


@runtime_checkable
class Remembering(Protocol):
    """A task that needs more than the weights in training to go on: a teacher, say."""

    def memory(self) -> Mapping[str, Tensor]:
        """Give the tensors to keep; they are written in place when a training goes on."""
        ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one network is trained; `steps` is the length of the cosine schedule."""

    name: str
    begin: Callable[[Place], Task]
    steps: int
    rate: float
    warmup: int = 100
    average: float = 0.997
    report_every: int = 500
    save_every: int = 250
    ranks: int = 1
    """How many processes share a step; the bits depend on it."""
