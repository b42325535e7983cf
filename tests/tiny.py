"""Tiny models as fixtures: made once for a test run, whichever folders of tests ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from engine import Files, Run
    from nodes.load import Loaded


@pytest.fixture(scope="session")
def one_thread() -> Iterator[None]:
    """Have torch compute with one thread until the tests end."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory, one_thread: None) -> Path:
    """Give the folder in which all of these models lie."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def files(root: Path) -> Files:
    from engine import Files

    return Files(root / "assets", roots=(root,))


@pytest.fixture(scope="session")
def run(files: Files) -> Run:
    """Give a run that finds these models."""
    from engine import Run

    return Run(files=files)


@pytest.fixture(scope="session")
def sd_folder(root: Path) -> Path:
    from tests.nodes import tiny

    return tiny.stable_diffusion(root)


@pytest.fixture(scope="session")
def xl_folder(root: Path) -> Path:
    from tests.nodes import tiny

    return tiny.stable_diffusion_xl(root)


@pytest.fixture(scope="session")
def vq_folder(root: Path) -> Path:
    from tests.nodes import tiny

    return tiny.with_vqgan(root)


@pytest.fixture(scope="session")
def sd(sd_folder: Path, run: Run) -> Loaded:
    return loaded(sd_folder, run)


@pytest.fixture(scope="session")
def xl(xl_folder: Path, run: Run) -> Loaded:
    return loaded(xl_folder, run)


@pytest.fixture(scope="session")
def vq(vq_folder: Path, run: Run) -> Loaded:
    return loaded(vq_folder, run)


def loaded(folder: Path, run: Run) -> Loaded:
    """Open a checkpoint."""
    from nodes import load

    opened: Loaded = load.checkpoint(folder.name, run=run)
    return opened
