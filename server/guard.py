"""Decide whether a request may come in, from its first lines alone.

Guarantees
1. A Host that is not listed is refused (421): a rebound name reaches nothing.
2. An Origin that is neither our own nor listed is refused (403), `null` too; a socket must bring one.
3. What a browser calls cross-site or same-site is refused, but for opening a page by a link.
4. Everything but the page, shares, health and the log-in needs the token: as bearer, as the cookie of the page, or in
   the query of a socket's handshake. A cookie alone changes nothing: its request must say that our page made it.
5. A body is JSON (415), where no file is expected, is not compressed, and has a length within its limit (413).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from server.asked import Asked
from server.errors import ApiError
from server.limits import LIMITS, RAW_BODIES
from server.settings import LOOPBACK, Settings
from server.token import cookie_name, cookie_value, same

HEALTH = ("/health", "/api/v1/health")
SESSION = "/api/v1/session"

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.IGNORECASE)
_JSON = re.compile(r"application/json(?:\s*;\s*charset=\"?utf-8\"?)?", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NO_BODY = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Guard:
    """Who may ask."""

    token: str
    hosts: frozenset[str]
    origins: frozenset[str]

    @classmethod
    def of(cls, settings: Settings, token: str) -> "Guard":
        """Make the lists of a server."""
        bound = f"[{settings.host}]" if ":" in settings.host else settings.host
        return cls(token, _lower((*LOOPBACK, bound, *settings.hosts)), _lower(o.rstrip("/") for o in settings.origins))

    def refusal(self, asked: Asked) -> ApiError | None:
        """Say why a request may not come in, or nothing."""
        return self._form(asked) or self._host(asked) or self._page(asked) or self._person(asked) or _body(asked)

    def _form(self, asked: Asked) -> ApiError | None:
        if asked.target_length > LIMITS.url:
            return ApiError(414, "too_large", f"the address is longer than {LIMITS.url} characters")
        if _CONTROL.search(asked.path):  # a pattern of a route may end before a line end, and so see another address
            return ApiError(404, "not_found", "there is nothing at this address")
        if asked.header_bytes > LIMITS.header_bytes:
            return ApiError(431, "too_large", f"the headers are larger than {LIMITS.header_bytes:,} bytes")
        if asked.twice:
            return ApiError(400, "bad_request", f"the header {asked.twice[0]} is there more than once")
        return None

    def _host(self, asked: Asked) -> ApiError | None:
        match = _HOST.fullmatch(asked.headers.get("host", ""))
        if match and match[1].lower() in self.hosts:
            return None
        return ApiError(
            421,
            "wrong_host",
            "this server does not answer to that Host",
            hint="ask it as localhost, or start it with --allow-host NAME",
        )

    def _page(self, asked: Asked) -> ApiError | None:
        """Refuse what pages of other origins ask."""
        origin = asked.headers.get("origin")
        if origin is None and asked.socket:
            return ApiError(403, "wrong_origin", "a socket needs an Origin", hint="send the address of this server")
        if origin is not None and not self._own(asked, origin.lower()):
            return ApiError(
                403,
                "wrong_origin",
                "pages of that origin may not ask this server",
                hint="open the page of this server, or start it with --allow-origin ORIGIN",
            )
        site = asked.headers.get("sec-fetch-site", "none")
        if site in ("same-origin", "none") or (origin or "").lower() in self.origins or _followed_link(asked):
            return None
        return ApiError(403, "wrong_origin", "pages of other origins may not ask this server")

    def _own(self, asked: Asked, origin: str) -> bool:
        # The Host was found on the list before, so that a page which was loaded from it is ours.
        host = asked.headers["host"].lower()
        return origin in self.origins or origin in (f"http://{host}", f"https://{host}")

    def _person(self, asked: Asked) -> ApiError | None:
        if is_open(asked):
            return None
        if (token := asked.bearer) is not None:
            return None if same(token, self.token) else _unknown("that token is not the one of this server")
        if asked.socket and (token := asked.query_token) is not None:
            return None if same(token, self.token) else _unknown("that token is not the one of this server")
        cookie = asked.cookie(cookie_name(self.token))
        if cookie is None or not same(cookie, cookie_value(self.token)):
            return _unknown("this needs the token of the server")
        if asked.method in _SAFE or "origin" in asked.headers or asked.headers.get("sec-fetch-site") == "same-origin":
            return None
        return ApiError(403, "wrong_origin", "a cookie alone is not enough", hint="send the token as bearer")


def is_open(asked: Asked) -> bool:
    """Whether no token is needed: it serves nothing of a person, or has a secret of its own."""
    if asked.socket:
        return False
    if asked.method in _SAFE:
        return asked.path in ("/", *HEALTH) or asked.path.startswith(("/static/", "/s/"))
    return (asked.method, asked.path) == ("POST", SESSION)


def _followed_link(asked: Asked) -> bool:
    """Whether a person opens a page by a link elsewhere: nothing of it can be read there."""
    says = asked.headers.get
    page = asked.path == "/" or asked.path.startswith("/s/")
    return (
        page
        and asked.method in _SAFE
        and not asked.socket
        and says("sec-fetch-mode") == "navigate"
        and says("sec-fetch-dest") == "document"
    )


def _unknown(message: str) -> ApiError:
    return ApiError(
        401,
        "no_token",
        message,
        hint="`promptograph serve` prints it; send it as `Authorization: Bearer TOKEN`",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _body(asked: Asked) -> ApiError | None:
    if not asked.has_body:
        return None
    if asked.method in _NO_BODY:
        return ApiError(400, "bad_request", f"{asked.method[:20]} has no body", hint="leave it out")
    if asked.headers.get("content-encoding", "identity").lower() != "identity":
        return ApiError(415, "wrong_type", "a body is not compressed", hint="send it as it is")
    raw = (asked.method, asked.path) in RAW_BODIES
    if not raw and not _JSON.fullmatch(asked.headers.get("content-type", "").strip()):
        return ApiError(415, "wrong_type", "the body is not JSON", hint="send it as application/json")
    length = asked.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and len(length) < 20):
        return ApiError(400, "bad_request", "Content-Length is not a number")
    return too_large(limit) if int(length) > (limit := body_limit(asked)) else None


def body_limit(asked: Asked) -> int:
    """Give how many bytes the body may have."""
    return RAW_BODIES.get((asked.method, asked.path), LIMITS.json_bytes)


def too_large(limit: int) -> ApiError:
    """Say that a body is too large."""
    return ApiError(413, "too_large", f"the body is larger than {limit:,} bytes", hint="see /api/v1/limits")


def _lower(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)
