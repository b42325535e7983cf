"""Make the folders of a server, for its owner only."""

import os
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
