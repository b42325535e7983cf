"""Keep heavy things loaded on the device, within a budget.

Guarantees
1. A handle is opened once, however many threads ask for it at the same moment.
2. What was used longest ago leaves first; a thing in use by a caller lives on until that caller lets go.
"""

import contextlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.files import Files


class Handle(Protocol):
    """A small frozen, hashable value that stands for something heavy."""

    def open(self, files: Files, device: str) -> Any:
        """Load it, ready to use on the device."""
        ...

    def footprint(self, files: Files) -> int:
        """Estimate the bytes it takes when loaded."""
        ...


@dataclass
class _Place:
    """One handle's place: its lock is held while it loads."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    thing: Any = None
    size: int = 0


class Residency:
    """The things that are loaded now."""

    def __init__(self, files: Files, *, device: str = "cpu", budget: int = 8 << 30) -> None:
        self.device = device
        self._files = files
        self._budget = budget
        self._places: OrderedDict[Handle, _Place] = OrderedDict()
        self._order_lock = threading.Lock()

    def load(self, handle: Handle) -> Any:
        """Give the thing behind a handle, opening it if it is not resident."""
        place = self._place(handle)
        with place.lock:
            if place.thing is None:
                size = handle.footprint(self._files)
                self._make_room(size, keep=handle)
                place.thing = handle.open(self._files, self.device)
                place.size = size
            return place.thing

    def prefetch(self, handle: Handle) -> None:
        """Begin loading on a thread of its own, so that it overlaps with computing; errors wait for `load`."""
        place = self._place(handle)
        if place.thing is None and not place.lock.locked():
            threading.Thread(target=self._try_load, args=(handle,), daemon=True, name="prefetch").start()

    def _try_load(self, handle: Handle) -> None:
        with contextlib.suppress(Exception):  # whoever needs it gets the error from its own load
            self.load(handle)

    def _place(self, handle: Handle) -> _Place:
        with self._order_lock:
            place = self._places.setdefault(handle, _Place())
            self._places.move_to_end(handle)
            return place

    def _make_room(self, size: int, *, keep: Handle) -> None:
        with self._order_lock:
            used = sum(place.size for place in self._places.values())
            for handle in list(self._places):
                if used + size <= self._budget:
                    return
                if handle != keep and self._places[handle].thing is not None:
                    used -= self._places.pop(handle).size
