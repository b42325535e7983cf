"""A wheel carries the editor, or is not made."""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from hatchling.builders.wheel import WheelBuilder
from playwright.sync_api import sync_playwright

from tests.browser import needed
from tests.server.served import clean_environment
from tests.web.bundle import STATIC, files, stamp_anew
from tests.web.npm import ROOT

WEB = ("public", "src", "index.html", "package-lock.json", "package.json", "tsconfig.json", "vite.config.ts")
NEEDED = ("README.md", "LICENSE", "pyproject.toml", "web/scripts/stamp.py", "web/scripts/build_hook.py")
PACKAGES = ("graphs", "engine", "nodes", "models", "client", "server", "cli")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a checkout with empty packages, and a bundle that fits the sources of the editor."""
    root = tmp_path / "checkout"
    for name in (*NEEDED, *(f"web/{part}" for part in WEB)):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, root / name)
    for package in PACKAGES:
        (root / package).mkdir()
        (root / package / "__init__.py").touch()
    shutil.copytree(STATIC, root / "server" / "static")
    stamp_anew(root)
    return root


def test_a_wheel_carries_the_whole_editor(checkout: Path) -> None:
    names = ZipFile(_built(checkout)).namelist()
    assert {name.removeprefix("server/static/") for name in names if "server/static/" in name} == set(files(STATIC))


def _remove(name: str) -> Callable[[Path], None]:
    return lambda root: (root / name).unlink()


def _write(name: str) -> Callable[[Path], object]:
    return lambda root: (root / name).write_text("{}")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_remove("server/static/index.html"), "index.html is missing"),
        (_remove("server/static/start.js"), "start.js is missing"),
        (_remove("server/static/stamp.json"), "stamp.json is missing"),
        (_write("web/src/main.tsx"), "older than web/"),
        (_write("web/src/another.ts"), "older than web/"),
        (_write("web/package-lock.json"), "older than web/"),
    ],
)
def test_no_wheel_is_made_with_a_missing_or_an_old_bundle(
    checkout: Path, spoil: Callable[[Path], object], message: str
) -> None:
    spoil(checkout)
    with pytest.raises(RuntimeError, match=message):
        _built(checkout)


def test_an_editable_install_may_have_an_old_bundle(checkout: Path) -> None:
    _write("web/src/another.ts")(checkout)
    assert list(WheelBuilder(str(checkout)).build(versions=["editable"], hooks_only=True)) == []


@pytest.mark.full
@pytest.mark.timeout(900)
def test_the_wheel_serves_the_editor_where_there_is_no_node(tmp_path: Path) -> None:
    python = _installed(_built(ROOT, into=tmp_path / "dist"), tmp_path / "venv")
    environment = clean_environment(tmp_path) | {"PATH": ""}
    del environment["PYTHONPATH"]
    folders = ("--data", str(tmp_path / "data"), "--cache", str(tmp_path / "cache"))
    command = [str(python), "-m", "cli", "serve", "--port", "0", *folders]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as served:
        try:
            assert served.stdout is not None
            address = served.stdout.readline().strip()
            assert httpx.get(address).text == (STATIC / "index.html").read_text()
            assert _shown(address) == 9
        finally:
            served.terminate()


def _built(root: Path, *, into: Path | None = None) -> Path:
    [wheel] = WheelBuilder(str(root)).build(directory=str(into or root / "dist"), versions=["standard"])
    return Path(wheel)


def _installed(wheel: Path, folder: Path) -> Path:
    """Install a wheel into an environment of its own, which borrows the libraries of this one."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    [own] = folder.glob("lib/python3*/site-packages")
    borrowed = [path for path in sys.path if path.endswith("site-packages")] or [sysconfig.get_path("purelib")]
    (own / "borrowed.pth").write_text("\n".join(borrowed))
    install = ("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--ignore-installed")
    subprocess.run([python, *install, wheel], check=True)
    return python


def _shown(address: str) -> int:
    """Count the nodes of the graph that the editor opens with."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needed(), args=["--no-sandbox", "--disable-gpu"])
        try:
            page = browser.new_page()
            page.goto(address)
            page.wait_for_selector(".react-flow__node")
            return page.locator(".react-flow__node").count()
        finally:
            browser.close()
