"""Find files by name or by digest: assets that people brought, and model folders.

Guarantees
1. A name from a document never leads outside the asset folder and the model roots.
2. A file's digest is remembered by path, size, time and inode, so that unchanged files are not read again.
"""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from engine.digest import Digest, digest_of_file
from engine.errors import InputError

_ASSET = re.compile(r"asset:([0-9a-f]{64})")
_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")

Fingerprint = tuple[str, int, int, int]  # path, size, mtime_ns, inode


@dataclass(frozen=True)
class Files:
    """Assets, model roots, and the memory of which file has which digest."""

    folder: Path
    roots: Sequence[Path] = ()
    memo: MutableMapping[Fingerprint, Digest] = field(default_factory=dict)
    _seen: dict[Digest, Path] = field(default_factory=dict)

    @classmethod
    def default(cls) -> "Files":
        data = Path(platformdirs.user_data_dir("promptograph"))
        return cls(data, roots=(data / "models",))

    def digest(self, path: Path) -> Digest:
        """Digest a file, from memory where it has not changed since."""
        path = Path(os.path.abspath(path))
        try:
            stat = path.stat()
            fingerprint = (str(path), stat.st_size, stat.st_mtime_ns, stat.st_ino)
            known = self.memo.get(fingerprint)
            if known is None:
                known = self.memo[fingerprint] = digest_of_file(path)
        except OSError as error:
            raise InputError(
                f"cannot read {path}: {error.strerror or 'it is no file'}", hint="check the path and its permissions"
            ) from error
        self._seen[known] = path
        return known

    def find(self, digest: Digest) -> Path:
        """Give a file with this content, among those that were digested or imported."""
        for path in (self._seen.get(digest), self.folder / "assets" / digest):
            if path is not None and path.exists() and self.digest(path) == digest:
                return path
        raise InputError(
            f"no file with the digest {digest[:12]} is known", hint="import it again, or run the node that names it"
        )

    @contextlib.contextmanager
    def view(self, files: Mapping[str, Digest]) -> Iterator[Path]:
        """Lay out files under the given relative names, as links in a folder that is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="promptograph-") as folder:
            view = Path(folder)
            for name, digest in files.items():
                link = Path(os.path.normpath(view / name))
                if view not in link.parents:
                    raise InputError(f"{name[:80]!r} is not the name of a model's file", hint="get the model anew")
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(self.find(digest))
            yield view

    def asset(self, name: str) -> Path:
        """Give the file behind `asset:<digest>`."""
        match = _ASSET.fullmatch(name)
        if match is None:
            raise InputError(
                f"{name[:80]!r} is not an asset", hint="name a file as asset:<digest>; the command line imports @file"
            )
        path = self.folder / "assets" / match[1]
        if not path.is_file():
            raise InputError(f"asset {match[1][:12]} is not here", hint="import the file again with --set NAME=@file")
        return path

    def bring(self, path: Path) -> str:
        """Copy a file into the assets and give its name for a document."""
        digest = self.digest(path)
        target = self.folder / "assets" / digest
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = target.with_suffix(f".{os.getpid()}.partial")
            shutil.copyfile(path, partial)
            partial.replace(target)
        return f"asset:{digest}"

    def source(self, name: str) -> Path:
        """Give the model folder or file of this name below one of the roots."""
        if _SOURCE.fullmatch(name) is None:
            raise InputError(f"{name[:80]!r} is not a model name", hint="use letters, digits, '.', '_', '-' and '/'")
        for root in self.roots:
            if os.path.exists(root / name):  # which is false, not an error, for a name that is too long
                return root / name
        where = ", ".join(map(str, self.roots)) or "no folder is configured"
        raise InputError(f"no model named {name[:80]!r}", hint=f"put it below a models folder ({where})")

    def adopt(self, path: Path) -> str:
        """Make a model folder or file that lies elsewhere known by a name, and give the name."""
        root = self.roots[0]
        root.mkdir(parents=True, exist_ok=True)
        real = path.resolve(strict=True)
        name = re.sub(r"[^A-Za-z0-9._-]", "-", real.name).lstrip(".-_") or "model"
        taken = 1
        link = root / name
        while link.exists() and link.resolve() != real:
            taken += 1
            link = root / f"{taken}-{name}"
        if not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(real)
        return link.name
