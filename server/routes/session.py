"""Let a page in: it brings the token once, and gets a cookie that scripts cannot read.

Guarantees
1. The cookie is HttpOnly and SameSite=Strict, and holds something else than the token.
"""

from pydantic import Field
from starlette.requests import Request as Asking
from starlette.responses import Response

from server.errors import ApiError
from server.routes.shapes import Request, router
from server.services import Parts
from server.token import LONGEST, cookie_name, cookie_value, same

routes = router(tag="session")

_AGE = 30 * 24 * 3600


class Login(Request):
    """The token of the server."""

    token: str = Field(max_length=LONGEST)


@routes.post("/session", status_code=204)
async def log_in(login: Login, asking: Asking, parts: Parts) -> Response:
    """Exchange the token for a cookie."""
    if not same(login.token, parts.token):
        raise ApiError(401, "no_token", "that token is not the one of this server", field="body.token")
    answer = Response(status_code=204)
    answer.set_cookie(
        cookie_name(parts.token),
        cookie_value(parts.token),
        max_age=_AGE,
        httponly=True,
        samesite="strict",
        secure=asking.headers.get("origin", "").startswith("https:"),
    )
    return answer


@routes.get("/session", status_code=204)
async def am_i_in() -> Response:
    """Say whether the request brought what is needed: 204, else 401."""
    return Response(status_code=204)


@routes.delete("/session", status_code=204)
async def log_out(parts: Parts) -> Response:
    """Take the cookie back."""
    answer = Response(status_code=204)
    answer.delete_cookie(cookie_name(parts.token), httponly=True, samesite="strict")
    return answer
