"""Tell the type of a file from its bytes; what is not on the list has none.

Models are not on it: they come by the operator's hand into a models folder, and no node reads one as an asset. Nor is
anything that a browser could run: SVG, HTML, PDF.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

HEAD = 4_096  # bytes that are looked at


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds; None where it has no such thing."""

    width: int | None = None
    height: int | None = None
    seconds: float | None = None


class UnfitError(Exception):
    """A file that cannot be taken, and why."""


def _riff(kind: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == kind


def _mp3(head: bytes) -> bool:
    frame = len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2  # sync, MPEG layer III
    return head[:3] == b"ID3" or frame


def _webm(head: bytes) -> bool:
    return head[:4] == b"\x1aE\xdf\xa3" and b"\x42\x82\x84webm" in head[:64]


_SIGNS: Mapping[str, Callable[[bytes], bool]] = {
    "image/png": lambda head: head[:8] == b"\x89PNG\r\n\x1a\n",
    "image/jpeg": lambda head: head[:3] == b"\xff\xd8\xff",
    "image/gif": lambda head: head[:6] in (b"GIF87a", b"GIF89a"),
    "image/webp": _riff(b"WEBP"),
    "audio/wav": _riff(b"WAVE"),
    "audio/flac": lambda head: head[:4] == b"fLaC",
    "audio/ogg": lambda head: head[:4] == b"OggS",
    "audio/mpeg": _mp3,
    "video/mp4": lambda head: head[4:8] == b"ftyp" and head[8:11] in (b"iso", b"mp4", b"avc", b"M4V", b"das", b"MSN"),
    "video/webm": _webm,
}


def media_type(head: bytes) -> str | None:
    """Give the type that the first bytes of a file speak of."""
    return next((kind for kind, fits in _SIGNS.items() if fits(head)), None)
