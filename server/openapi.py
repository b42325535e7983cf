"""Describe the interface: the routes, and the messages of the websocket; `python -m server.openapi` writes it down.

Guarantees
1. The description in the repository is what the routes are; a test compares them.
2. It depends on the sources and the pinned libraries alone.
"""

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from server.messages import FromClient, FromServer

FILE = Path(__file__).with_name("openapi.json")
OPEN = {("post", "/api/v1/session"), ("get", "/api/v1/health")}
_REF = "#/components/schemas/{model}"
_UNIONS: dict[str, Any] = {"FromClient": FromClient, "FromServer": FromServer}
_ABOUT = (
    "Graphs, runs, values and progress. State and progress also come over the websocket `/api/v1/ws`: "
    "its messages are the schemas `FromClient` and `FromServer`."
)


def describe(app: FastAPI) -> dict[str, Any]:
    """Give the OpenAPI description of the routes and the messages."""
    said = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
    schemas: dict[str, Any] = said.setdefault("components", {}).setdefault("schemas", {})
    for name, union in _UNIONS.items():
        schema = TypeAdapter(union).json_schema(ref_template=_REF)
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
    said["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "page": {"type": "apiKey", "in": "cookie", "name": "promptograph", "description": "What POST /session gives."},
    }
    said["security"] = [{"token": []}, {"page": []}]
    for method, path in OPEN:
        said["paths"][path][method]["security"] = []
    _drop_unused(schemas, said)
    return said


def text(app: FastAPI) -> str:
    """Write the description so that equal interfaces have equal text."""
    return json.dumps(describe(app), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _drop_unused(schemas: dict[str, Any], said: dict[str, Any]) -> None:
    """FastAPI's own shapes of errors are never sent."""
    for name in ("HTTPValidationError", "ValidationError"):
        if name in schemas and f'"{_REF.format(model=name)}"' not in json.dumps(said["paths"]):
            del schemas[name]


def main() -> None:
    """Write the description of this version."""
    from server.app import interface

    FILE.write_text(text(interface()), encoding="utf-8")


if __name__ == "__main__":
    main()
