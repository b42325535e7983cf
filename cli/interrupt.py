"""Stop a run on Ctrl-C or SIGTERM.

Guarantees
1. The first signal cancels the run; what is done stays done.
2. The process ends within two seconds, even if a node does not listen; a second signal ends it at once.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from engine import Cancel

PATIENCE = 1.8  # seconds; the cache is written within what is left of the two
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interrupts(cancel: Cancel, keep: Callable[[], None]) -> Iterator[None]:
    """Let signals cancel a run; `keep` writes what waits, before a process that does not stop is ended."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        if cancel.asked:
            os._exit(130)
        cancel.set()
        threading.Thread(target=_leave, args=(keep,), daemon=True, name="leave").start()

    before = {number: signal.signal(number, on_signal) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(keep: Callable[[], None]) -> None:
    time.sleep(PATIENCE)
    keeping = threading.Thread(target=keep, daemon=True, name="keep")
    keeping.start()
    keeping.join(timeout=2.0 - PATIENCE)  # the cache may be held by what does not stop
    os.write(2, b"cancelled; what did not stop was left behind\n")
    os._exit(130)
