"""What all tests share: folders of their own, and the tests that run only when asked for."""

import sys
from pathlib import Path

import pytest

pytest_plugins = ["tests.library_runs", "tests.tiny"]

LONG = {"test_browser.py", "proofs", "test_states.py"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", default=False, help="run the tests marked `full` as well")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest, as all would wait for it at the end; leave out what was not asked for."""
    items.sort(key=lambda item: LONG.isdisjoint(item.path.parts))
    if config.getoption("--full"):
        return
    for item in items:
        if item.get_closest_marker("full"):
            item.add_marker(pytest.mark.skip(reason="runs at full size; give --full"))


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point platformdirs at a folder of the test's own, also in processes that it starts."""
    home = tmp_path_factory.mktemp("home")
    for kind in ("DATA", "CACHE", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    return home


@pytest.fixture(autouse=True)
def own_draws() -> None:
    """Let a test draw the same, whatever ran before it."""
    if (torch := sys.modules.get("torch")) is not None:
        torch.manual_seed(0)


@pytest.fixture
def cache_folder(tmp_path: Path) -> Path:
    """Name a cache folder that does not exist yet."""
    return tmp_path / "cache"
