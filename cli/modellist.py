"""Print the models that a document can name."""

import os
from collections.abc import Iterator
from pathlib import Path

import typer

from cli.compose import files

EMBEDDED = "bauklotz"
_MARKS = ("model_index.json", "open_clip_config.json", "config.json")


def print_models() -> None:
    """Print a line for each model: its name, its size, and where it lies."""
    typer.echo(f"{EMBEDDED}  (comes with promptograph)")
    for root in files().roots:
        for name, path in _below(root):
            typer.echo(f"{name}  {_size(path) / 1e6:,.1f} MB  {path}")


def _below(root: Path) -> Iterator[tuple[str, Path]]:
    """Find model folders and single files, not looking inside a model."""
    for folder, inner, names in os.walk(root, followlinks=True):
        here = Path(folder)
        if any(mark in names for mark in _MARKS):
            inner.clear()
            yield here.relative_to(root).as_posix(), here
            continue
        inner.sort()
        if len(here.relative_to(root).parts) >= 3:
            inner.clear()
        for name in sorted(names):
            if name.endswith(".safetensors"):
                yield (here / name).relative_to(root).as_posix(), here / name


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
