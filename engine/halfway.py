"""Keep the halfway states of actions, so that who was killed goes on from where it was.

Guarantees
1. A state comes back whole and unchanged, or not at all.
2. A state that nobody went on from leaves after a week.
"""

from collections.abc import Mapping
from pathlib import Path

from engine.codec import Blob, Stored, pack, unpack
from engine.digest import Digest, digest_of
from engine.index import Told
from engine.whole_file import abandoned, older, write_whole

_SUFFIX = ".safetensors"
_STALE = 7 * 24 * 3600  # seconds


class Halfway:
    """A folder with one file for each action that is halfway."""

    def __init__(self, folder: Path, told: Told) -> None:
        self._folder = folder
        self._told = told

    def saved(self, key: Digest) -> Mapping[str, Blob] | None:
        """Give the state of an action, if a whole one is there."""
        try:
            found = unpack(self._path(key).read_bytes())
        except (OSError, ValueError):
            return None
        return found.tensors if found == _checked(key, found.tensors) else None

    def save(self, key: Digest, state: Mapping[str, Blob]) -> None:
        with self._told:
            write_whole(self._path(key), pack(_checked(key, state)))

    def forget(self, key: Digest) -> None:
        self._path(key).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove states that nobody went on from, and what killed writers left; give their number."""
        files = list(self._folder.glob("*.*"))
        gone = [path for path in files if (older(path, _STALE) if path.suffix == _SUFFIX else abandoned(path))]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def clear(self) -> None:
        for path in self._folder.iterdir():
            path.unlink(missing_ok=True)

    def _path(self, key: Digest) -> Path:
        return self._folder / f"{key}{_SUFFIX}"


def _checked(key: Digest, state: Mapping[str, Blob]) -> Stored:
    """Put a state beside its digest; no digest of it is known elsewhere."""
    return Stored("Halfway", digest_of(Stored("Halfway", key, state)), state)
