"""Make the folders of a server, for its owner only and for one server at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.settings import RefusedError


def private(path: Path) -> Path:
    """Make a folder that only its owner can read, or make it so."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.stat().st_mode & 0o077:
            os.chmod(path, 0o700)
    except OSError as error:
        raise RefusedError(f"{path}: {error.strerror}; choose another folder with --data") from None
    return path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a folder: a second server on it is refused."""
    lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedError(f"another server uses {path}; stop it, or choose another folder with --data") from None
        yield
    finally:
        os.close(lock)
