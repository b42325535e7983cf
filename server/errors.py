"""Say what went wrong over HTTP: one shape for every error, with a code for programs and a mend for people.

    starlette.HTTPException
    └── ApiError            status, code and message; where it is, and how to mend it

Guarantees
1. Every error is `{"error": {"code", "message", ...}}`, whoever raised it.
2. No error holds a traceback, a path of this machine or SQL, nor more than a glimpse of what was sent.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue
from starlette.exceptions import HTTPException
from starlette.responses import Response

from graphs import GraphError
from graphs.errors import Problem

GLIMPSE = 200  # characters of anything that was sent
SHOWN = 50  # problems in one answer


class ProblemShape(BaseModel):
    """One thing that is wrong with what was sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    message: str
    node: str | None = None
    port: str | None = None
    field: str | None = None  # where in the request, such as `body.axes.0.values`
    hint: str | None = None


class ErrorShape(ProblemShape):
    """What went wrong; `code` is for programs, `hint` says how to mend it."""

    code: str
    problems: tuple[ProblemShape, ...] | None = None
    current: dict[str, JsonValue] | None = None  # with 412: what is saved now
    seconds: float | None = None  # with 410: what it costs to make it again


class ErrorBody(BaseModel):
    """The body of every answer that is not a success."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    error: ErrorShape


class ApiError(HTTPException):
    """An answer that is not a success."""

    def __init__(
        self, status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(status, message, dict(headers or {}))
        self.shape = ErrorShape(code=code, message=glimpse(message), **more)

    @property
    def content(self) -> bytes:
        """The body, as bytes."""
        said = {"code": self.shape.code} | self.shape.model_dump(mode="json", exclude_none=True)
        return json.dumps({"error": said}, ensure_ascii=False).encode("utf-8", "replace")

    def response(self) -> Response:
        """Give it as an answer."""
        return Response(self.content, self.status_code, self.headers, "application/json")


def not_found(what: str) -> ApiError:
    """Say that there is no such thing."""
    return ApiError(404, "not_found", f"there is no such {what}")


def bad_graph(error: GraphError, *, field: str | None = None) -> ApiError:
    """Say what is wrong with a graph, all of it."""
    return of_problems("bad_graph", error.problems, field=field)


def bad_json(error: GraphError) -> ApiError:
    """Say what is wrong with the text of a body."""
    return of_problems("bad_json", error.problems, status=400)


def of_problems(code: str, problems: Iterable[Problem], *, status: int = 422, field: str | None = None) -> ApiError:
    """Make one error of problems; the first is told on top."""
    shapes = tuple(_shape(problem, field) for problem in problems)[:SHOWN]
    first = shapes[0] if shapes else ProblemShape(message="the graph is not legal")
    return ApiError(status, code, problems=shapes, **first.model_dump())


def glimpse(text: str) -> str:
    """Cut a text that may hold what a client sent."""
    return text if len(text) <= 4 * GLIMPSE else text[: 4 * GLIMPSE] + "..."


def _shape(problem: Problem, field: str | None) -> ProblemShape:
    return ProblemShape(
        message=glimpse(problem.message),
        node=problem.node and problem.node[:GLIMPSE],
        port=problem.port and problem.port[:GLIMPSE],
        field=field,
        hint=glimpse(problem.hint) or None,
    )
