"""uvicorn's websocket, with bounds on what a peer costs that does not read, and an end that does not wait for it.

Guarantees
1. A socket holds a bounded number of bytes that the peer has not read; above a limit it is cut.
2. A socket that is closed is gone after `linger_seconds`, whether or not the peer reads.
3. A peer that does not answer a ping in time is cut at once.
4. When the server stops, peers are closed with 1001.
5. Whoever sends on a socket that is being closed is told that the peer has left.
6. Nothing that a peer does writes to the log.
7. A handshake that is none is refused in the shape of our errors, and its connection is closed.
"""

import logging
from asyncio.transports import BaseTransport
from socket import SO_SNDBUF, SOL_SOCKET, socket
from typing import Any, cast

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.typing import StatusLike

from server.errors import ApiError
from server.shield import shielded
from server.socket_limits import SocketLimits

EXTENSION = "promptograph.end"  # in the scope: how to close without waiting for the peer
KERNEL_BYTES = 262_144
MOST_UNREAD_BYTES = 1_048_576
MOST_PIECES = 256  # of one message from a client
SHUTDOWN_LINGER_SECONDS = 1.0


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """One websocket on the server's side."""

    def __init__(self, *args: Any, limits: SocketLimits, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limits = limits
        self.conn = _Handshake(max_size=limits.message_bytes, logger=logging.getLogger("uvicorn.error"))

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=self.limits.write_buffer_bytes)
        connection = cast(socket, transport.get_extra_info("socket"))
        connection.setsockopt(SOL_SOCKET, SO_SNDBUF, KERNEL_BYTES)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.handshake_complete = self.close_sent = True
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()
        if self.transport.get_write_buffer_size() > MOST_UNREAD_BYTES:
            self.transport.abort()  # it sends pings and does not read the answers

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            cast(dict[str, Any], self.scope["extensions"])[EXTENSION] = {"call": self.end}

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= MOST_PIECES:
            self.end(CloseCode.MESSAGE_TOO_BIG, "too many pieces")
            return
        super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not _is_text(b"".join(self.frames)):
            self.frames = []
            self.end(CloseCode.INVALID_DATA, "not UTF-8")
            return
        super().send_receive_event_to_app()

    def end(self, code: int, reason: str, linger: float | None = None) -> None:
        """Close, and cut when the peer has not answered by then; what it has not read yet comes first."""
        if self.close_sent or self.transport.is_closing():
            return
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(
            self.limits.linger_seconds if linger is None else linger, self.transport.abort
        )

    async def send(self, message: ASGISendEvent) -> None:
        try:
            await super().send(message)
        except RuntimeError:
            if self.close_sent:  # while the message waited; to the sender the peer has left
                raise ClientDisconnected from None
            raise
        if message["type"] == "websocket.http.response.body":
            self.handshake_complete = True  # it was refused; uvicorn would call that a fault of ours

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()

    def handle_parser_exception(self) -> None:
        super().handle_parser_exception()
        self.close_timer = self.loop.call_later(self.limits.linger_seconds, self.transport.abort)

    def shutdown(self) -> None:
        if not self.handshake_complete:
            super().shutdown()
        elif self.close_sent:
            self.transport.abort()
        else:
            self.end(CloseCode.GOING_AWAY, "the server stops", SHUTDOWN_LINGER_SECONDS)


class _Handshake(ServerProtocol):
    """The protocol of websockets, which refuses in our words."""

    def reject(self, status: StatusLike, text: str) -> Response:
        response = super().reject(status, text)
        refusal = _REFUSALS.get(response.status_code, _NO_HANDSHAKE)
        response = super().reject(refusal.status_code, refusal.content.decode())
        del response.headers["Content-Type"]
        for name, value in shielded([(b"content-type", b"application/json")]):
            response.headers[name.decode()] = value.decode()
        return response


_NO_HANDSHAKE = ApiError(400, "bad_request", "this is no handshake of a websocket")
_REFUSALS = {
    403: ApiError(404, "not_found", "there is no websocket at this address"),  # no route took it
    405: ApiError(405, "method_not_allowed", "a websocket is opened with GET", hint="use GET"),
    414: ApiError(414, "too_large", "the address is too long"),
    431: ApiError(431, "too_large", "the headers are too large"),
}


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
