"""List the models that a document can name: names, kinds and sizes, never where they lie."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine import Files
from server.desk.answer import Answer, Question, as_json

EMBEDDED = "bauklotz"
_MARKS = ("model_index.json", "open_clip_config.json", "config.json")
_DEEPEST = 3
_MOST = 10_000


class Models:
    """Looks below the models folders."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def models(self, question: Question) -> Answer:
        """List the models, the embedded one first."""
        found: dict[str, dict[str, object]] = {EMBEDDED: {"name": EMBEDDED, "kind": "embedded", "bytes": None}}
        for root in self._files.roots:
            for name, path in _below(root):
                kind = "file" if path.is_file() else "folder"
                found.setdefault(name, {"name": name, "kind": kind, "bytes": _size(path)})
                if len(found) >= _MOST:
                    break
        return Answer(parts=[as_json(list(found.values()))])


def _below(root: Path) -> Iterator[tuple[str, Path]]:
    """Find model folders and single files, not looking inside a model."""
    for folder, inner, names in os.walk(root, followlinks=True):
        here = Path(folder)
        if any(mark in names for mark in _MARKS):
            inner.clear()
            yield here.relative_to(root).as_posix(), here
            continue
        _bound(inner, len(here.relative_to(root).parts))
        for name in sorted(names):
            if name.endswith(".safetensors"):
                yield (here / name).relative_to(root).as_posix(), here / name


def _bound(inner: list[str], depth: int) -> None:
    """Go down in order, and not for ever: links may lead in circles."""
    inner[:] = sorted(inner) if depth < _DEEPEST else []


def _size(path: Path) -> int:
    files: Sequence[Path] = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)
