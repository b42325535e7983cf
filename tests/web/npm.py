"""Run web/npm.sh with the Node of this environment."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
LONGEST = 1500


def npm(*arguments: str, environment: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run npm in web/ and give what it said; what it needs must have been installed before."""
    assert (WEB / "node_modules").is_dir(), "web/node_modules is missing: run `make test`, or `web/npm.sh ci`"
    own = {"PROMPTOGRAPH_PYTHON": sys.executable, "NO_COLOR": "1", "FORCE_COLOR": "0"}
    return subprocess.run(
        ["./npm.sh", *arguments],
        cwd=WEB,
        env={**os.environ, **own, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )


def said(done: "subprocess.CompletedProcess[str]") -> str:
    """Give the end of what a program wrote, for a person who must mend it."""
    return f"{done.stdout}\n{done.stderr}"[-6000:]
