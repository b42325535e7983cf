"""Measure how the time of some work grows with its size, which is the same on a slow machine and a fast one."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LINEAR = 25  # at most, at ten times the size: linear work takes about 10 times as long, quadratic work 100 times


def growth(work: Callable[[int], Callable[[], object]], small: int, large: int) -> float:
    """Give how many times as long the large work takes as the small, in processor time; `work` prepares a size.

    The least of three: neighbours on the machine slow the large work down more than the small.
    """
    one, other = work(large), work(small)
    with _no_garbage_collection():
        return min(_seconds(one) / _seconds(other) for _ in range(3))


def _seconds(task: Callable[[], object]) -> float:
    start = time.process_time()
    task()
    return time.process_time() - start


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Keep the rest of the heap out of the measurement, which other tests fill."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
