"""Turn every exception that a request can meet into an answer in our shape.

Guarantees
1. A fault of the disk or the database is 507 (full) or 503 with Retry-After, never 500.
2. What nobody expected is 500 with a number that finds it in the log, and nothing else about it.
"""

import errno
import logging
import secrets
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match

from graphs import GraphError
from server.database.errors import (
    BadCursor,
    Conflict,
    DatabaseError,
    KeyReused,
    NotFound,
    QueueFull,
    TooLarge,
    Unavailable,
)
from server.errors import ApiError, ProblemShape, bad_graph, not_found
from server.records import SavedGraph

METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
_FULL = {errno.ENOSPC, errno.EDQUOT}
_WORDS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 503: "unavailable"}

log = logging.getLogger("promptograph.http")


def install(app: FastAPI) -> None:
    """Answer to every exception in our shape."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    for kind in (GraphError, DatabaseError, ClientDisconnect, OSError, Exception):
        app.add_exception_handler(kind, _any)


def error_of(error: Exception) -> ApiError:
    """Give the answer to an exception that is not about HTTP."""
    match error:
        case ApiError():
            return error
        case GraphError():
            return bad_graph(error)
        case DatabaseError():
            return _of_database(error)
        case ClientDisconnect():
            return ApiError(400, "cut_off", "the body did not arrive whole")
        case OSError() if error.errno in _FULL:
            return full()
        case OSError():
            log.warning("a request met a fault of the system", exc_info=error)
            return unavailable("something that is needed cannot be reached")
    number = secrets.token_hex(4)
    log.error("a request broke", exc_info=error, extra={"fault": number})
    return ApiError(500, "internal", f"something broke that should not; the log of the server says more at {number}")


def full() -> ApiError:
    """Say that the disk is full."""
    return ApiError(
        507,
        "disk_full",
        "the disk of the server is full",
        hint="make room; nothing that was acknowledged is lost",
        headers={"Retry-After": "30"},
    )


def unavailable(message: str, *, seconds: int = 1) -> ApiError:
    """Say that it cannot be done now, and when to ask again."""
    return ApiError(503, "unavailable", message, hint="try again", headers={"Retry-After": str(seconds)})


def _of_database(error: DatabaseError) -> ApiError:
    match error:
        case NotFound():
            return not_found(error.kind)
        case Conflict(current=SavedGraph() as saved):
            hint = "look at what is saved now, and save again with its revision"
            current = saved.model_dump(mode="json")
            headers = {"ETag": f'"{saved.revision}"'}
            return ApiError(412, "changed", str(error), hint=hint, current=current, headers=headers)
        case Conflict():
            return ApiError(409, "conflict", str(error), current=error.current.model_dump(mode="json"))
        case KeyReused():
            return ApiError(409, "key_reused", str(error), field="header.idempotency-key", hint="take a new key")
        case QueueFull():
            hint = "try again later, or cancel runs that are not needed"
            return ApiError(429, "queue_full", str(error), hint=hint, headers={"Retry-After": "5"})
        case TooLarge():
            return ApiError(422, "too_large", str(error), hint="split it; /api/v1/limits says what is possible")
        case BadCursor():
            return ApiError(
                422, "bad_request", str(error), field="query.after", hint="send the `next` of a page as it is"
            )
        case Unavailable(full=True):
            return full()
        case Unavailable():
            return unavailable(str(error))
    return unavailable("the database cannot do this now")


async def _any(request: Request, error: Exception) -> Response:
    return error_of(error).response()


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, ApiError):
        return error.response()
    if error.status_code == 405:
        return _not_allowed(request).response()
    code = _WORDS.get(error.status_code, "bad_request")
    said = {404: "there is nothing at this address"}.get(error.status_code, str(error.detail))
    return ApiError(error.status_code, code, said).response()


def _not_allowed(request: Request) -> ApiError:
    fit = [method for method in METHODS if _has(request, method)]
    message = f"{request.method[:20]} is not possible here"
    return ApiError(
        405, "method_not_allowed", message, hint="use " + " or ".join(fit), headers={"Allow": ", ".join(fit)}
    )


def _has(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    if any(fault["loc"][:1] == ("path",) for fault in faults):
        return not_found("thing; its id has another form").response()
    return invalid(faults).response()


def invalid(faults: Sequence[Any]) -> ApiError:
    """Name the fields that are wrong, and how to mend each."""
    shapes = tuple(_problem(fault) for fault in faults[:50])
    return ApiError(422, "bad_request", problems=shapes, **shapes[0].model_dump())


def _problem(fault: dict[str, Any]) -> ProblemShape:
    place = ".".join(str(part)[:60] for part in fault["loc"][:12])
    message = str(fault["msg"]).removeprefix("Value error, ")
    hint = "give it in another form; /api/v1/openapi.json lists what is possible"
    match fault["type"]:
        case "extra_forbidden":
            message, hint = "there is no such field", "leave it out; /api/v1/openapi.json lists the fields"
        case "missing":
            message, hint = "it is missing", "give it; send it as application/json"
    return ProblemShape(message=message[:200], field=place, hint=hint)
