"""What can go wrong between a client and its server.

Exception
└── ClientError
    ├── UnreachableError     nobody answers there, or not any more
    ├── IncompatibleError    the server speaks another version
    └── RefusedError         the server said no; carries its words
"""

from collections.abc import Sequence

from pydantic import ValidationError

from client.schema import ErrorBody, ErrorShape, ProblemShape


class ClientError(Exception):
    """Something was not done."""


class UnreachableError(ClientError):
    """No server answers at the address; whether a request was carried out is not known."""


class IncompatibleError(ClientError):
    """The server speaks another version of the protocol."""


class RefusedError(ClientError):
    """The server refused; `status` is that of HTTP, `error` says what is wrong and where."""

    def __init__(self, status: int, error: ErrorShape) -> None:
        super().__init__("\n".join(_sentences(error)))
        self.status = status
        self.error = error

    @classmethod
    def of(cls, status: int, body: bytes) -> "RefusedError":
        """Read the words of a server, or of whoever answers in its place."""
        try:
            return cls(status, ErrorBody.model_validate_json(body).error)
        except ValidationError:
            said = body[:200].decode(errors="replace").strip()
            return cls(status, ErrorShape(code="not_ours", message=f"HTTP {status} {said}".strip()))

    @property
    def code(self) -> str:
        """The word for programs."""
        return self.error.code


def _sentences(error: ErrorShape) -> list[str]:
    each: Sequence[ProblemShape | ErrorShape] = error.problems or [error]
    return [_sentence(one.node, one.port or one.field, one.message, one.hint) for one in each]


def _sentence(node: str | None, port: str | None, message: str, hint: str | None) -> str:
    place = ".".join(part for part in (node, port) if part)
    text = f"{place}: {message}" if place else message
    return f"{text}; {hint}" if hint else text
