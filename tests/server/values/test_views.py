"""Values drawn without any tensor library: what is white, what is black, and what cannot be drawn."""

import io
import json
import subprocess
import sys
from typing import Any

import numpy
import pytest
from PIL import Image

from engine import Blob, Stored
from engine.codec import unpack
from nodes.views import NoViewError, view
from tests.server.served import ROOT


def blob(values: Any, dtype: str = "F32") -> Blob:
    array = numpy.ascontiguousarray(values, {"F32": "<f4", "F16": "<f2", "I64": "<i8"}[dtype])
    return Blob(dtype, array.shape, array.tobytes())


def drawn(stored: Stored, name: str = "png", item: int = 0) -> Any:
    with Image.open(io.BytesIO(view(stored, name, item=item).file.data)) as picture:
        return numpy.array(picture)


def latent(values: Any, space: str = "unknown") -> Stored:
    return Stored("Latent", {"space": space, "blank": False, "gaussian": None}, {"tensor": blob(values)})


def test_a_picture_is_rounded_as_the_libraries_do_it_and_what_is_no_number_is_black() -> None:
    row = [0.0, 0.5, 1.0, 2.0, -1.0, numpy.nan, numpy.inf]
    picture = drawn(Stored("Image", {}, {"pixels": blob([[[row]] * 3])}))
    assert picture[0, :, 0].tolist() == [0, 128, 255, 255, 0, 0, 255]


def test_a_mask_is_grey_and_an_item_of_a_batch_is_picked() -> None:
    mask = Stored("Mask", {}, {"pixels": blob([[[[0.0]]], [[[1.0]]]], "F16")})
    assert [drawn(mask, item=item).tolist() for item in (0, 1)] == [[[0]], [[255]]]


def test_a_thumbnail_is_small_whatever_the_picture_is_and_a_small_picture_stays_as_it_is() -> None:
    halves = numpy.zeros((1, 3, 300, 1000))
    halves[..., 1::2] = 1.0
    large = drawn(Stored("Image", {}, {"pixels": blob(halves)}), "thumbnail")
    assert (large.shape, large.min(), large.max()) == ((75, 250, 3), 128, 128)
    small = Stored("Mask", {}, {"pixels": blob([[[[0.0, 1.0]]]])})
    assert drawn(small, "thumbnail").tolist() == [[0, 255]]


def test_a_latent_of_a_known_space_is_drawn_in_its_colours() -> None:
    values = numpy.zeros((1, 5, 4, 4))
    values[0, 0] = 1.0  # of which the embedded model makes much red, some green, hardly any blue
    red, green, blue = drawn(latent(values, "bauklotz"))[0, 0]
    assert red > green > blue


def test_a_latent_of_an_unknown_space_is_drawn_channel_by_channel_with_its_range() -> None:
    values = numpy.zeros((1, 4, 2, 2))
    values[0, 1], values[0, 2] = -2.5, 4.0
    for name in ("png", "channels"):
        shown = view(latent(values), name)
        sheet = drawn(latent(values), name)
        assert shown.note == "black is -2.5, white is 4"
        assert sheet.shape == (2 * 256 + 1, 2 * 256 + 1)
        assert (sheet[0, -1], sheet[-1, 0], sheet[0, 0] == sheet[-1, -1]) == (0, 255, True)


def test_codes_are_drawn_by_their_number() -> None:
    codes = Stored("Codes", {"space": "x"}, {"indices": blob([[[0, 255], [51, 102]]], "I64")})
    sheet = drawn(codes, "channels")
    assert (sheet[0, 0], sheet[0, -1], sheet[-1, 0], sheet[-1, -1]) == (0, 255, 51, 102)


@pytest.mark.parametrize(
    ("stored", "name", "item"),
    [
        (Stored("int", 1), "png", 0),
        (Stored("Image", {}, {"pixels": blob(numpy.zeros((1, 3, 2, 2)))}), "png", 1),
        (Stored("Image", {}, {"pixels": blob(numpy.zeros((3, 2, 2)))}), "png", 0),
        (Stored("Image", {}, {"pixels": blob(numpy.zeros((0, 3, 2, 2)))}), "png", 0),
        (Stored("Image", {}, {"pixels": blob(numpy.zeros((1, 3, 2, 2)))}), "json", 0),
        (Stored("Image", {}, {"dots": blob(numpy.zeros((1, 3, 2, 2)))}), "png", 0),
        (Stored("own/Thing", {}), "png", 0),
    ],
)
def test_what_cannot_be_drawn_is_refused(stored: Stored, name: str, item: int) -> None:
    with pytest.raises(NoViewError):
        view(stored, name, item=item)


def test_a_value_of_a_pack_is_json_and_safetensors() -> None:
    stored = Stored("own/Thing", {"a": [1, "ü"]}, {"x": blob([1.0])})
    assert json.loads(view(stored, "json").file.data) == {"a": [1, "ü"]}
    assert unpack(view(stored, "safetensors").file.data) == stored


def test_a_histogram_counts_what_is_a_number_of_every_tensor() -> None:
    tensors = {"x": blob([0.0, 0.5, 1.0, 1.0, numpy.nan, numpy.inf]), "same": blob([[7, 7]], "I64"), "none": blob([])}
    counted = json.loads(view(Stored("own/Thing", {}, tensors), "histogram").file.data)
    x, same, none = (counted[name] for name in ("x", "same", "none"))
    assert (x["min"], x["max"], sum(x["counts"]), x["counts"][0], x["counts"][24], x["counts"][47]) == (
        0,
        1,
        4,
        1,
        1,
        2,
    )
    assert (same["min"], same["max"], same["counts"][0]) == (7, 7, 2)
    assert (none["min"], none["max"], sum(none["counts"])) == (0, 0, 0)


def test_drawing_loads_no_tensor_library() -> None:
    code = (
        "import sys; from engine import Blob, Stored; from nodes.views import view;"
        "view(Stored('Latent', {'space': 'bauklotz'}, {'tensor': Blob('F32', (1, 5, 2, 2), bytes(80))}), 'png');"
        "print('torch' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
