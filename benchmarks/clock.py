"""Measure wall and processor time, and say how busy the machine was."""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the wall, and seconds that processors worked for this process and the children it waited for."""

    wall: float
    cpu: float


def timed(work: Callable[[], object]) -> Took:
    """Do some work once, and give how long it took."""
    gc.collect()
    wall, cpu = time.perf_counter(), _cpu()
    work()
    return Took(time.perf_counter() - wall, _cpu() - cpu)


def best(rounds: list[Took]) -> Took:
    """Give the least of each: what else runs on a machine only ever adds."""
    return Took(min(took.wall for took in rounds), min(took.cpu for took in rounds))


def middle(rounds: list[Took]) -> Took:
    """Give the median of each: fair where one side was measured more often, or for longer, than the other."""
    return Took(median(took.wall for took in rounds), median(took.cpu for took in rounds))


def busy() -> bool:
    """Say whether others take so much of the machine that wall time says little."""
    return os.getloadavg()[0] > 0.6 * (os.cpu_count() or 1)


def load() -> str:
    """Say what the machine was doing."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def _cpu() -> float:
    times = os.times()  # in hundredths of a second, which is coarse for this process, and good enough for its children
    return time.process_time() + times.children_user + times.children_system
