"""Tiny models, and a run that finds them."""

from pathlib import Path

import pytest
import torch

from engine.files import Files
from engine.run import Run
from nodes import load
from nodes.load import Loaded
from tests.nodes import tiny


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def files(root: Path) -> Files:
    return Files(root / "assets", roots=(root,))


@pytest.fixture(scope="session")
def run(files: Files) -> Run:
    return Run(files=files)


@pytest.fixture(scope="session")
def sd_folder(root: Path) -> Path:
    return tiny.stable_diffusion(root)


@pytest.fixture(scope="session")
def vq_folder(root: Path) -> Path:
    return tiny.with_vqgan(root)


@pytest.fixture(scope="session")
def sd(sd_folder: Path, run: Run) -> Loaded:
    loaded: Loaded = load.checkpoint(sd_folder.name, run=run)
    return loaded


@pytest.fixture(scope="session")
def vq(vq_folder: Path, run: Run) -> Loaded:
    loaded: Loaded = load.checkpoint(vq_folder.name, run=run)
    return loaded
