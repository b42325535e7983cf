"""The outermost part of the server: everything that comes in passes here, and everything that leaves.

Guarantees
1. What the guard refuses reaches no route.
2. Health is answered here, without a token, whatever else is going on.
3. Above the number of requests that are answered at the same time, the next is told to come again (503).
4. An exception that got this far becomes an answer in our shape; nothing of it leaves the machine.
5. A request that the end of the server cuts short is told to come again (503).
"""

import asyncio
import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.asked import Asked
from server.errors import ApiError
from server.faults import error_of, unavailable
from server.guard import HEALTH, Guard, body_limit
from server.receipt import Receipt
from server.services import Services
from server.shield import shielded

NO_TOKEN = 4401  # the code that a socket is closed with
GONE = 499  # what the log says of a client that left before it had its answer

log = logging.getLogger("promptograph.http")


class Front:
    """The application that the network sees."""

    def __init__(self, app: ASGIApp, guard: Guard, services: Services) -> None:
        self.app = app
        self.guard = guard
        self.services = services
        self.settings = services.settings
        self.answering = 0
        self.leaving = False

    async def leave(self) -> None:
        """Say everywhere that the server stops."""
        self.leaving = True
        self.services.leaving.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take in one request, socket or lifespan."""
        match scope["type"]:
            case "http":
                await self._http(scope, receive, send)
            case "websocket":
                await self._socket(scope, receive, send)
            case _:
                await self.app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Asked.of(scope)
        answer = _Answer(send)
        try:
            if refusal := self._refusal(asked):
                await refusal.response()(scope, receive, answer)
            elif asked.path in HEALTH and asked.method in ("GET", "HEAD"):
                await self._health(answer)
            else:
                receipt = Receipt(receive, limit=body_limit(asked), seconds=self.settings.receipt)
                await self._route(scope, receipt, answer)
        except asyncio.CancelledError:
            if answer.status or not self.leaving:
                raise
            await unavailable("the server stops").response()(scope, receive, answer)
        except Exception as error:
            if answer.whole:
                return  # an answer of `server.faults`, which has logged it
            if answer.status:
                log.error("an answer broke off", exc_info=error, extra={"path": shown(asked.path)})
                raise
            await error_of(error).response()(scope, receive, answer)
        finally:
            self._record(asked, answer)

    def _refusal(self, asked: Asked) -> ApiError | None:
        if refusal := self.guard.refusal(asked):
            return refusal
        if self.answering >= self.settings.requests and asked.path not in HEALTH:
            return unavailable(f"{self.answering} requests are being answered already")
        return None

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.answering += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.answering -= 1

    async def _health(self, send: Send) -> None:
        status, body = (503, b'{"status":"stopping"}') if self.leaving else (200, b'{"status":"ok"}')
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self.guard.refusal(Asked.of(scope))
        if refusal is None:
            await self.app(scope, receive, send)
            return
        await receive()
        if refusal.status_code == 401:  # our own page: it cannot see the status of a handshake, but it can see this
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": NO_TOKEN, "reason": "no_token"})
        else:
            await _deny(refusal, send)

    def _record(self, asked: Asked, answer: "_Answer") -> None:
        seconds = time.monotonic() - answer.began
        status = answer.status or GONE
        self.services.metrics.answered(status, seconds)
        level = logging.DEBUG if asked.path in HEALTH else logging.INFO
        more = {
            "method": asked.method[:20],
            "path": shown(asked.path),
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        log.log(level, "request", extra=more)


class _Answer:
    """The sending of one answer, with our headers on it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.whole = False
        self.began = time.monotonic()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": shielded(message.get("headers", ()))}
        await self._send(message)
        self.whole = message["type"] == "http.response.body" and not message.get("more_body", False)


async def _deny(refusal: ApiError, send: Send) -> None:
    """Refuse a handshake with an HTTP answer."""
    headers = shielded([(b"content-type", b"application/json")])
    await send({"type": "websocket.http.response.start", "status": refusal.status_code, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": refusal.content})


def shown(path: str) -> str:
    """Give a path as it may be logged: the secret of a share is left out."""
    return "/s/..." if path.startswith("/s/") else path[:200]
