"""Generate `graphs/schema.json` from the models: `python -m graphs.schema` writes it."""

from __future__ import annotations

import json
from pathlib import Path

from graphs.document import Graph

FILE = Path(__file__).with_name("schema.json")


_GRAPH_OF = {  # the rule that the node's own validator keeps
    "if": {"properties": {"type": {"const": "Subgraph"}}},
    "then": {"required": ["graph"], "properties": {"graph": {"not": {"type": "null"}}}},
    "else": {"properties": {"graph": {"type": "null"}}},
}


def schema() -> str:
    """Give the JSON schema of a document, as text."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Graph.model_json_schema()}
    made["required"] = ["format"]
    made["$defs"]["Node"] |= _GRAPH_OF
    _close(made)
    return json.dumps(made, indent=2, sort_keys=True) + "\n"


def _close(part: object) -> None:
    """Refuse the keys that no pattern allows, which pydantic leaves open."""
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _close(inner)
    if isinstance(part, dict) and "patternProperties" in part:
        part["additionalProperties"] = False


if __name__ == "__main__":
    FILE.write_text(schema(), encoding="utf-8")
