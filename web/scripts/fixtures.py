"""Write dev/fixtures: the catalog and the library as the server gives them, for development without one.

Run from the repository: .venv/bin/python web/scripts/fixtures.py
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from graphs.library import FOLDER

HERE = Path(__file__).resolve().parent.parent / "dev" / "fixtures"


def main() -> None:
    (HERE / "library").mkdir(parents=True, exist_ok=True)
    command = Path(sys.executable).parent / "promptograph"
    listed = subprocess.run([command, "nodes", "--json"], check=True, capture_output=True, text=True).stdout
    (HERE / "catalog.json").write_text(json.dumps(json.loads(listed), sort_keys=True, separators=(",", ":")) + "\n")
    for path in sorted(FOLDER.glob("*.json")):
        shutil.copy(path, HERE / "library" / path.name)


if __name__ == "__main__":
    main()
