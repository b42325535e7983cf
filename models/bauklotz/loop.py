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
from pathlib import Path

import torch
import torch.distributed as dist
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from models.bauklotz.flat import Flat
from models.bauklotz.recipe import Place, Recipe, Task


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
    torch.manual_seed(0)
    task = recipe.begin(place)
    flat = Flat(task.module, average=recipe.average)
    state = place.scratch / "state.safetensors"
    progress = _load(state, flat, steps) if resume and state.exists() else Progress(0, steps, 0.0)
    loop = _Loop(recipe, place, task, flat, state, time.monotonic() - progress.seconds)
    until = math.inf if minutes is None else time.monotonic() + 60 * minutes
    return loop.run(progress, until)


@dataclass(slots=True)
class _Loop:
    recipe: Recipe
    place: Place
    task: Task
    flat: Flat
    state: Path
    started: float

    def run(self, progress: Progress, until: float) -> Progress:
        pause = False
        while not (progress.done or pause):
            loss, norm, pause = self._step(progress, until)
            progress = Progress(progress.step + 1, progress.steps, time.monotonic() - self.started)
            self._keep(progress, loss, norm, last=progress.done or pause)
        return progress

    def _step(self, progress: Progress, until: float) -> tuple[float, float, bool]:
        loss = self.task.loss(progress.step)
        loss.backward()  # type: ignore[no-untyped-call]
        buffer = self.flat.buffer
        buffer[-1] = float(time.monotonic() > until)
        if self.place.ranks > 1:
            dist.all_reduce(buffer)
            buffer[:-1] /= self.place.ranks
        pause = bool(buffer[-1] > 0)
        norm = self.flat.step(rate_at(self.recipe, progress.step, progress.steps), count=progress.step)
        return float(loss.detach()), norm, pause

    def _keep(self, progress: Progress, loss: float, norm: float, *, last: bool) -> None:
        if self.place.rank:
            return
        if progress.step % 20 == 0:
            self._log(progress, {"loss": round(loss, 5), "norm": round(norm, 4)})
        if last or progress.step % self.recipe.save_every == 0:
            _save(self.state, self.flat, progress)
        if last or progress.step % self.recipe.report_every == 0:
            self._report(progress)

    def _report(self, progress: Progress) -> None:
        self.task.module.eval()
        with self.flat.averaged(), torch.no_grad():
            self._log(progress, self.task.report(progress.step))
            self.task.export()
        self.task.module.train()

    def _log(self, progress: Progress, values: Mapping[str, float]) -> None:
        line = {"step": progress.step, "steps": progress.steps, "seconds": round(progress.seconds, 1), **values}
        with (self.place.scratch / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")


def rate_at(recipe: Recipe, step: int, steps: int) -> float:
    """Give the learning rate: a linear warm-up, then half a cosine down to 2 percent."""
    warm = min(1.0, (step + 1) / recipe.warmup)
    return recipe.rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps))))


def _save(path: Path, flat: Flat, progress: Progress) -> None:
    beside = path.with_suffix(".partial")
    tensors = {name: t.contiguous().cpu() for name, t in flat.tensors().items()}
    marks = {"step": str(progress.step), "seconds": str(progress.seconds)}
    save_file(tensors, beside, metadata=marks)
    os.replace(beside, path)


def _load(path: Path, flat: Flat, steps: int) -> Progress:
    tensors: dict[str, Tensor] = {}
    with safe_open(path, framework="pt") as file:
        marks = file.metadata()
        for name in file.keys():
            tensors[name] = file.get_tensor(name)
    flat.load(tensors)
    return Progress(int(marks["step"]), steps, float(marks["seconds"]))
