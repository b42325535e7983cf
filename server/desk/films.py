"""Look through an uploaded film once, within limits: all of its packets, and its first frames decoded."""

from typing import Any, BinaryIO

from server.desk.media import Found, UnfitError
from server.limits import LIMITS

_FORMATS = {"video/mp4": "mp4", "video/webm": "webm"}
_FRAMES = 16  # that are decoded; a whole film would take as long as it lasts


def watch(file: BinaryIO, kind: str) -> Found:
    """Give the size and the length of a film. Nothing that it names elsewhere is opened."""
    import av

    with av.open(file, "r", format=_FORMATS[kind]) as container:
        if not container.streams.video:
            raise UnfitError("there is no film in the file")
        stream = container.streams.video[0]
        context = stream.codec_context
        if context.width * context.height > LIMITS.film_pixels:
            raise UnfitError(
                f"the film has {context.width} x {context.height} pixels, more than {LIMITS.film_pixels:,}"
            )
        stream.thread_type = "NONE"
        seconds = _last_moment(container, stream)
    if seconds > LIMITS.film_seconds:
        raise UnfitError(f"the film is longer than {LIMITS.film_seconds:g} seconds")
    return Found(context.width, context.height, seconds)


def _last_moment(container: Any, stream: Any) -> float:
    decoded, end = 0, 0
    for packet in container.demux(stream):
        if decoded < _FRAMES:
            decoded += len(packet.decode())
        if packet.pts is not None:
            end = max(end, packet.pts + (packet.duration or 0))
    if not decoded:
        raise UnfitError("no frame of the film can be decoded")
    return float(end * stream.time_base)
