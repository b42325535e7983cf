"""The Chromium that tests use: the system's, else Playwright's own.

python -m tests.browser        # installs one where there is none
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = "PROMPTOGRAPH_NO_BROWSER"
HOW = f"there is no Chromium: run `make browser`, or set {NO_BROWSER}=1 to do without"


def needed() -> Path:
    """Give the browser; a test without one fails, unless the machine says that it has none, and always in CI."""
    if os.environ.get(NO_BROWSER) == "1" and not os.environ.get("CI"):
        pytest.skip(f"{NO_BROWSER}=1: nothing was tried in a browser")
    browser = found()
    assert browser is not None, HOW
    return browser


def found() -> Path | None:
    """Give a browser that starts, where there is one."""
    for name in NAMES:
        path = shutil.which(name)
        if path is not None and _starts(path):
            return Path(path)
    own = _downloaded()
    return own if own.exists() else None


def _starts(path: str) -> bool:
    return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0


def _downloaded() -> Path:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def install() -> None:
    """Bring a browser: by apt where this is root's machine, else as Playwright downloads it."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False)
    if found() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> None:
    if os.environ.get(NO_BROWSER) == "1" or found() is not None:
        return
    print("there is no Chromium for the tests: installing one", flush=True)
    install()
    if found() is None:
        print(HOW, file=sys.stderr)


if __name__ == "__main__":
    main()
