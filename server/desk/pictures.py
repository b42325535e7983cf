"""Decode an uploaded picture once, frame by frame, within limits."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, BinaryIO

from server.desk.media import Found, UnfitError
from server.limits import LIMITS

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_ORIENTATION = 0x0112
_ON_ITS_SIDE = range(5, 9)
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}


def look_at_picture(file: BinaryIO, kind: str) -> Found:
    """Give the size of a picture as it is seen upright."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # we have a limit of our own
    with Image.open(file, formats=[_FORMATS[kind]]) as picture:
        width, height = picture.size
        if width * height > LIMITS.picture_pixels:
            most = f"{LIMITS.picture_pixels:,}"
            raise UnfitError(f"the picture has {width} x {height} pixels, more than {most}")
        _decode(picture)
        turned = picture.getexif().get(_ORIENTATION) in _ON_ITS_SIDE
    return Found(height, width) if turned else Found(width, height)


def _decode(picture: Picture) -> None:
    size = picture.width * picture.height
    for frame in itertools.count():
        try:
            picture.seek(frame)
        except EOFError:
            return
        if frame >= LIMITS.picture_frames or (frame + 1) * size > 4 * LIMITS.picture_pixels:
            raise UnfitError(f"the picture has more than {frame} frames of its size")
        picture.load()
