"""The training loop that all recipes share.

Guarantees
1. Step n computes the same whether or not the training was paused before it.
2. The state file is whole: it is written beside and then renamed.
3. The schedule depends on the step alone; minutes only pause.
"""

import json
import math
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass

import torch
import torch.distributed as dist
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from models.bauklotz.flat import Flat
from models.bauklotz.recipe import Place, Recipe, Remembering


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a training stands."""

    step: int
    steps: int
    seconds: float

    @property
    def done(self) -> bool:
        """Say whether the schedule has ended."""
        return self.step >= self.steps


def run_loop(recipe: Recipe, place: Place, *, steps: int, resume: bool, minutes: float | None) -> Progress:
    """Train until the schedule ends or the minutes are over."""
    training = Training(recipe, place, steps=steps, resume=resume)
    until = math.inf if minutes is None else time.monotonic() + 60 * minutes
    pause = False
    while not (training.progress.done or pause):
        pause = training.advance(pause=time.monotonic() > until)
        step, last = training.progress.step, training.progress.done
        if last or pause or step % recipe.save_every == 0:
            training.save()
        if last or step % recipe.report_every == 0:
            training.report()
    return training.progress


class Training:
    """One network being trained by its recipe."""

    def __init__(self, recipe: Recipe, place: Place, *, steps: int, resume: bool) -> None:
        torch.manual_seed(0)
        self.recipe = recipe
        self.place = place
        self.task = recipe.begin(place)
        self.flat = Flat(self.task.module, average=recipe.average)
        self.state = place.scratch / "state.safetensors"
        self.progress = Progress(0, steps, 0.0)
        if resume and self.state.exists():
            self._load()
        self.started = time.monotonic() - self.progress.seconds

    def advance(self, *, pause: bool = False) -> bool:
        """Make one step; say whether any rank wants to pause."""
        progress = self.progress
        loss = self.task.loss(progress.step)
        loss.backward()  # type: ignore[no-untyped-call]
        buffer = self.flat.buffer
        buffer[-1] = float(pause)
        if self.place.ranks > 1:
            dist.all_reduce(buffer)
            buffer[:-1] /= self.place.ranks
        pause = bool(buffer[-1] > 0)
        norm = self.flat.step(rate_at(self.recipe, progress.step, progress.steps), count=progress.step)
        self.progress = Progress(progress.step + 1, progress.steps, time.monotonic() - self.started)
        if self.progress.step % 20 == 0:
            self._log({"loss": round(float(loss.detach()), 5), "norm": round(norm, 4)})
        return pause

    def save(self) -> None:
        """Write everything that the next step depends on."""
        if self.place.rank:
            return
        beside = self.state.with_suffix(".partial")
        tensors = {name: t.contiguous().cpu() for name, t in {**self.flat.tensors(), **self._memory()}.items()}
        marks = {"step": str(self.progress.step), "seconds": str(self.progress.seconds)}
        save_file(tensors, beside, metadata=marks)
        os.replace(beside, self.state)

    def report(self) -> None:
        """Measure and export the averaged weights."""
        if self.place.rank:
            return
        self.task.module.eval()
        with self.flat.averaged(), torch.no_grad():
            self._log(self.task.report(self.progress.step))
            self.task.export()
        self.task.module.train()

    def _load(self) -> None:
        with safe_open(self.state, framework="pt") as file:
            self.flat.load({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
            for name, tensor in self._memory().items():
                tensor.copy_(file.get_tensor(name))
            marks = file.metadata()
        self.progress = Progress(int(marks["step"]), self.progress.steps, float(marks["seconds"]))

    def _memory(self) -> dict[str, Tensor]:
        kept = self.task.memory() if isinstance(self.task, Remembering) else {}
        return {f"task.{name}": tensor for name, tensor in kept.items()}

    def _log(self, values: Mapping[str, float]) -> None:
        if self.place.rank:
            return
        progress = self.progress
        line = {"step": progress.step, "steps": progress.steps, "seconds": round(progress.seconds, 1), **values}
        with (self.place.scratch / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")


def rate_at(recipe: Recipe, step: int, steps: int) -> float:
    """Give the learning rate: a linear warm-up, then half a cosine down to 2 percent."""
    warm = min(1.0, (step + 1) / recipe.warmup)
    return recipe.rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps))))
