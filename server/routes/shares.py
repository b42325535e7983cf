"""Shares: links that show one run to whoever holds them, and the pages that they lead to.

Guarantees
1. The token of a link is told once and never listed.
2. A link shows its page, the pictures of its run and its graph; nothing else can be reached by it.
3. Revoking takes effect with the next request.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from server.clerks import Shown
from server.errors import not_found
from server.limits import PageSize
from server.records import Run, Share
from server.routes.shapes import Cursor, Parameters, Request, answer, id_of, router
from server.services import Parts, Services
from server.shares import POLICY, page, pictures
from server.user_files import user_file

routes = router(tag="shares")
public = APIRouter(include_in_schema=False)

ShareId = Annotated[str, id_of("s")]
Token = Annotated[str, Path(pattern="^[A-Za-z0-9_-]{43}$", max_length=43)]


class NewShare(Request):
    """The run to share."""

    run: str = Field(pattern=r"^r_[A-Za-z0-9_-]{22}$", max_length=24)


class Which(Parameters):
    """Which shares, and how many."""

    after: Cursor = None
    limit: PageSize = 50


class Shared(BaseModel):
    """A new link: `path` holds its token, and is not told again."""

    share: Share
    path: str


class SharePage(BaseModel):
    """Some links, the newest first; `next` fetches the page after it."""

    shares: list[Share]
    next: str | None = None


@routes.post("/shares", status_code=201, response_model=Shared)
async def share(order: NewShare, parts: Parts) -> Response:
    """Make a link that shows a run to whoever holds it."""
    made, token = await parts.db.shares.create(order.run)
    return answer(Shared(share=made, path=f"/s/{token}"), 201)


@routes.get("/shares", response_model=SharePage)
async def list_shares(which: Annotated[Which, Query()], parts: Parts) -> Response:
    """List links, the newest first, those that were revoked too."""
    shares, following = await parts.db.shares.page(which.after, which.limit)
    return answer(SharePage(shares=shares, next=following))


@routes.delete("/shares/{id}", response_model=Share)
async def revoke(id: ShareId, parts: Parts) -> Response:
    """Make a link useless."""
    return answer(await parts.db.shares.revoke(id))


@public.get("/s/{token}")
async def shown(token: Token, parts: Parts) -> Response:
    """Show a run."""
    run = await _run(token, parts)
    graph = await parts.db.runs.snapshot(run.id)
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store"}
    return Response(page(run, graph, token), headers=headers, media_type="text/html; charset=utf-8")


@public.get("/s/{token}/graph.json")
async def graph(token: Token, parts: Parts) -> Response:
    """Give the graph of a run."""
    run = await _run(token, parts)
    text = await parts.db.runs.snapshot(run.id)
    return user_file(text.encode(), media_type="application/json", name="graph.json")


@public.get("/s/{token}/{output}/{place}.png")
async def picture(
    token: Token,
    output: Annotated[str, Path(max_length=64)],
    place: Annotated[int, Path(ge=0, lt=2**31)],
    parts: Parts,
) -> Response:
    """Give a picture of a run."""
    run = await _run(token, parts)
    named = (each for each in pictures(run.outputs) if (each.output, each.place) == (output, place))
    found = next(named, None)
    made = None if found is None else await parts.clerks.view(found.digest, "png")
    if not isinstance(made, Shown):
        raise not_found("picture")
    return user_file(made.data, media_type=made.media_type, name=f"{output}.png")


async def _run(token: str, parts: Services) -> Run:
    return await parts.db.runs.get((await parts.db.shares.find(token)).run)
