"""The latest state events of one run, as they are sent.

Guarantees
1. What is given after a number follows it without a hole; where that cannot be, nothing is given.
2. It holds a bounded number of events and bytes, however many are added.
"""

from collections import deque
from collections.abc import Sequence
from itertools import islice


class Ring:
    """Holds events that end with number `last`; `last` is -1 before the first."""

    def __init__(self, *, events: int, size: int) -> None:
        self.last = -1
        self._events: deque[bytes] = deque()
        self._most = events
        self._size = size
        self._held = 0

    @property
    def first(self) -> int:
        return self.last - len(self._events) + 1

    def add(self, events: Sequence[bytes], last: int) -> None:
        """Add events that end with number `last`; those known are left out, and a hole forgets what is before it."""
        if last <= self.last:
            return
        new = events[max(0, len(events) - (last - self.last)) :]
        self.reach(last - len(new))
        self.last = last
        self._events.extend(new)
        self._held += sum(map(len, new))
        while len(self._events) > self._most or self._held > self._size:
            self._forget(1)

    def reach(self, last: int) -> None:
        """Learn that events up to `last` exist, which are not held here."""
        if last > self.last:
            self._forget(len(self._events))
            self.last = last

    def after(self, n: int, *, size: int) -> Sequence[bytes]:
        """Give the events that follow `n`: of at most `size` bytes, but at least one; none where they are not held."""
        if not self.first - 1 <= n < self.last:
            return ()
        found: list[bytes] = []
        for event in islice(self._events, n + 1 - self.first, None):
            size -= len(event)
            if size < 0 and found:
                break
            found.append(event)
        return found

    def _forget(self, count: int) -> None:
        for _ in range(count):
            self._held -= len(self._events.popleft())
