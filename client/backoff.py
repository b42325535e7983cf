"""Wait before trying again: longer each time, and never the same for two clients."""

import random

SHORTEST, LONGEST = 0.25, 10.0


class Backoff:
    """Decorrelated jitter: each wait is at random between the shortest and three times the last."""

    def __init__(self) -> None:
        self._last = SHORTEST

    def next(self) -> float:
        """Give the seconds to wait now."""
        self._last = min(LONGEST, random.uniform(SHORTEST, 3 * self._last))
        return self._last

    def reset(self) -> None:
        """Begin with short waits again: it worked."""
        self._last = SHORTEST
