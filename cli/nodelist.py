"""Print node types: all of them by category, or one with its ports."""

import json
from collections.abc import Iterator

import typer

from engine import Catalog, Input, InputError, NodeSpec
from graphs.errors import did_you_mean


def print_nodes(catalog: Catalog) -> None:
    """Print a line for each node type, by category."""
    specs = sorted(catalog.specs.values(), key=lambda spec: (spec.category, spec.type))
    width = max((len(spec.type) for spec in specs), default=0)
    category = None
    for spec in specs:
        if spec.category != category:
            typer.echo(("" if category is None else "\n") + spec.category)
            category = spec.category
        typer.echo(f"  {spec.type:<{width}}  {_first_line(spec)}")


def print_node(catalog: Catalog, name: str) -> None:
    """Print one node type with its help and its ports."""
    spec = _spec(catalog, name)
    typer.echo(f"{spec.type}\n\n{spec.help}\n")
    rows = [("in", port.name, str(port.type), _about(port)) for port in spec.inputs]
    rows += [("out", port.name, str(port.type), "may be missing" if port.optional else "") for port in spec.outputs]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        typer.echo(
            "  ".join([*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[3]]).rstrip()
        )


def print_specs(catalog: Catalog, name: str | None) -> None:
    """Print the JSON form of one spec, or of all by type."""
    found = catalog.to_json() if name is None else _spec(catalog, name).to_json()
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True))


def _spec(catalog: Catalog, name: str) -> NodeSpec:
    if name not in catalog.specs:
        raise InputError(f"no node type is named {name[:80]!r}", hint=did_you_mean(name, catalog.specs))
    return catalog.specs[name]


def _first_line(spec: NodeSpec) -> str:
    return spec.help.split("\n\n")[0].replace("\n", " ")


def _about(port: Input) -> str:
    return ", ".join(_facts(port))


def _facts(port: Input) -> Iterator[str]:
    if port.required:
        yield "required"
    elif port.default is not None:
        yield f"default {json.dumps(port.default, ensure_ascii=False)}"
    schema = port.schema or {}
    if "enum" in schema:
        yield "one of " + " ".join(map(str, schema["enum"]))
    if "minimum" in schema or "maximum" in schema:
        yield f"from {schema.get('minimum', '-∞')} to {schema.get('maximum', '∞')}"
    if port.lazy:
        yield "computed only if needed"
    if port.help:
        yield port.help
