"""Every route of the server, with an address that fits it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.openapi import FILE

ID = "AAAAAAAAAAAAAAAAAAAAAA"
_LETTERS = {"graphs": "g", "runs": "r", "sweeps": "w", "shares": "s"}
_WORDS = {"revision": "1", "name": "nothing-like-it", "link": "sum.out", "digest": "0" * 64, "token": "A" * 43}


@dataclass(frozen=True)
class Route:
    """A method at an address; `open` needs no token, `takes` names the type of its body."""

    method: str
    path: str
    open: bool
    takes: str | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes() -> Iterator[Route]:
    """Give all routes that the description names."""
    for path, methods in json.loads(FILE.read_text())["paths"].items():
        for method, said in methods.items():
            content = said.get("requestBody", {}).get("content", {})
            yield Route(method.upper(), filled(path), said.get("security") == [], next(iter(content), None))


def filled(path: str) -> str:
    """Put values into the places of an address."""
    letter = _LETTERS.get(path.split("/")[3], "r")
    return re.sub(r"\{(\w+)(?::path)?\}", lambda match: _WORDS.get(match[1], f"{letter}_{ID}"), path)


ROUTES = sorted(routes(), key=str)
WITH_TOKEN = [route for route in ROUTES if not route.open]
WITH_BODY = [route for route in ROUTES if route.takes == "application/json"]
