"""Remember results: an action key names digests, a digest names a value.

Guarantees
1. A value is never changed after it is stored.
2. A reader sees a whole value or none, even if a writer was killed.
3. A damaged entry is a miss, never an answer.
"""

import contextlib
import itertools
import logging
import re
import statistics
from pathlib import Path
from typing import Any, Literal

from engine.action import Action
from engine.codec import Codecs, Held
from engine.digest import Digest, digest_of
from engine.disk import WORTH_KEEPING, DiskTier
from engine.errors import InputError, Missing
from engine.files import Fingerprint
from engine.memory import MemoryTier
from engine.spec import Json
from engine.summary import summarize

_log = logging.getLogger(__name__)

_ACTIONS = 200_000  # kept in memory; the oldest leave first
Tier = Literal["memory", "disk"]

_UNITS = {"": 1, "B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "TB": 1000**4}


class Cache:
    """Values and actions in two tiers: memory, and (if a folder is given) disk.

    Without a folder nothing outlives the process.
    """

    def __init__(
        self, folder: str | Path | None = None, *, memory: str | int = "2GB", disk: str | int = "20GB"
    ) -> None:
        self._actions: dict[Digest, Action] = {}
        self.memory = MemoryTier(in_bytes(memory))
        self.disk = None if folder is None else DiskTier(Path(folder), budget=in_bytes(disk))

    def recent(self, key: Digest) -> tuple[Action, Tier] | None:
        """Find what an action gave before, if memory knows it."""
        known = self._actions.get(key)
        return None if known is None else (known, "memory")

    def action(self, key: Digest) -> tuple[Action, Tier] | None:
        """Find what an action gave before, and in which tier it was known."""
        known = self.recent(key)
        if known is not None:
            return known
        action = self.disk.action(key) if self.disk is not None else None
        if action is None:
            return None
        self._remember(key, action)
        return action, "disk"

    def record(self, key: Digest, action: Action) -> None:
        """Remember what an action gave; its values are put first."""
        self._remember(key, action)
        if self.disk is not None:
            self.disk.record(key, action)

    def forget_saved(self, key: Digest) -> None:
        """Forget the halfway state of an action that is done."""
        if self.disk is not None:
            self.disk.halfway.forget(key)

    def latest(self, node_type: str) -> list[Action]:
        """Give the latest actions of a node type, newest first."""
        if self.disk is not None:
            return self.disk.latest(node_type)
        return [action for action in reversed(self._actions.values()) if action.type == node_type][:20]

    def usual_seconds(self, node_type: str) -> float | None:
        """Give how long nodes of a type took lately, None if none is remembered."""
        times = [action.seconds for action in self.latest(node_type)]
        return statistics.median(times) if times else None

    def put(self, value: Any, codecs: Codecs, *, seconds: float, keep: bool = False) -> tuple[Digest, Json]:
        """Keep a value that took so long to make; give its digest and summary. `keep` puts it on disk in any case."""
        stored = codecs.encode(value)
        digest = digest_of(stored)
        summary = summarize(stored)
        self.memory.put(digest, value, size=codecs.size(value), seconds=seconds)
        if self.disk is not None:
            self.disk.put(digest, stored, seconds=WORTH_KEEPING if keep else seconds, summary=summary)
        return digest, summary

    def value(self, digest: Digest, codecs: Codecs) -> Any:
        """Give a value, or raise Missing: also where it is there in a form that today's codec cannot read."""
        try:
            return self.memory.get(digest)
        except Missing:
            if self.disk is None:
                raise
        stored = self.disk.get(digest)
        try:
            value = codecs.decode(stored)
        except Exception as error:  # another version wrote it, or a codec of a pack is at fault
            _log.warning("a cached %s cannot be read, and is made again: %r", stored.type, error)
            self.disk.drop([digest])
            raise Missing(digest) from None
        self.memory.put(digest, value, size=codecs.size(value), seconds=0.0)
        return value

    def hold(self, digest: Digest) -> Held:
        """Take a value in hand, in the form that it is kept in; or raise Missing."""
        try:
            return Held(live=self.memory.get(digest))
        except Missing:
            if self.disk is None:
                raise
        return Held(packed=self.disk.get(digest))

    def has(self, digest: Digest) -> bool:
        return digest in self.memory or (self.disk is not None and self.disk.has(digest))

    def running(self) -> contextlib.AbstractContextManager[None]:
        """Keep what a run reads and writes within from eviction on disk; commit what waits at the end."""
        return contextlib.nullcontext() if self.disk is None else self.disk.running()

    def flush(self) -> None:
        if self.disk is not None:
            self.disk.flush()

    def flush_if_due(self) -> None:
        if self.disk is not None:
            self.disk.flush_if_due()

    def close(self) -> None:
        if self.disk is not None:
            self.disk.close()

    def _remember(self, key: Digest, action: Action) -> None:
        self._actions[key] = action
        if len(self._actions) > _ACTIONS:
            for old in tuple(itertools.islice(self._actions, _ACTIONS // 4)):
                self._actions.pop(old, None)


class FileMemo(dict[Fingerprint, Digest]):
    """File digests that outlive the process, in the cache's index."""

    def __init__(self, disk: DiskTier) -> None:
        super().__init__()
        self._disk = disk

    def get(self, fingerprint: Fingerprint, default: Any = None) -> Any:
        return super().get(fingerprint) or self._disk.file_digest(fingerprint) or default

    def __setitem__(self, fingerprint: Fingerprint, digest: Digest) -> None:
        super().__setitem__(fingerprint, digest)
        self._disk.remember_file(fingerprint, digest)


def in_bytes(size: str | int) -> int:
    """Read a size such as `20GB`."""
    if isinstance(size, int):
        return size
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?B?)", size.strip().upper())
    if match is None:
        raise InputError(f"{size!r} is not a size", hint="write it like 500MB or 20GB")
    return int(float(match[1]) * _UNITS[match[2] if match[2].endswith("B") or not match[2] else match[2] + "B"])
