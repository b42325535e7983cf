"""Binary frames are read as the shared examples say."""

import json
from pathlib import Path
from typing import Any

import pytest

from client.preview import Preview, read_preview

VECTORS = json.loads((Path(__file__).parents[1] / "server" / "socket" / "frames.json").read_text())


@pytest.mark.parametrize("vector", VECTORS["read"], ids=lambda vector: vector["name"])
def test_a_frame_is_read(vector: dict[str, Any]) -> None:
    means = vector["means"]
    expected = Preview(**{**means, "image": bytes.fromhex(means["image"])})
    assert read_preview(bytes.fromhex(vector["frame"])) == expected


@pytest.mark.parametrize("vector", VECTORS["skipped"], ids=lambda vector: vector["name"])
def test_a_frame_that_is_not_known_is_skipped(vector: dict[str, Any]) -> None:
    assert read_preview(bytes.fromhex(vector["frame"])) is None
