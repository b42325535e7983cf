"""Send a row to a server byte for byte, and take in what it answers."""

import json
import select
import socket
import time
from dataclasses import dataclass, field
from http.client import HTTPMessage, HTTPResponse
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.server.hostile.rows import Ask, Fill, Frame, Refusal, Row, Wire
from tests.server.served import Served

DEADLINE = 20.0  # seconds, after which a row counts as hung


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, or that nothing did: `status` 0 and no body where the connection was closed, -1 in a hang."""

    status: int
    seconds: float
    headers: HTTPMessage = field(default_factory=HTTPMessage)
    text: str = ""
    body: Any = None
    sent: bytes = b""

    @property
    def refusal(self) -> Refusal:
        """What the row is compared with."""
        error = self.body.get("error", self.body) if isinstance(self.body, dict) else {}
        return self.status, str(error.get("code", "")) if isinstance(error, dict) else ""


def answered(served: Served, row: Row, fill: Fill) -> Answer:
    """Send a row and give its answer."""
    began = time.monotonic()
    match row:
        case Ask() | Wire():
            sent = row.sent(fill)
            heard = exchanged(served.port, sent, ends=isinstance(row, Wire) and row.ends)
            return _parsed(heard, time.monotonic() - began, sent)
        case Frame():
            return _on_a_socket(served, row, fill)


def exchanged(port: int, sent: bytes, *, ends: bool = False) -> bytes | None:
    """Send bytes while listening, and give what comes back; nothing if the server neither answers nor closes."""
    heard, left, until = b"", memoryview(sent), time.monotonic() + DEADLINE
    with socket.create_connection(("127.0.0.1", port), DEADLINE) as wire:
        wire.setblocking(False)
        while (seconds := until - time.monotonic()) > 0 and not _whole(heard):
            readable, writable, _ = select.select([wire], [wire] if left else [], [], seconds)
            try:
                if writable and not (left := left[wire.send(left[:65_536]) :]) and ends:
                    wire.shutdown(socket.SHUT_WR)
                if readable:
                    if not (more := wire.recv(65_536)):
                        return heard
                    heard += more
            except ConnectionError:
                if readable or not left:
                    return heard
                left = memoryview(b"")  # it listens no longer; what it said can still be read
    return heard if _whole(heard) else None


def _whole(heard: bytes) -> bool:
    head, end, body = heard.partition(b"\r\n\r\n")
    lengths = [line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return bool(end and lengths) and len(body) >= int(lengths[0])


def _parsed(heard: bytes | None, seconds: float, sent: bytes) -> Answer:
    if not heard:
        return Answer(-1 if heard is None else 0, seconds, sent=sent)
    here, there = socket.socketpair()
    with here, there:
        here.settimeout(DEADLINE)
        there.sendall(heard[:100_000])
        there.shutdown(socket.SHUT_WR)
        answer = HTTPResponse(here)
        answer.begin()
        text = answer.read().decode()
    return Answer(answer.status, seconds, answer.headers, text, _json(text), sent)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _on_a_socket(served: Served, row: Frame, fill: Fill) -> Answer:
    message = fill(row.message.encode()).decode() if isinstance(row.message, str) else row.message
    sent = message.encode() if isinstance(message, str) else message
    began = time.monotonic()
    address = served.url.replace("http", "ws", 1) + f"/api/v1/ws?token={served.token}"
    with connect(address, origin=Origin(served.url), proxy=None, open_timeout=DEADLINE) as wire:
        try:
            while json.loads(wire.recv(DEADLINE))["type"] != "welcome":
                pass
            wire.send(message)
            while (said := json.loads(text := str(wire.recv(DEADLINE))))["type"] != "refused":
                pass
            wire.send('{"type": "ping"}')
            while json.loads(wire.recv(DEADLINE))["type"] != "pong":
                pass  # the socket stays open
        except ConnectionClosed as closed:
            return Answer(closed.rcvd.code if closed.rcvd else 0, time.monotonic() - began, sent=sent)
        except TimeoutError:
            return Answer(-1, time.monotonic() - began, sent=sent)
    return Answer(0, time.monotonic() - began, text=text, body={"error": said}, sent=sent)
