"""Write files so that a reader sees a whole one or none, even if the writer was killed."""

import os
import threading
import time
from pathlib import Path

_ABANDONED = 3600  # seconds; no writer takes so long for one file


def write_whole(path: Path, data: bytes) -> None:
    """Write a file aside, sync it and rename it."""
    path.parent.mkdir(exist_ok=True, mode=0o700)
    partial = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    try:
        with open(partial, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def abandoned(partial: Path) -> bool:
    """Say whether what was written aside belongs to a writer that was killed."""
    return older(partial, _ABANDONED)


def older(path: Path, seconds: float) -> bool:
    """Say whether a file was last written longer ago than this; one that is gone was not."""
    try:
        return path.stat().st_mtime < time.time() - seconds
    except FileNotFoundError:  # another has renamed or removed it
        return False
