"""The websocket endpoint: who may connect is decided before; here it is how many, and with which version.

Guarantees
1. At most `sockets` clients are connected; the next is told to come back later, before anything is kept of it.
2. A client of another version of the protocol is closed with 4409.
"""

import json
from functools import partial
from typing import Any

from starlette.responses import Response
from starlette.websockets import WebSocket

from server.connection import Connection
from server.database import Database
from server.hub import Hub
from server.messages import VERSION, Welcome
from server.socket_limits import SOCKET_LIMITS, SocketLimits
from server.websocket_protocol import EXTENSION, WebSocketProtocol

PATH = "/api/v1/ws"
WRONG_VERSION = 4409


class Sockets:
    """Serves websocket clients; `open` says how many there are."""

    def __init__(self, hub: Hub, db: Database) -> None:
        self._hub = hub
        self._db = db
        self.open = 0

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one client until it leaves."""
        if self.open >= self._hub.limits.sockets:
            await websocket.send_denial_response(_full())
            return
        self.open += 1
        try:
            await websocket.accept()
            await self._serve(websocket)
        finally:
            self.open -= 1

    async def _serve(self, websocket: WebSocket) -> None:
        if websocket.query_params.get("version", str(VERSION)) != str(VERSION):
            message = f"this server speaks version {VERSION}"
            websocket.scope["extensions"][EXTENSION]["call"](WRONG_VERSION, message)
            return
        await websocket.send_text(Welcome(version=VERSION, epoch=self._hub.epoch).model_dump_json())
        await Connection(websocket, self._hub, self._db).run()


def _full() -> Response:
    error = {"code": "too_many_sockets", "message": "too many clients are connected; try again later"}
    headers = {"Retry-After": "5", "Content-Type": "application/json"}
    return Response(json.dumps({"error": error}), 503, headers)


def uvicorn_options(limits: SocketLimits = SOCKET_LIMITS) -> dict[str, Any]:
    """Give what uvicorn needs to serve websockets within the limits."""
    return {
        "ws": partial(WebSocketProtocol, limits=limits),
        "ws_max_size": limits.message_bytes,
        "ws_ping_interval": limits.ping_seconds,
        "ws_ping_timeout": limits.ping_seconds,
        "ws_per_message_deflate": False,
    }
