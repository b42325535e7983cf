"""The SQLite index of a cache folder: how it is opened, how its rows are marked, what is said when it cannot be used.

SQLite does not check its pages, so an action's row carries a digest of itself.
"""

import contextlib
import errno
import fcntl
import json
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from engine.action import Action, Ref
from engine.digest import Digest, digest_of_json
from engine.errors import CacheError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS action
  (key TEXT PRIMARY KEY, type TEXT, outputs TEXT, parts TEXT, seconds REAL, at REAL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS action_type ON action (type, at);
CREATE TABLE IF NOT EXISTS value
  (digest TEXT PRIMARY KEY, data BLOB, size INTEGER, seconds REAL, used REAL, summary TEXT);
CREATE TABLE IF NOT EXISTS file
  (path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, inode INTEGER, digest TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pin
  (process INTEGER, digest TEXT, PRIMARY KEY (process, digest)) WITHOUT ROWID;
PRAGMA user_version = 1;
"""
_KEEP = """
CREATE TABLE IF NOT EXISTS keep
  (holder TEXT, digest TEXT, PRIMARY KEY (holder, digest)) WITHOUT ROWID;
"""


def open_index(path: Path) -> sqlite3.Connection:
    """Open an index, or make one; one that is no database any more is moved aside. One process at a time does so."""
    with open(path.with_name("open.lock"), "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # SQLite does not wait for one another where it changes to a log
        return _opened(path)


def _opened(path: Path) -> sqlite3.Connection:
    index = sqlite3.connect(path, timeout=20, check_same_thread=False)
    try:
        _prepare(index)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter where the error's own text is damaged
        index.close()
        if isinstance(error, sqlite3.OperationalError):
            raise
        _move_aside(path)  # an unreadable index is an empty one
        return _opened(path)
    return index


def _move_aside(path: Path) -> None:
    """Take an index out of use; SQLite deletes a log that it finds beside no index."""
    with contextlib.suppress(FileNotFoundError):  # another process has done so
        path.replace(path.with_name(f"index.damaged-{time.time_ns()}.sqlite"))


def _prepare(index: sqlite3.Connection) -> None:
    index.execute("PRAGMA journal_mode = WAL")
    index.execute("PRAGMA synchronous = NORMAL")
    index.execute("PRAGMA wal_autocheckpoint = 10000")  # pages; a checkpoint syncs
    index.execute("PRAGMA cache_size = -32768")  # KiB; keys are scattered, so a run comes by all pages again and again
    (version,) = index.execute("PRAGMA user_version").fetchone()
    if version == 0:
        # another process may do so at the same moment
        index.executescript(f"BEGIN EXCLUSIVE; {_SCHEMA}{_KEEP} COMMIT;")
    elif version == 1:
        index.executescript(_KEEP)  # an older program of this format leaves the table alone
    else:
        raise CacheError(
            f"the cache folder is of format {version}, this program knows 1", hint="name another with --cache"
        )


def marked_outputs(key: Digest, action: Action) -> str:
    """Write an action's outputs with a mark of the whole row, because SQLite does not check its pages."""
    return json.dumps([_mark(key, action), action.outputs])


def action_of(key: Digest, kind: str, outputs: str, parts: str, seconds: float) -> Action | None:
    """Read a row; None if it is damaged."""
    try:
        mark, refs = json.loads(outputs)
        action = Action(kind, {port: _ref(ref) for port, ref in refs.items()}, parts, seconds)
        return action if mark == _mark(key, action) else None
    except (ValueError, TypeError, AttributeError):
        return None


def _mark(key: Digest, action: Action) -> Digest:
    return digest_of_json([key, action.type, action.outputs, action.parts, float(action.seconds)])


def _ref(ref: Digest | list[Digest]) -> Ref:
    return tuple(ref) if isinstance(ref, list) else ref


@dataclass(frozen=True, slots=True)
class Told:
    """Within it, what is wrong with a folder is said in words that help; it is entered for every row."""

    folder: Path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (OSError, sqlite3.DatabaseError, UnicodeDecodeError)):
            full = (
                getattr(error, "errno", None) == errno.ENOSPC
                or getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
            )
            reason = "the disk is full" if full else str(error)
            raise CacheError(f"cannot use the cache folder {self.folder}: {reason}", hint=_mend(full)) from error


def _mend(full: bool) -> str:
    return "free some space, or " * full + "name another folder with --cache, or run with --no-cache"
