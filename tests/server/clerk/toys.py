"""Node types that hurt whoever asks about them, and one that has migrated."""

import ctypes
import os
import time
from collections.abc import Sequence
from pathlib import Path

from engine import Files, Run, catalog, node
from graphs import NodeMigration


def _slowly(seconds: float, files: Files) -> Sequence[Path]:
    time.sleep(seconds)
    return ()


def _deadly(way: str, files: Files) -> Sequence[Path]:
    match way:
        case "segfault":
            ctypes.string_at(0)
        case "exit":
            os._exit(3)
        case "memory":
            return [Path(str(bytes(2**31)))]
        case "torch":
            import torch

            return [Path(torch.__version__)]
        case "secret":
            return [Path(os.environ.get("PROMPTOGRAPH_TOKEN", "none"))]
    raise RuntimeError(f"cannot read /home/someone/{way}")


@node(reads=_slowly)
def slow(seconds: float = 0.0) -> float:
    """Take long to be planned."""
    return seconds


@node(reads=_deadly)
def deadly(way: str = "") -> str:
    """End whoever plans it."""
    return way


@node(version=2)
def add(a: int, b: int = 1) -> int:
    """Add two numbers."""
    return a + b


@node()
def open_file(path: str = "", asset: str = "", model: str = "", *, run: Run) -> str:
    """Fail to open a file, with whatever is said then."""
    if asset:
        return str(run.files.asset(asset))
    if model:
        return str(run.files.source(model))
    return Path(path).expanduser().read_text()


HOSTILE = catalog([slow, deadly, add, open_file])
MIGRATED = catalog([add], migrations={"Add": [NodeMigration(to=2, inputs={"left": "a", "right": "b"})]})
