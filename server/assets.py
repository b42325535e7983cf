"""Take in a file that a person sends: received aside, looked at by a clerk, then put under its digest.

Guarantees
1. What was acknowledged is on the disk whole: the file is synced, renamed and its folder synced before it is told.
2. The same content twice is one asset.
3. A file that is refused, cut off or too large leaves nothing behind; what a killed server left is removed.
4. No name that a client sends becomes a path.
"""

import asyncio
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from blake3 import blake3

from server.clerks import Clerks, Row
from server.database import Database
from server.errors import ApiError
from server.faults import full, unavailable
from server.file_names import file_name
from server.guard import too_large
from server.limits import LIMITS
from server.records import Asset

_PIECE = 2**20  # bytes that are written at once
_STALE = 3_600.0  # seconds without a write; what could not be removed at its end is tried again then
_OURS = secrets.token_hex(8)  # begins the names of what this server receives: nobody else uses the folder


@dataclass(frozen=True, slots=True)
class Intake:
    """Where files are taken in. `reserve` is how many bytes stay free on the disk."""

    folder: Path
    reserve: int
    clerks: Clerks
    db: Database

    async def take(self, body: AsyncIterator[bytes], name: str) -> tuple[Asset, bool]:
        """Take in a file; False where its content was known. Raises ApiError for what cannot be taken."""
        partial = await asyncio.to_thread(self._partial)
        try:
            digest, size = await self._receive(body, partial)
            found = await self.clerks.inspect(partial)
            await asyncio.to_thread(_publish, partial, self.folder / digest)
        finally:
            await asyncio.to_thread(partial.unlink, missing_ok=True)
        made = _asset(digest, size, name, found)
        kept = await self.db.assets.put(made)
        return kept, kept == made

    def _partial(self) -> Path:
        """Name a file to receive into, where there is room for one more."""
        incoming = self.folder / "incoming"
        incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(incoming).free < self.reserve:
            raise full()
        if sum(1 for path in incoming.iterdir() if not _stale(path)) >= LIMITS.uploads:
            raise unavailable("too many files are being received", seconds=2)
        partial = incoming / f"{_OURS}.{secrets.token_hex(16)}"
        partial.touch(mode=0o600, exist_ok=False)
        return partial

    async def _receive(self, body: AsyncIterator[bytes], partial: Path) -> tuple[str, int]:
        """Write what comes to the disk, counting; give its digest and size."""
        hasher, size = blake3(), 0
        with _opened(partial) as file:
            async for piece in _pieces(body):
                size += len(piece)
                if size > LIMITS.upload_bytes:
                    raise too_large(LIMITS.upload_bytes)
                await asyncio.to_thread(_write, file, hasher, piece)
            await asyncio.to_thread(_sync, file)
        if size == 0:
            raise ApiError(422, "damaged_file", "the file is empty", hint="send its bytes as the body")
        return hasher.hexdigest(), size


async def _pieces(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Gather what comes into larger pieces."""
    waiting = bytearray()
    async for chunk in body:
        waiting += chunk
        if len(waiting) >= _PIECE:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


@contextmanager
def _opened(partial: Path) -> Iterator[BinaryIO]:
    with open(partial, "wb", buffering=0) as file:
        yield file


def _write(file: BinaryIO, hasher: blake3, piece: bytes) -> None:
    hasher.update(piece)
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest) :]


def _sync(file: BinaryIO) -> None:
    os.fsync(file.fileno())


def _publish(partial: Path, target: Path) -> None:
    """Give the file its name, so that it is there after a loss of power too."""
    partial.replace(target)
    descriptor = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _stale(path: Path) -> bool:
    """Say whether a file was left behind; then it is removed."""
    try:
        if path.name.startswith(_OURS) and time.time() - path.stat().st_mtime < _STALE:
            return False
        path.unlink(missing_ok=True)
    except FileNotFoundError:
        pass
    return True


def _asset(digest: str, size: int, name: str, found: Row) -> Asset:
    return Asset(digest=digest, name=file_name(name, found["media_type"]), size=size, created=time.time(), **found)
