"""A shell for each test."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.processes import SHIPPED, Shell, environment


@pytest.fixture
def shell(tmp_path: Path, own_folders: Path) -> Shell:
    """Give a shell whose command line knows the toy node types."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Shell(folder, environment(tmp_path / "home"))


@pytest.fixture
def shipped(shell: Shell) -> Shell:
    """Give a shell whose command line knows the node types that ship."""
    return replace(shell, module=SHIPPED)
