"""The newest progress or previews of each node, as they are sent: what may be dropped.

Guarantees
1. A reader gets the newest of each node, however late it comes.
2. What is put can be read after the next `show`: at most one of each node for each showing.
3. A bounded number of bytes is held; beyond that the oldest are dropped.
"""

from collections.abc import Hashable, Iterator

Frame = str | bytes


class Latest:
    """Holds the newest frame of each key: of a node, say; `version` counts what was shown."""

    def __init__(self, *, size: int) -> None:
        self.version = 0
        self._waiting = _Bounded(size)
        self._shown = _Bounded(size)

    def __bool__(self) -> bool:
        return bool(self._waiting or self._shown)

    def put(self, key: Hashable, frame: Frame) -> None:
        """Replace what waits under the same key."""
        self._waiting.put(key, 0, frame)

    def show(self) -> bool:
        """Let readers have what waits; say whether there was anything."""
        found = bool(self._waiting)
        for key, (_, frame) in self._waiting.take_all():
            self.version += 1
            self._shown.put(key, self.version, frame)
        return found

    def since(self, version: int) -> list[tuple[int, Frame]]:
        """Give what was shown after a version, the oldest first, each with its version."""
        return [*self._shown.newest_first(version)][::-1] if version < self.version else []

    def drop(self, key: Hashable) -> None:
        """Forget a node, because its state has moved on."""
        self._waiting.pop(key)
        self._shown.pop(key)


class _Bounded:
    """Holds one numbered frame of each node, the newest last, and at most so many bytes."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held = 0
        self._frames: dict[Hashable, tuple[int, Frame]] = {}

    def __bool__(self) -> bool:
        return bool(self._frames)

    def put(self, key: Hashable, version: int, frame: Frame) -> None:
        self.pop(key)
        self._frames[key] = (version, frame)
        self._held += len(frame)
        while self._held > self._size:
            self.pop(next(iter(self._frames)))

    def pop(self, key: Hashable) -> None:
        if (found := self._frames.pop(key, None)) is not None:
            self._held -= len(found[1])

    def take_all(self) -> list[tuple[Hashable, tuple[int, Frame]]]:
        taken = list(self._frames.items())
        self._frames.clear()
        self._held = 0
        return taken

    def newest_first(self, version: int) -> Iterator[tuple[int, Frame]]:
        for found in reversed(self._frames.values()):
            if found[0] <= version:
                return
            yield found
