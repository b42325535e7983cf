"""Put the server together: the one place that knows all of its parts."""

from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, FastAPI

from server import faults, openapi
from server.front import Front
from server.guard import Guard
from server.routes import (
    assets,
    exchange,
    graphs,
    nodes,
    ops,
    page,
    queue,
    runs,
    session,
    shares,
    sweeps,
    values,
)
from server.services import Services
from server.socket import PATH

ROUTES: tuple[APIRouter, ...] = (
    session.routes,
    nodes.routes,
    graphs.routes,
    runs.routes,
    queue.routes,
    sweeps.routes,
    values.routes,
    assets.routes,
    shares.routes,
    shares.public,
    exchange.routes,
    ops.routes,
    ops.bare,
    page.routes,
)


def build(services: Services) -> Front:
    """Give the application of a running server."""
    app = interface()
    app.state.services = services
    app.router.add_websocket_route(PATH, services.sockets.serve)
    return Front(app, Guard.of(services.settings, services.token), services)


def interface() -> FastAPI:
    """Give the routes alone; what they work with comes with `build`."""
    app = FastAPI(
        title="Promptograph",
        version=_version(),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
    )
    for routes in ROUTES:
        app.include_router(routes)
    faults.install(app)
    app.openapi = cache(partial(openapi.describe, app))  # type: ignore[method-assign]
    return app


def _version() -> str:
    try:
        return version("promptograph")
    except PackageNotFoundError:
        return "0"
