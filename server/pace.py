"""Slow down a client that sends too much."""

import asyncio
import time


class Pace:
    """Lets `burst` messages through at once, then `rate` a second; the others wait."""

    def __init__(self, *, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._left = self._burst
        self._at = time.monotonic()

    async def step(self) -> None:
        """Wait until the next message may be read."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate) - 1
        self._at = now
        if self._left < 0:
            await asyncio.sleep(-self._left / self._rate)
