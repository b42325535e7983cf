"""Threads that call nodes: one for the accelerator, few for the processor, many for waiting.

The threads are daemons, because a node that does not listen must not keep a cancelled process alive.
"""

import threading
from collections.abc import Callable, Mapping
from queue import SimpleQueue

from engine.spec import Lane

Work = Callable[[], None]
WIDTHS: Mapping[Lane, int] = {"gpu": 1, "cpu": 2, "io": 8}


class Lanes:
    """One queue for each lane, and threads that start as work comes in."""

    def __init__(self) -> None:
        self._queues: dict[Lane, SimpleQueue[Work | None]] = {lane: SimpleQueue() for lane in WIDTHS}
        self._unstarted = dict(WIDTHS)
        self._start_lock = threading.Lock()

    def submit(self, lane: Lane, work: Work) -> None:
        """Have a lane do some work; it must see to its own errors."""
        self._queues[lane].put(work)
        if self._unstarted[lane]:
            self._start(lane)

    def close(self) -> None:
        """Let the threads end when they are idle."""
        for lane, queue in self._queues.items():
            for _ in range(WIDTHS[lane] - self._unstarted[lane]):
                queue.put(None)

    def _start(self, lane: Lane) -> None:
        with self._start_lock:
            if self._unstarted[lane] == 0:
                return
            self._unstarted[lane] -= 1
        threading.Thread(target=self._work, args=(lane,), daemon=True, name=f"lane-{lane}").start()

    def _work(self, lane: Lane) -> None:
        queue = self._queues[lane]
        while (work := queue.get()) is not None:
            work()
