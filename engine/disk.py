"""Keep actions and values in a folder that several processes share.

Guarantees
1. A value is never changed after it is stored.
2. A reader sees a whole value or none, even if a writer was killed: files are written aside, synced and renamed.
3. What is read is checked against its digest; damage is a miss, and the damaged entry is removed.
4. What was committed survives kill -9; what was not is at most a quarter of a second of cheap actions.
5. One process evicts at a time; what a living process has pinned stays.
6. What a document holds stays until the document lets it go.
"""

import contextlib
import fcntl
import json
import os
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.action import Action
from engine.codec import Stored, pack, unpack
from engine.digest import Digest, digest_of
from engine.errors import Missing
from engine.files import Fingerprint
from engine.halfway import Halfway
from engine.index import Told, action_of, marked_outputs, open_index
from engine.spec import Json
from engine.whole_file import abandoned, write_whole

SMALL = 4096  # bytes; values below this lie in the index itself
WORTH_KEEPING = 0.02  # seconds; larger values that were made faster are made again
_BATCH = 4096  # actions; the more at once, the more of them share a page of the index
_BATCH_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Usage:
    """What a cache folder holds."""

    actions: int
    values: int
    bytes: int


class DiskTier:
    """A cache folder: one SQLite index, and a safetensors file for each larger value."""

    def __init__(self, folder: Path, *, budget: int) -> None:
        self.folder = folder
        self._budget = budget
        self._lock = threading.RLock()
        self._told = Told(folder)
        self._actions: dict[Digest, Action] = {}
        self._rows: dict[Digest, tuple[bytes | None, int, float, str]] = {}
        self._files: dict[str, tuple[int, int, int, Digest]] = {}
        self._used: set[Digest] = set()
        self._touched: set[Digest] = set()  # by the runs that go on now; to be pinned
        self._pinned = False
        self._runs = 0
        self._flushed = time.monotonic()
        with self._told:
            (folder / "values").mkdir(parents=True, exist_ok=True, mode=0o700)
            (folder / "halfway").mkdir(exist_ok=True, mode=0o700)
            self.halfway = Halfway(folder / "halfway", self._told)
            self._index = open_index(folder / "index.sqlite")
            self._total = self._sum()

    def action(self, key: Digest) -> Action | None:
        with self._lock, self._told:
            if key in self._actions:
                return self._actions[key]
            row = self._index.execute(
                "SELECT type, outputs, parts, seconds FROM action WHERE key = ?", (key,)
            ).fetchone()
        return None if row is None else action_of(key, *row)

    def record(self, key: Digest, action: Action) -> None:
        """Remember an action; dear ones at once, cheap ones in batches."""
        with self._lock:
            self._actions[key] = action
        if action.seconds >= WORTH_KEEPING:
            self.flush()
        else:
            self.flush_if_due()

    def put(self, digest: Digest, stored: Stored, *, seconds: float, summary: Json) -> None:
        """Keep a value, if it is small or was dear to make."""
        size = stored.size
        self._touch(digest)
        if size <= SMALL:
            data = pack(stored)
        elif seconds < WORTH_KEEPING or self.has(digest):
            return
        else:
            data = None
            with self._told:
                write_whole(self._path(digest), pack(stored))
        with self._lock:
            self._rows.setdefault(digest, (data, size, seconds, json.dumps(summary)))

    def has(self, digest: Digest) -> bool:
        with self._lock, self._told:
            if digest in self._rows:
                return True
            row = self._index.execute("SELECT data IS NULL FROM value WHERE digest = ?", (digest,)).fetchone()
        return row is not None and (not row[0] or self._path(digest).exists())

    def get(self, digest: Digest) -> Stored:
        """Read a value and check it, or raise Missing."""
        try:
            stored = unpack(self._read(digest))
            if digest_of(stored) == digest:
                with self._lock:
                    self._used.add(digest)
                self._touch(digest)
                return stored
        except (ValueError, OSError):
            pass
        self.drop([digest])
        raise Missing(digest)

    def summary(self, digest: Digest) -> Json:
        with self._lock, self._told:
            if digest in self._rows:
                return json.loads(self._rows[digest][3])
            row = self._index.execute("SELECT summary FROM value WHERE digest = ?", (digest,)).fetchone()
        try:
            return None if row is None else json.loads(row[0])
        except ValueError:
            return None

    def latest(self, node_type: str, last: int = 20) -> list[Action]:
        """Give the latest actions of a node type, newest first."""
        self.flush()
        with self._lock, self._told:
            rows = self._index.execute(
                "SELECT key, type, outputs, parts, seconds FROM action WHERE type = ? ORDER BY at DESC LIMIT ?",
                (node_type, last),
            ).fetchall()
        return [action for action in (action_of(*row) for row in rows) if action is not None]

    def file_digest(self, fingerprint: Fingerprint) -> Digest | None:
        path, *rest = fingerprint
        with self._lock, self._told:
            row = (
                self._files.get(path)
                or self._index.execute("SELECT size, mtime, inode, digest FROM file WHERE path = ?", (path,)).fetchone()
            )
        return row[3] if row is not None and list(row[:3]) == rest else None

    def remember_file(self, fingerprint: Fingerprint, digest: Digest) -> None:
        with self._lock:
            self._files[fingerprint[0]] = (*fingerprint[1:], digest)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Pin what is read and written within, so that no process evicts it; commit what waits at the end."""
        with self._lock:
            self._runs += 1
        try:
            yield
            if self._runs == 1:
                self._touched.clear()  # a pin that would be gone at once need not be written
            self.flush()
        finally:
            with self._lock:
                self._runs -= 1
                if self._runs == 0:
                    self._unpin()

    def flush_if_due(self) -> None:
        if len(self._actions) >= _BATCH or time.monotonic() - self._flushed > _BATCH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Commit what waits, in one transaction."""
        with self._lock, self._told:
            self._flushed = time.monotonic()
            if not (self._actions or self._rows or self._files or self._used):
                return
            self._pinned = self._pinned or bool(self._touched)
            self._commit(time.time())
            self._total += sum(size for _, size, _, _ in self._rows.values())
            for waiting in (self._actions, self._rows, self._files, self._used, self._touched):
                waiting.clear()
        if self._total > self._budget:
            self.evict()

    def _commit(self, now: float) -> None:
        actions = sorted(self._actions.items())  # by key: rows of one page come together
        with self._index:
            self._index.executemany(
                "INSERT OR REPLACE INTO action VALUES (?, ?, ?, ?, ?, ?)",
                [(key, a.type, marked_outputs(key, a), a.parts, a.seconds, now) for key, a in actions],
            )
            self._index.executemany(
                "INSERT OR IGNORE INTO value VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (digest, data, size, seconds, now, summary)
                    for digest, (data, size, seconds, summary) in self._rows.items()
                ],
            )
            self._index.executemany(
                "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)",
                [(path, *row) for path, row in self._files.items()],
            )
            self._index.executemany(
                "UPDATE value SET used = ? WHERE digest = ?", [(now, digest) for digest in self._used]
            )
            self._index.executemany(
                "INSERT OR IGNORE INTO pin VALUES (?, ?)", [(os.getpid(), digest) for digest in self._touched]
            )

    def evict(self, *, down_to: int | None = None) -> int:
        """Remove what was used longest ago until the folder fits; give the bytes freed. Another evictor at work: 0."""
        goal = int(self._budget * 0.9) if down_to is None else down_to
        with self._told, self._evicting() as mine, self._lock:
            if not mine:
                return 0
            self.halfway.sweep()
            self._forget_nameless()
            self._total = before = self._sum()
            pinned = self._pins()
            doomed: list[Digest] = []
            for digest, size in self._index.execute("SELECT digest, size FROM value ORDER BY used").fetchall():
                if self._total <= goal:
                    break
                if digest not in pinned:
                    doomed.append(digest)
                    self._total -= size
            self.drop(doomed)
            return before - self._total

    def verify(self) -> list[Digest]:
        """Read every value, remove the damaged ones, and give their digests."""
        self.flush()
        damaged = []
        with self._lock, self._told:
            self._forget_nameless()
        for (digest,) in self._index.execute("SELECT digest FROM value").fetchall():
            try:
                self.get(digest)
            except Missing:
                damaged.append(digest)
        return damaged

    def sweep(self) -> int:
        """Remove files that no entry names, left by killed writers, and stale halfway states; give their number."""
        self.flush()
        known = {digest for (digest,) in self._index.execute("SELECT digest FROM value WHERE data IS NULL")}
        values = list(self.folder.glob("values/*/*.*"))
        orphans = [path for path in values if path.suffix == ".safetensors" and path.stem not in known]
        partial = [path for path in values if path.suffix != ".safetensors" and abandoned(path)]
        for path in (*orphans, *partial):
            path.unlink(missing_ok=True)
        return len(orphans) + len(partial) + self.halfway.sweep()

    def keep(self, holder: str, digests: Iterable[str]) -> None:
        """Keep these values for a holder, and no others any more; they may come later."""
        with self._lock, self._told:
            known = {row[0] for row in self._index.execute("SELECT digest FROM keep WHERE holder = ?", (holder,))}
            wanted = set(digests)
            if known == wanted:
                return
            with self._index:
                gone, new = [[(holder, digest) for digest in some] for some in (known - wanted, wanted - known)]
                self._index.executemany("DELETE FROM keep WHERE holder = ? AND digest = ?", gone)
                self._index.executemany("INSERT OR IGNORE INTO keep VALUES (?, ?)", new)

    def holders(self, prefix: str) -> list[str]:
        """List those that keep values and whose names begin so."""
        with self._lock, self._told:
            rows = self._index.execute("SELECT DISTINCT holder FROM keep").fetchall()
        return [holder for (holder,) in rows if holder.startswith(prefix)]

    def clear(self, *, held: bool = False) -> None:
        """Forget everything but the digests of files, and but what documents hold if `held` is not said."""
        self.flush()
        with self._lock, self._told:
            self._forget_nameless()
            if held:
                with self._index:
                    self._index.execute("DELETE FROM keep")
            kept = self._kept()
            known = [digest for (digest,) in self._index.execute("SELECT digest FROM value").fetchall()]
            self.drop([digest for digest in known if digest not in kept])
            with self._index:
                self._index.execute("DELETE FROM action")
            self.halfway.clear()
            self._total = self._sum()
        self.sweep()

    def usage(self) -> Usage:
        self.flush()
        (actions,) = self._index.execute("SELECT count(*) FROM action").fetchone()
        values, size = self._index.execute("SELECT count(*), coalesce(sum(size), 0) FROM value").fetchone()
        return Usage(actions, values, size)

    def close(self) -> None:
        try:
            self.flush()
            self._unpin()
        finally:
            self._index.close()

    def _touch(self, digest: Digest) -> None:
        if self._runs:
            with self._lock:
                self._touched.add(digest)

    def _read(self, digest: Digest) -> bytes:
        with self._lock, self._told:
            waiting = self._rows.get(digest)
            row = waiting or self._index.execute("SELECT data FROM value WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            raise Missing(digest)
        data = row[0]
        return data if data is not None else self._path(digest).read_bytes()

    def drop(self, digests: list[Digest]) -> None:
        """Forget values and remove their files."""
        with self._lock, self._told:
            for digest in digests:  # before the rows: on a full disk this makes the room that forgetting a row needs
                self._path(digest).unlink(missing_ok=True)
                self._rows.pop(digest, None)
            with self._index:
                self._index.executemany("DELETE FROM value WHERE digest = ?", [(digest,) for digest in digests])

    def _forget_nameless(self) -> None:
        """Remove rows so damaged that they name no value, before a name becomes a path."""
        with self._index:
            self._index.execute(
                "DELETE FROM value WHERE typeof(digest) != 'text' OR length(digest) != 64"
                " OR digest GLOB '*[^0-9a-f]*' OR typeof(size) != 'integer'"
            )

    def _unpin(self) -> None:
        self._touched.clear()
        if self._pinned:
            self._pinned = False
            with self._told, self._index:
                self._index.execute("DELETE FROM pin WHERE process = ?", (os.getpid(),))

    def _pins(self) -> set[Digest]:
        rows = self._index.execute("SELECT process, digest FROM pin").fetchall()
        alive = {process for process in {row[0] for row in rows} if _alive(process)}
        return self._kept() | {digest for process, digest in rows if process in alive}

    def _kept(self) -> set[Digest]:
        return {digest for (digest,) in self._index.execute("SELECT DISTINCT digest FROM keep")}

    def _sum(self) -> int:
        (total,) = self._index.execute("SELECT coalesce(sum(size), 0) FROM value").fetchone()
        return int(total)

    def _path(self, digest: Digest) -> Path:
        return self.folder / "values" / digest[:2] / f"{digest}.safetensors"

    @contextlib.contextmanager
    def _evicting(self) -> Iterator[bool]:
        with open(self.folder / "evict.lock", "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
