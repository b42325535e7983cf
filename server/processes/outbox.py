"""What waits to be sent to the server: state in order and whole, progress and previews only as they stand last.

Guarantees
1. State is sent in the order it was put, none is lost, and whoever puts it waits when much of it waits.
2. Progress and previews are sent at most so often, and never after what was put later.
"""

import threading
import time
from collections.abc import Hashable

from server.pipe import encoded

_FULL = 1_000  # frames
_OFTEN = 0.05  # seconds


class Outbox:
    """Frames that wait; several threads put, one takes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frames: dict[Hashable, bytes] = {}
        self._states = 0
        self._number = 0
        self._taken = 0.0

    def put(self, header: dict[str, object], payload: bytes = b"") -> None:
        """Have a state sent."""
        frame = encoded(header, payload)
        with self._changed:
            self._changed.wait_for(lambda: self._states < _FULL)
            self._number += 1
            self._frames[self._number] = frame
            self._states += 1
            self._changed.notify_all()

    def replace(self, key: Hashable, header: dict[str, object], payload: bytes = b"") -> None:
        """Have this sent soon, instead of what waits under the same key."""
        frame = encoded(header, payload)
        with self._changed:
            self._frames[("newest", key)] = frame
            self._changed.notify_all()

    def take(self) -> bytes:
        """Wait for something to send, and take all of it."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._frames))
            left = self._taken + _OFTEN - time.monotonic()
            if left > 0:
                self._changed.wait_for(lambda: self._states > 0, timeout=left)
            self._taken = time.monotonic()
            frames = b"".join(self._frames.values())
            self._frames.clear()
            self._states = 0
            self._changed.notify_all()
        return frames
