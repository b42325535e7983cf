"""Give the page of the editor, and the files it is made of.

Guarantees
1. Only the files that lay in `static` when the server started are given, each under its own name.
2. The page runs no script that is not one of these files, and is shown in no frame.
"""

from functools import cache
from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, Response

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


@routes.get("/")
async def index() -> Response:
    """Give the page."""
    return _file("index.html")


@routes.get("/static/{name:path}")
async def static(name: str) -> Response:
    """Give a file of the page."""
    return _file(name)


def _file(name: str) -> Response:
    path = files().get(name)
    if path is None:
        raise not_found("file")
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return FileResponse(path, headers=headers, media_type=TYPES[path.suffix])


@cache
def files() -> dict[str, Path]:
    """Name the files of the page."""
    found = (path for path in STATIC.rglob("*") if path.is_file() and path.suffix in TYPES)
    return {path.relative_to(STATIC).as_posix(): path for path in found}
