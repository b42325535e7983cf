"""Turn a stored value into files that people can open, without any tensor library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from engine.codec import Stored, pack
from engine.summary import array

if TYPE_CHECKING:
    import numpy

_MEDIA = {
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".safetensors": "application/octet-stream",
}


class File(NamedTuple):
    """A file in the making."""

    suffix: str
    data: bytes

    @property
    def media_type(self) -> str:
        return _MEDIA[self.suffix]


def files(stored: Stored) -> Iterator[File]:
    """Give a value as files: pictures as PNG, one each; text; JSON; and what holds tensors as safetensors."""
    if stored.type in ("Image", "Mask"):
        for picture in array(stored.tensors["pixels"]):
            yield File(".png", _png(picture))
    elif stored.type == "str":
        yield File(".txt", stored.fields.encode())
    elif not stored.tensors:
        yield File(".json", (json.dumps(stored.fields, indent=2, ensure_ascii=False) + "\n").encode())
    else:
        yield File(".safetensors", pack(stored))


def _png(picture: numpy.ndarray) -> bytes:
    """Write one picture [1 or 3, height, width], from 0 to 1, rounded to eight bits as the libraries do it."""
    from PIL import Image

    eight = (picture * 255).round().astype("uint8").transpose(1, 2, 0)
    file = BytesIO()
    Image.fromarray(eight.squeeze(-1) if eight.shape[-1] == 1 else eight).save(file, "PNG")
    return file.getvalue()
