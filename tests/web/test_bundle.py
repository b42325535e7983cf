"""The bundle in server/static: as new as its sources, small, and the same bytes wherever it is built."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.bundle import STATIC, complaint, files
from tests.web.npm import npm, said

MOST = 250_000


def test_the_bundle_is_as_new_as_its_sources() -> None:
    assert complaint() is None


def test_what_is_loaded_at_once_is_small() -> None:
    loaded = set(_at_once())
    assert loaded
    assert sum(len(gzip.compress((STATIC / name).read_bytes())) for name in loaded) < MOST


def test_the_page_holds_no_script_or_style_of_its_own() -> None:
    page = (STATIC / "index.html").read_text()
    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page) == []
    assert re.findall(r'(?:src|href)="(?!/static/)', page) == []


@pytest.mark.full
def test_the_bundle_is_built_again_byte_for_byte(tmp_path: Path) -> None:
    done = npm("exec", "--", "vite", "build", "--outDir", str(tmp_path), "--emptyOutDir")
    assert done.returncode == 0, said(done)
    committed = {name: content for name, content in files(STATIC).items() if name != "stamp.json"}
    built = files(tmp_path)
    assert sorted(built) == sorted(committed)
    assert [name for name in built if built[name] != committed[name]] == []


def _at_once() -> Iterator[str]:
    """Name the scripts of the page, and what they import before they run."""
    waiting = re.findall(r'<(?:script|link)[^>]*"/static/([^"]+\.js)"', (STATIC / "index.html").read_text())
    while waiting:
        name = waiting.pop()
        yield name
        text = (STATIC / name).read_text()
        imported = re.findall(r'(?:^|[;}])import(?:[\w{},*$\s]+from)?"\./([^"]+)"', text)
        waiting += [(Path(name).parent / other).as_posix() for other in imported]
