"""Assets: files that people bring, which documents name as `asset:<digest>`."""

from typing import Annotated

from fastapi import Header, Path, Query
from pydantic import BaseModel
from starlette.requests import Request as Asking
from starlette.responses import Response

from server.assets import Intake
from server.errors import not_found
from server.limits import PageSize
from server.records import Asset
from server.routes.shapes import Cursor, Parameters, answer, router
from server.services import Parts
from server.user_files import SUFFIXES, file_on_disk

routes = router(tag="assets")

Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$", max_length=64)]
_FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}, "required": True}


class Which(Parameters):
    """Which assets, and how many."""

    after: Cursor = None
    limit: PageSize = 50


class AssetPage(BaseModel):
    """Some assets, the newest first; `next` fetches the page after it."""

    assets: list[Asset]
    next: str | None = None


@routes.post(
    "/assets",
    status_code=201,
    response_model=Asset,
    responses={200: {"model": Asset}},
    openapi_extra={"requestBody": _FILE},
)
async def bring(
    asking: Asking,
    parts: Parts,
    x_filename: Annotated[str, Header(max_length=2_000, description="percent-encoded UTF-8")] = "",
) -> Response:
    """Bring a picture, a sound or a film: its bytes are the body. 200 where its content is known already."""
    intake = Intake(parts.settings.data / "assets", parts.settings.disk_reserve, parts.clerks, parts.db)
    asset, created = await intake.take(asking.stream(), x_filename)
    return answer(asset, 201 if created else 200, {"Location": f"/api/v1/assets/{asset.digest}"})


@routes.get("/assets", response_model=AssetPage)
async def list_assets(which: Annotated[Which, Query()], parts: Parts) -> Response:
    """List assets, the newest first."""
    assets, following = await parts.db.assets.page(which.after, which.limit)
    return answer(AssetPage(assets=assets, next=following))


@routes.get(
    "/assets/{digest}",
    response_class=Response,
    responses={200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in SUFFIXES}}},
)
async def get(digest: Digest, parts: Parts) -> Response:
    """Give the file of an asset."""
    asset = await parts.db.assets.get(digest)
    try:
        path = parts.settings.data / "assets" / asset.digest
        return await file_on_disk(path, media_type=asset.media_type, name=asset.name)
    except FileNotFoundError:
        raise not_found("file any more; bring it again") from None
