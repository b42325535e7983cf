"""The header of binary frames, by examples that readers in every language are tested with."""

import json
from pathlib import Path
from typing import Any

import pytest

from server.frames import HEADER, Preview, known

VECTORS = json.loads((Path(__file__).parent / "frames.json").read_text())


@pytest.mark.parametrize("vector", VECTORS["read"], ids=lambda vector: vector["name"])
def test_a_frame_is_written_as_the_examples_say(vector: dict[str, Any]) -> None:
    means = vector["means"]
    preview = Preview(**{**means, "image": bytes.fromhex(means["image"])})
    assert preview.packed().hex() == vector["frame"]


def test_the_header_has_twenty_bytes() -> None:
    assert HEADER.size == 20


@pytest.mark.parametrize(
    ("item", "written"), [(0, 0), (65_534, 65_534), (65_535, 65_535), (70_000, 65_535), (None, 65_535)]
)
def test_an_item_that_has_no_place_is_left_out(item: int | None, written: int) -> None:
    packed = Preview(run=1, node=2, item=item, seq=3, media_type="image/png", image=b"").packed()
    assert HEADER.unpack(packed)[5] == written


def test_numbers_go_round() -> None:
    packed = Preview(run=2**32 + 5, node=2, item=None, seq=2**32, media_type="image/png", image=b"").packed()
    assert HEADER.unpack(packed)[7:] == (5, 0)


def test_only_pictures_of_known_types_are_sent() -> None:
    assert [known(type_) for type_ in ("image/jpeg", "image/webp", "image/png", "image/svg+xml", "")] == [
        *(True, True, True),
        *(False, False),
    ]
