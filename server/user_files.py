"""Give a file that a person brought or a run made; every route that gives one does it here.

Guarantees
1. A browser shows a picture of a known type at most; anything else is saved, and nothing in it is ever run.
2. The name under which it is saved is ours: it ends as its type does.
3. A large file is sent from the disk piece by piece; it is never held as a whole.
"""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

SUFFIXES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "audio/wav": ".wav",
    "audio/flac": ".flac",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
}
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_PIECE = 2**18


def user_file(content: bytes, *, media_type: str, name: str, note: str = "") -> Response:
    """Give bytes that are at hand."""
    return Response(content, headers=_headers(media_type, name, note), media_type=media_type)


async def file_on_disk(path: Path, *, media_type: str, name: str) -> Response:
    """Give a file of ours. Raises FileNotFoundError if it is gone."""
    descriptor, size = await asyncio.to_thread(_open, path)
    headers = {**_headers(media_type, name, ""), "Content-Length": str(size)}
    return StreamingResponse(_pieces(descriptor, size), headers=headers, media_type=media_type)


def _headers(media_type: str, name: str, note: str) -> dict[str, str]:
    how = "inline" if media_type in INLINE else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return headers | ({"X-Note": note} if note else {})


def _open(path: Path) -> tuple[int, int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise FileNotFoundError
    return descriptor, found.st_size


async def _pieces(descriptor: int, size: int) -> AsyncIterator[bytes]:
    """Read so many bytes, and close the file whatever becomes of the client."""
    try:
        while size > 0 and (piece := await asyncio.to_thread(os.read, descriptor, min(size, _PIECE))):
            size -= len(piece)
            yield piece
    finally:
        os.close(descriptor)
