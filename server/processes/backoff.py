"""Wait longer after each failure in a row."""

import asyncio

_FIRST = 0.05
_LONGEST = 5.0


class Backoff:
    """Seconds that double from one failure to the next."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def succeeded(self) -> None:
        """Begin anew."""
        self._seconds = 0.0

    async def wait(self) -> None:
        """Wait after a failure; hardly at all after the first one."""
        await asyncio.sleep(self._seconds)
        self._seconds = min(_LONGEST, max(_FIRST, self._seconds * 2))
