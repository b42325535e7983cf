"""Know which actions are being computed now, in all runs of an engine, so that none is computed twice at once."""

import threading
from collections.abc import Callable

from engine.digest import Digest


class Inflight:
    """Claims on actions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Digest, list[Callable[[], None]]] = {}

    def claim(self, key: Digest, on_release: Callable[[], None]) -> bool:
        """Take an action; if another has it, `on_release` is called when that one has ended, well or not."""
        with self._lock:
            if key in self._waiting:
                self._waiting[key].append(on_release)
                return False
            self._waiting[key] = []
            return True

    def release(self, key: Digest) -> None:
        with self._lock:
            waiting = self._waiting.pop(key, [])
        for on_release in waiting:
            on_release()
