"""Write JSON as all of it stands here: sorted, indented by two, with one final newline."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_json(file: Path, told: Mapping[str, Any]) -> None:
    """Write it to a file."""
    file.write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")
