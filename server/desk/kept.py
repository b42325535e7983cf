"""Read kept values from the cache folder without copying them: a large one is mapped, not loaded.

Guarantees
1. A value is checked against its digest before anything of it is shown; a damaged one is as good as gone.
"""

import json
import mmap
import os
import struct
from pathlib import Path
from typing import Any

from engine.codec import Blob, Stored
from engine.digest import Digest, digest_of
from engine.disk import DiskTier
from engine.errors import Missing
from engine.spec import Json
from engine.summary import summarize

_LONGEST_HEADER = 100_000_000


class Kept:
    """The values of one cache folder."""

    def __init__(self, disk: DiskTier) -> None:
        self._disk = disk

    def file(self, digest: Digest) -> Path | None:
        """Give the file that a larger value lies in, if there is one."""
        path = self._disk.folder / "values" / digest[:2] / f"{digest}.safetensors"
        return path if path.is_file() else None

    def value(self, digest: Digest) -> Stored:
        """Give a value, checked, or raise Missing. Its tensors may be views of a file, which stays open with them."""
        path = self.file(digest)
        if path is None:
            return self._disk.get(digest)
        try:
            stored = _mapped(path)
            if digest_of(stored) == digest:
                return stored
        except (OSError, ValueError, KeyError, TypeError, struct.error):
            pass
        return self._disk.get(digest)  # which removes it if it is damaged

    def summary(self, digest: Digest) -> Json:
        """Sum a value up; None where it is gone."""
        known = self._disk.summary(digest)
        if known is not None and self._disk.has(digest):
            return known
        try:
            return summarize(self.value(digest))
        except Missing:
            return None


def _mapped(path: Path) -> Stored:
    """Read what `engine.codec.pack` wrote, with tensors that are views of the file."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        whole = memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))
    finally:
        os.close(descriptor)
    (length,) = struct.unpack_from("<Q", whole)
    if length > min(_LONGEST_HEADER, len(whole) - 8):
        raise ValueError("the header is longer than the file")
    header = json.loads(bytes(whole[8 : 8 + length]))
    kind, fields = json.loads(header.pop("__metadata__")["promptograph"])
    content = whole[8 + length :]
    return Stored(kind, fields, {name: _blob(entry, content) for name, entry in header.items()})


def _blob(entry: Any, content: memoryview) -> Blob:
    start, end = entry["data_offsets"]
    if not 0 <= start <= end <= len(content):
        raise ValueError("a tensor lies outside of the file")
    return Blob(entry["dtype"], tuple(entry["shape"]), content[start:end])
