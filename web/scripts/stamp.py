"""Say whether server/static was built from web/: repeats scripts/stamp.mjs, without Node.

python web/scripts/stamp.py        # exits with 1 and says what to do where the bundle is older
"""

import hashlib
import json
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent
STAMP = WEB.parent / "server" / "static" / "stamp.json"
FOLDERS = ("public", "src")
FILES = ("index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts")


def stamp(web: Path = WEB) -> dict[str, object]:
    """Give the stamp of the sources: the SHA-256 over every path and the SHA-256 of its bytes, by path."""
    found = [path for folder in FOLDERS for path in (web / folder).rglob("*") if path.is_file()]
    paths = sorted([*(path.relative_to(web).as_posix() for path in found), *FILES], key=str.encode)
    whole = hashlib.sha256()
    for path in paths:
        digest = hashlib.sha256((web / path).read_bytes()).hexdigest()
        whole.update(f"{path}\0{digest}\n".encode())
    return {"files": len(paths), "sha256": whole.hexdigest()}


def main() -> None:
    built = json.loads(STAMP.read_text()) if STAMP.exists() else None
    if built != stamp():
        sys.exit("server/static is older than web/: run `cd web && ./npm.sh ci && ./npm.sh run build`")


if __name__ == "__main__":
    main()
