"""Write outputs as files.

Guarantees
1. A file that holds something else is never overwritten: the new one gets a short digest in its name.
2. Writing the same output again writes nothing, and gives the same path.
3. A reader sees a whole file or none.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from blake3 import blake3

from cli.report import Saved
from engine import NodeFailed, Stored
from engine.outputs import Outputs

Finish = Callable[[bytes, str, str], bytes]  # a file, the name of its output and the digest of its value -> the file


def save(outputs: Outputs, folder: Path, finish: Finish) -> dict[str, Saved]:
    """Write every output that was made."""
    from nodes.views import files

    saved: dict[str, Saved] = {}
    for name in outputs:
        try:
            digest = outputs.ref(name)
        except NodeFailed:
            continue  # told already, as the failure of its node
        stored = outputs.stored(name)
        each = digest if isinstance(digest, tuple) else (digest,)
        made = [(one, file) for one, value in zip(each, stored, strict=True) for file in files(value)]
        paths = write(name, made, folder, finish)
        saved[name] = Saved(paths, _type(stored, listed=isinstance(digest, tuple)), digest)
    return saved


def write(name: str, made: Sequence[tuple[str, tuple[str, bytes]]], folder: Path, finish: Finish) -> list[Path]:
    """Write the files of one output: of each the digest of its value, then its suffix and bytes."""
    return [
        _write(folder, stem, suffix, finish(data, name, digest))
        for stem, (digest, (suffix, data)) in zip(_stems(name, len(made)), made, strict=True)
    ]


def _stems(name: str, count: int) -> Iterator[str]:
    stem = name.replace("/", "-")
    return iter([stem]) if count == 1 else (f"{stem}-{number}" for number in range(count))


def _type(stored: Sequence[Stored], *, listed: bool) -> str:
    kind = stored[0].type if stored else "None"
    return f"list[{kind}]" if listed else kind


def _write(folder: Path, stem: str, suffix: str, data: bytes) -> Path:
    """Write a file under its plain name, or with a digest where that is taken by something else."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in (folder / f"{stem}{suffix}", folder / f"{stem}-{blake3(data).hexdigest()[:8]}{suffix}"):
        if path.is_file() and path.read_bytes() == data:
            return path
        if not path.exists():
            break
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path
