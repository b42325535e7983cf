"""One row of the table: what a hostile client sends, and the refusal that it must get.

In an address or a body `<run>`, `<graph>` and `<sweep>` stand for what is there, `<port>`, `<token>` for the server's.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Refusal = tuple[int, str]  # status and code; (0, "") where the connection is closed; see Frame for messages
Body = bytes | Callable[[], bytes]
Fill = Callable[[bytes], bytes]  # puts what is there in the place of its name

JSON = "application/json"
OK_DOCUMENT = {
    "format": "promptograph/1",
    "nodes": {"count": {"type": "Step", "params": {"seconds": 0.0}}},
    "inputs": {"a": {"to": ["count.a"]}},
    "outputs": {"sum": "count.number"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request over HTTP; a header that is None is left out."""

    name: str
    refusal: Refusal
    method: str = "GET"
    path: str = "/api/v1/limits"
    headers: Mapping[str, str | None] = field(default_factory=dict)
    body: Body = b""

    def sent(self, fill: Fill) -> bytes:
        """Give the bytes of the request."""
        body = fill(self.body if isinstance(self.body, bytes) else self.body())
        typed = {"Content-Type": JSON, "Content-Length": str(len(body))} if body else {}
        usual = {"Host": "127.0.0.1:<port>", "Authorization": "Bearer <token>", **typed}
        lines = [f"{name}: {value}" for name, value in {**usual, **self.headers}.items() if value is not None]
        head = f"{self.method} {self.path} HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n"
        return fill(head.encode("latin-1")) + body


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """Bytes that are no request of an honest client; afterwards the client sends no more where `ends`."""

    name: str
    refusal: Refusal
    content: Body
    ends: bool = False

    def sent(self, fill: Fill) -> bytes:
        """Give the bytes."""
        return fill(self.content if isinstance(self.content, bytes) else self.content())


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A message on a websocket that was opened properly: (0, code) is refused, (close code, "") ends the socket."""

    name: str
    refusal: Refusal
    message: str | bytes


Row = Ask | Wire | Frame
Rows = Sequence[Row]


def get(name: str, path: str, refusal: Refusal, **headers: str | None) -> Ask:
    """Make a row that only asks."""
    return Ask(name=name, refusal=refusal, path=path, headers=headers)


def post(name: str, path: str, body: object, refusal: Refusal, **headers: str | None) -> Ask:
    """Make a row that sends JSON, or bytes as they are."""
    sent = body if isinstance(body, bytes) or callable(body) else json.dumps(body).encode()
    return Ask(name=name, refusal=refusal, method="POST", path=path, headers=headers, body=sent)


def run(name: str, document: object, refusal: Refusal = (422, "bad_graph"), **more: object) -> Ask:
    """Make a row that submits a document as a run."""
    return post(name, "/api/v1/runs", {"graph": document, **more}, refusal)


def node(**fields: object) -> dict[str, object]:
    """Give a document whose only node, `count`, has other fields than it should."""
    return {"format": "promptograph/1", "nodes": {"count": {"type": "Step", **fields}}}


def changed(**fields: object) -> dict[str, object]:
    """Give a document that is legal but for these fields."""
    return {**OK_DOCUMENT, **fields}
