"""The graphs that ship with Promptograph, by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graphs.document import Graph
from graphs.errors import GraphError, did_you_mean
from graphs.migrate import NONE, Migrations

Library = Callable[[str], Graph]

FOLDER = Path(__file__).parent / "library"


def names() -> tuple[str, ...]:
    """List the names of the library graphs, sorted."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.json")))


def path(name: str) -> Path:
    """Give the file of a library graph."""
    if name not in names():
        raise GraphError(f"there is no library graph {name[:80]!r}", hint=did_you_mean(name, names()))
    return FOLDER / f"{name}.json"


def load(name: str, *, migrations: Migrations = NONE) -> Graph:
    """Load a library graph."""
    return Graph.load(path(name), migrations=migrations)
