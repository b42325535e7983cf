"""Generate `graphs/schema.json` from the models: `python -m graphs.schema` writes it."""

from __future__ import annotations

import json
from pathlib import Path

from graphs.document import Graph

FILE = Path(__file__).with_name("schema.json")


def schema() -> str:
    """Give the JSON schema of a document, as text."""
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Graph.model_json_schema()}
    return json.dumps(made, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema(), encoding="utf-8")
