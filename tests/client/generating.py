"""Make `client/schema.py` from the interface of the server: `python -m tests.client.generating` writes it anew."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "server" / "openapi.json"
SCHEMA = ROOT / "client" / "schema.py"
REFERENCE = "#/components/schemas/"
TYPES = (
    "Run",
    "ValueSummary",
    "Page",
    "Queue",
    "Cancelled",
    "SavedGraph",
    "GraphPage",
    "Sweep",
    "Results",
    "ErrorBody",
    "FromServer",
)
OPTIONS = (
    *("--input-file-type", "openapi"),
    *("--output-model-type", "pydantic_v2.BaseModel"),
    *("--target-python-version", "3.11"),
    *("--enum-field-as-literal", "all"),
    *("--extra-fields", "ignore"),
    *("--formatters", "builtin"),
    *("--custom-file-header", '"""The types of the interface; made by `python -m tests.client.generating`."""'),
    "--use-annotated",
    "--use-standard-collections",
    "--use-union-operator",
    "--use-schema-description",
    "--use-single-line-docstring",
    "--enable-faux-immutability",
    "--strict-nullable",
    "--collapse-root-models",
    "--disable-future-imports",
)


def generated() -> str:
    """Give the source of the types that clients need."""
    with tempfile.TemporaryDirectory() as folder:
        contract, made = Path(folder) / "openapi.json", Path(folder) / "schema.py"
        contract.write_text(json.dumps(_needed(json.loads(CONTRACT.read_text()))))
        tool = [sys.executable, "-W", "ignore", "-m", "datamodel_code_generator"]
        subprocess.run([*tool, "--input", contract, "--output", made, *OPTIONS], check=True)
        for command in (["format", "--quiet"], ["check", "--fix", "--quiet"], ["format", "--quiet"]):
            subprocess.run([ruff(), *command, "--config", ROOT / "pyproject.toml", made], check=True)
        return made.read_text()


def ruff() -> str:
    return str(Path(sys.executable).with_name("ruff"))


def _needed(contract: dict[str, Any]) -> dict[str, Any]:
    """Leave out requests, routes and titles."""
    schemas = contract["components"]["schemas"]
    found: dict[str, Any] = {}
    waiting = list(TYPES)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = _untitled(schemas[name])
            waiting += [each.removeprefix(REFERENCE) for each in _references(found[name])]
    ordered = {name: found[name] for name in sorted(found)}
    return {**contract, "paths": {}, "components": {"schemas": ordered}}


def _untitled(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_untitled(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: value for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    return {key: _untitled(value) for key, value in plain.items()}


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(reference := schema.get("$ref"), str):
            yield reference
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            yield from _references(each)


if __name__ == "__main__":
    SCHEMA.write_text(generated())
