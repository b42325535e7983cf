"""One connection of a client: nobody holds one without using it.

Guarantees
1. The headers of a request arrive within the deadline, or the connection is closed.
2. A client that stops reading its answer loses the connection.
3. What is no HTTP is answered with 400 (431 where the headers are too large) in the shape of our errors.
4. There are never more connections than the settings allow.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from server.errors import ApiError
from server.shield import shielded

HEADERS_DUE = 10.0  # seconds
READING_DUE = 30.0
VERSIONS = (b"1.0", b"1.1")
NO_HTTP = ApiError(400, "bad_request", "this is no HTTP")
TOO_LARGE = ApiError(431, "too_large", "the headers are too large")


class HttpProtocol(H11Protocol):
    """The connection of uvicorn, with deadlines."""

    most = 4_096  # connections at the same time
    headers_due = HEADERS_DUE

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.parser = _Parser(h11.SERVER, config.h11_max_incomplete_event_size or 32_768)
        self.conn = self.parser
        self._request = _Deadline(self.loop, self.headers_due, self._give_up)
        self._reading = _Deadline(self.loop, READING_DUE, lambda: self.transport.abort())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection in, or close it at once where there are too many."""
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        if len(self.connections) > self.most:
            self.connections.discard(self)
            transport.abort()
            return
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Read on, and start or stop the deadline by what is awaited now."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the deadlines."""
        self._request.stop()
        self._reading.stop()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not read: give it a while."""
        super().pause_writing()
        self._reading.start()

    def resume_writing(self) -> None:
        """The client reads again."""
        super().resume_writing()
        self._reading.stop()

    def send_400_response(self, msg: str) -> None:
        """Answer to what is no HTTP."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        refused = TOO_LARGE if self.parser.fault == 431 else NO_HTTP
        body = refused.content
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        answer = h11.Response(status_code=refused.status_code, headers=[*shielded(headers), (b"connection", b"close")])
        for event in (answer, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch(self) -> None:
        """A request is awaited, or the rest of one that is answered already: neither for ever."""
        answered = self.conn.our_state in (h11.DONE, h11.MUST_CLOSE, h11.CLOSED)
        if self.conn.their_state is h11.IDLE or (answered and self.conn.their_state is h11.SEND_BODY):
            self._request.start()
        else:
            self._request.stop()

    def _give_up(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()


class _Parser(h11.Connection):
    """The parser of h11, which remembers what was wrong."""

    fault = 400

    def next_event(self) -> Any:
        try:
            event = super().next_event()
            if isinstance(event, h11.Request) and event.http_version not in VERSIONS:
                raise h11.RemoteProtocolError("another version of HTTP")
            return event
        except h11.RemoteProtocolError as error:
            self.fault = error.error_status_hint
            raise


class _Deadline:
    """Something that happens unless it is stopped in time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float, late: Callable[[], None]) -> None:
        self._loop = loop
        self._seconds = seconds
        self._late = late
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Start it, where it does not run already."""
        if self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._late)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
