"""Give the page of the editor, and the files it is made of.

Guarantees
1. Only the files that lay in `static` when the page was first asked for are given, each under its own name.
2. The page runs no script that is not one of these files, and is shown in no frame.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from server.errors import not_found

STATIC = Path(__file__).parents[1] / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)

routes = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file of the page, as it was when it was first asked for."""

    content: bytes
    media_type: str
    tag: str
    lasting: bool  # its name changes with its content


@routes.get("/")
async def index(asking: Request) -> Response:
    """Give the page."""
    return await _given("index.html", asking)


@routes.get("/static/{name:path}")
async def static(name: str, asking: Request) -> Response:
    """Give a file of the page."""
    return await _given(name, asking)


async def _given(name: str, asking: Request) -> Response:
    file = (await asyncio.to_thread(files)).get(name)
    if file is None:
        raise not_found("file")
    caching = "public, max-age=31536000, immutable" if file.lasting else "no-cache"
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": caching, "ETag": file.tag}
    if asking.headers.get("if-none-match") == file.tag:
        return Response(status_code=304, headers=headers)
    return Response(file.content, headers=headers, media_type=file.media_type)


@cache
def files() -> dict[str, PageFile]:
    """Read the files of the page: an update on disk never gives half of the old and half of the new one."""
    found = (path for path in STATIC.rglob("*") if path.is_file() and path.suffix in TYPES)
    return {path.relative_to(STATIC).as_posix(): _read(path) for path in found}


def _read(path: Path) -> PageFile:
    content = path.read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return PageFile(content, TYPES[path.suffix], tag, lasting=path.parent.name == "assets")
