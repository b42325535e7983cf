"""What a request says of itself before anything of it is parsed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

ONCE = frozenset(
    {
        "host",
        "origin",
        "authorization",
        "content-type",
        "content-length",
        "content-encoding",
        "if-match",
        "idempotency-key",
    }
)
_AROUND = 4  # bytes of a header that are neither its name nor its value


@dataclass(frozen=True, slots=True)
class Asked:
    """Method, path and headers of a request or of a socket's handshake."""

    socket: bool
    method: str
    path: str
    query: bytes
    headers: dict[str, str]
    twice: tuple[str, ...]  # headers that may be there once, and are there more often
    header_bytes: int

    @classmethod
    def of(cls, scope: Any) -> "Asked":
        """Read an ASGI scope."""
        headers, twice = _headers(scope["headers"])
        socket = scope["type"] == "websocket"
        return cls(
            socket=socket,
            method="GET" if socket else scope["method"],
            path=scope["path"],
            query=scope["query_string"],
            headers=headers,
            twice=twice,
            header_bytes=sum(len(name) + len(value) + _AROUND for name, value in scope["headers"]),
        )

    @property
    def target_length(self) -> int:
        return len(self.path) + len(self.query)

    @property
    def has_body(self) -> bool:
        """Whether a body follows."""
        return self.headers.get("content-length", "0") != "0" or "transfer-encoding" in self.headers

    @property
    def bearer(self) -> str | None:
        """The token of the Authorization header; any other kind of authorization is an empty token."""
        said = self.headers.get("authorization")
        if said is None:
            return None
        kind, _, token = said.partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""

    @property
    def query_token(self) -> str | None:
        """The token in the query."""
        pairs = parse_qsl(self.query.decode("latin-1"), max_num_fields=None)
        return next((value for name, value in pairs if name == "token"), None)

    def cookie(self, name: str) -> str | None:
        """Give the cookie of this name."""
        for part in self.headers.get("cookie", "").split(";"):
            key, found, value = part.strip().partition("=")
            if found and key == name:
                return value
        return None


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> tuple[dict[str, str], tuple[str, ...]]:
    headers: dict[str, str] = {}
    twice: list[str] = []
    for raw, value in pairs:
        name = raw.decode("latin-1").lower()
        if name in headers:
            twice += [name] if name in ONCE else []
            separator = "; " if name == "cookie" else ", "
            headers[name] += separator + value.decode("latin-1")
        else:
            headers[name] = value.decode("latin-1")
    return headers, tuple(twice)
