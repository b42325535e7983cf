"""Print an OpenAPI document with the server's records and messages as components, until the server writes its own.

Run from the repository: .venv/bin/python web/scripts/openapi.py
"""

import json
from typing import Any

from pydantic import TypeAdapter

from server import messages, records

SHOWN = [
    records.SavedGraph, records.GraphSummary, records.RevisionSummary, records.Run, records.Page, records.Sweep,
    records.Asset, records.Share, messages.FromClient, messages.FromServer, messages.RunEvent,
]  # fmt: skip
NAMED = {"FromClient": messages.FromClient, "FromServer": messages.FromServer, "RunEvent": messages.RunEvent}


def main() -> None:
    adapters: list[tuple[Any, Any, TypeAdapter[Any]]] = [
        (str(at), "serialization", TypeAdapter(shown)) for at, shown in enumerate(SHOWN)
    ]
    template = "#/components/schemas/{model}"
    roots, shared = TypeAdapter.json_schemas(adapters, ref_template=template)
    schemas = dict(shared["$defs"])
    for name, union in NAMED.items():
        schemas[name] = roots[str(SHOWN.index(union)), "serialization"]
    info = {"title": "Promptograph", "version": "1"}
    document = {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": schemas}}
    print(json.dumps(document, indent=1, sort_keys=True))


if __name__ == "__main__":
    main()
