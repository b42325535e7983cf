"""Keep live values in memory, within a budget of bytes.

What is cheap to make and large leaves first (Greedy-Dual-Size: Cao and Irani, 1997): a value's worth is its seconds per
byte on top of a clock that rises with every eviction, so that what was not used for long ages.
"""

import heapq
import threading
from dataclasses import dataclass
from typing import Any

from engine.digest import Digest
from engine.errors import Missing


@dataclass(slots=True)
class _Entry:
    value: Any
    size: int
    seconds: float
    worth: float


class MemoryTier:
    """Values by digest."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._entries: dict[Digest, _Entry] = {}
        self._heap: list[tuple[float, Digest]] = []
        self._clock = 0.0
        self.used = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, digest: Digest) -> bool:
        return digest in self._entries

    def get(self, digest: Digest) -> Any:
        """Give a value, or raise Missing."""
        entry = self._entries.get(digest)
        if entry is None:
            raise Missing(digest)
        entry.worth = self._clock + _worth(entry)
        return entry.value

    def put(self, digest: Digest, value: Any, *, size: int, seconds: float) -> None:
        """Keep a value if it fits at all."""
        if size > self._budget:
            return
        with self._lock:
            if digest in self._entries:
                return
            entry = _Entry(value, size, seconds, 0.0)
            entry.worth = self._clock + _worth(entry)
            self._entries[digest] = entry
            heapq.heappush(self._heap, (entry.worth, digest))
            self.used += size
            self._make_room()

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._heap.clear()
            self.used = 0

    def _make_room(self) -> None:
        while self.used > self._budget:
            worth, digest = heapq.heappop(self._heap)
            entry = self._entries[digest]
            if entry.worth > worth:  # it was used since: weigh it anew
                heapq.heappush(self._heap, (entry.worth, digest))
                continue
            self._clock = worth
            self.used -= self._entries.pop(digest).size


def _worth(entry: _Entry) -> float:
    return max(entry.seconds, 1e-6) / max(entry.size, 1)
