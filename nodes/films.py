"""Write frames as a film: MP4, WebP or GIF, with numpy alone in between; the same frames give the same bytes.

Guarantees
1. A film has every frame once and in order, each shown for 1 / fps of a second (GIF: rounded to a hundredth of one).
2. No more than one frame is held in eight bits at a time while an MP4 is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any

from nodes import drawing

if TYPE_CHECKING:
    import numpy

_SIDE = 256  # pixels that a small film is enlarged to, by a whole factor: players blur what is small
_MOST_RATE = 100_000  # the largest denominator of a rate
_QUALITY = {"crf": "14", "preset": "veryfast"}


def mp4(frames: numpy.ndarray, fps: float) -> bytes:
    """Write frames [count, 3, height, width], from 0 to 1, as H.264; odd sides repeat their last row or column."""
    import av

    rate = Fraction(fps).limit_denominator(_MOST_RATE)
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream: Any = container.add_stream("libx264", rate=rate, options={**_QUALITY})
        stream.pix_fmt = "yuv420p"
        stream.height, stream.width = _even(next(_enlarged(frames))).shape[:2]
        stream.codec_context.thread_count = 1  # the bits depend on it
        for number, eight in enumerate(map(_even, _enlarged(frames))):
            frame = av.VideoFrame.from_ndarray(eight, format="rgb24")
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file.getvalue()


def webp(frames: numpy.ndarray, fps: float) -> bytes:
    """Write frames as a WebP that runs for ever, without loss."""
    return _moving(frames, "WEBP", duration=round(1000 / fps), lossless=True)


def gif(frames: numpy.ndarray, fps: float) -> bytes:
    """Write frames as a GIF that runs for ever, in 256 colours each."""
    return _moving(frames, "GIF", duration=max(20, round(100 / fps) * 10), disposal=2, optimize=False)


def _moving(frames: numpy.ndarray, kind: str, **options: Any) -> bytes:
    from PIL import Image

    first, *rest = (Image.fromarray(eight) for eight in _enlarged(frames))
    file = BytesIO()
    first.save(file, kind, save_all=True, append_images=rest, loop=0, **options)
    return file.getvalue()


def _enlarged(frames: numpy.ndarray) -> Iterator[numpy.ndarray]:
    factor = max(1, _SIDE // max(frames.shape[2:]))
    for frame in frames:
        yield drawing.picture(frame).repeat(factor, 0).repeat(factor, 1)


def _even(eight: numpy.ndarray) -> numpy.ndarray:
    """Repeat the last row and column where a side is odd: H.264 halves the colours."""
    import numpy

    height, width = eight.shape[:2]
    padded = numpy.pad(eight, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return numpy.ascontiguousarray(padded)
