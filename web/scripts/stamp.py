"""Say whether server/static was built from web/: repeats scripts/stamp.mjs, without Node.

python web/scripts/stamp.py        # exits with 1 and says what to do where the bundle is older
"""

import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("public", "src")
FILES = ("index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts")
MEND = "run `make web` and commit server/static"


def stamp(web: Path) -> dict[str, object]:
    """Give the stamp of the sources: the SHA-256 over every path and the SHA-256 of its bytes, by path."""
    found = [path for folder in FOLDERS for path in (web / folder).rglob("*") if path.is_file()]
    paths = sorted([*(path.relative_to(web).as_posix() for path in found), *FILES], key=str.encode)
    whole = hashlib.sha256()
    for path in paths:
        digest = hashlib.sha256((web / path).read_bytes()).hexdigest()
        whole.update(f"{path}\0{digest}\n".encode())
    return {"files": len(paths), "sha256": whole.hexdigest()}


def complaint(root: Path = ROOT) -> str | None:
    """Say what is wrong with the bundle of a checkout; None where it is whole and as new as its sources."""
    static = root / "server" / "static"
    missing = [name for name in _needed(static) if not (static / name).is_file()]
    if missing:
        return f"server/static/{missing[0]} is missing: {MEND}"
    if json.loads((static / "stamp.json").read_text()) != stamp(root / "web"):
        return f"the web bundle in server/static is older than web/: {MEND}"
    return None


def _needed(static: Path) -> list[str]:
    """Name the page, the stamp, and the files that the page names."""
    page = static / "index.html"
    named = re.findall(r'"/static/([^"]+)"', page.read_text()) if page.is_file() else []
    return ["index.html", "stamp.json", *named]


if __name__ == "__main__":
    sys.exit(complaint())
