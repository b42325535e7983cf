"""Run the command line: as a real process, or, where only its words count, inside the test's own."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.app import exit_code, shipped
from engine import Catalog

ROOT = Path(__file__).parents[2]
TOYS = "tests.cli.program"
SHIPPED = "cli"


@dataclass(frozen=True)
class Ended:
    """How a process ended; `err` is given as lines."""

    code: int
    out: str
    err: list[str]


@dataclass(frozen=True)
class Shell:
    """A folder to work in, with an environment of its own."""

    folder: Path
    environment: Mapping[str, str]
    module: str = TOYS
    before: Sequence[str] = ()  # what goes before the command

    def __call__(self, *arguments: str, stdin: bytes = b"", timeout: float = 120) -> Ended:
        """Run the command line to its end."""
        ended = subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=dict(self.environment),
            input=stdin,
            capture_output=True,
            timeout=timeout,
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode().splitlines())

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start the command line, and let it run."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=dict(self.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def inside(self, *arguments: str) -> Ended:
        """Run the command line in this process, which saves the second that a new one takes."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.chdir(self.folder)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            code = exit_code(list(arguments), _catalog(self.module))
        return Ended(code, out.getvalue(), err.getvalue().splitlines())

    def command(self, *arguments: str) -> list[str]:
        return [*self.before, sys.executable, "-m", self.module, *arguments]

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def calls(self, name: str) -> int:
        """Count how often a toy node was called."""
        marks = Path(self.environment["TOY_CALLS"]) / name
        return len(marks.read_text().splitlines()) if marks.exists() else 0


def _catalog(module: str) -> Callable[[], Catalog]:
    if module == SHIPPED:
        return shipped
    from tests.cli.toys import CATALOG

    return lambda: CATALOG


def environment(home: Path) -> dict[str, str]:
    """Give an environment in which nothing of the user's is read or written."""
    calls = home / "calls"
    calls.mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PROMPTOGRAPH_")}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PROMPTOGRAPH_CACHE": str(home / "cache"),
        "PROMPTOGRAPH_DEVICE": "cpu",
        "TOY_CALLS": str(calls),
        "COLUMNS": "100",
    }
