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
        super().__init__("\n".join(map(_sentence, _problems(error))))
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

    @property
    def problems(self) -> Sequence[ProblemShape]:
        """Everything that is wrong, at least one thing."""
        return _problems(self.error)


def _problems(error: ErrorShape) -> Sequence[ProblemShape]:
    first = ProblemShape(message=error.message, node=error.node, port=error.port, field=error.field, hint=error.hint)
    return error.problems or [first]


def _sentence(problem: ProblemShape) -> str:
    place = ".".join(part for part in (problem.node, problem.port or problem.field) if part)
    text = f"{place}: {problem.message}" if place else problem.message
    return f"{text}; {problem.hint}" if problem.hint else text
