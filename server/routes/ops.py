"""What an operator or a program asks of the server itself."""

import json
from typing import Any, Literal

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.requests import Request as Asking
from starlette.responses import PlainTextResponse, Response

from server.bodies import StrictRoute
from server.limits import Limits
from server.routes.shapes import answer, router
from server.services import Parts

routes = router(tag="server")


class Health(BaseModel):
    """Whether the server answers."""

    status: Literal["ok", "stopping"]


@routes.get("/health", response_model=Health)
async def health() -> Response:
    """Say that the server answers; needs no token, and is answered before anything else."""
    raise AssertionError("server.front answers this")


@routes.get("/limits", response_model=Limits)
async def limits(parts: Parts) -> Response:
    """Give the limits of this server."""
    settings = parts.settings
    return answer(Limits(requests=settings.requests, receipt=settings.receipt))


@routes.get("/metrics", response_class=PlainTextResponse)
async def metrics(parts: Parts) -> Response:
    """Give the figures of this server for Prometheus."""
    runs = await parts.db.runs.counts()
    told = parts.metrics.text(runs=runs, sockets=parts.sockets.open, workers=parts.crew.members())
    return Response(told, media_type=CONTENT_TYPE_LATEST)


@routes.get("/openapi.json", response_model=dict[str, Any])
async def contract(asking: Asking) -> Response:
    """Give the description of this interface."""
    return Response(json.dumps(asking.app.openapi(), ensure_ascii=False), media_type="application/json")


bare = APIRouter(route_class=StrictRoute, include_in_schema=False)
bare.add_api_route("/metrics", metrics)  # where Prometheus looks by itself
