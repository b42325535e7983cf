"""The built editor, and what says whether it is as new as its sources."""

import json
import runpy
from pathlib import Path
from typing import Any

from tests.web.npm import ROOT

STATIC = ROOT / "server" / "static"
_SCRIPT: dict[str, Any] = runpy.run_path(str(ROOT / "web" / "scripts" / "stamp.py"))


def complaint(root: Path = ROOT) -> str | None:
    """Say what is wrong with the bundle of a checkout, as the build of a wheel would."""
    said = _SCRIPT["complaint"](root)
    assert said is None or isinstance(said, str)
    return said


def stamp_anew(root: Path) -> None:
    """Say of the bundle of a checkout that it was built from the sources beside it."""
    (root / "server" / "static" / "stamp.json").write_text(json.dumps(_SCRIPT["stamp"](root / "web")))


def files(folder: Path) -> dict[str, bytes]:
    """Give the files below a folder, by their names."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
