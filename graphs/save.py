"""Write the canonical JSON of a graph.

Guarantees
1. Equal graphs have equal text: keys sorted, empty fields left out, 2-space indent, one final newline.
2. A reader of a saved file sees the old graph or the new one, even if the writer was killed.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from graphs.document import Graph, Node, PublicInput
from graphs.migrate import Raw


def dumps(graph: Graph) -> str:
    """Write the canonical JSON of a graph."""
    return json.dumps(document(graph), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n"


def save(graph: Graph, path: str | Path) -> None:
    """Write a graph to a file: temporary name, sync, rename, sync of the folder; to a pipe or device as it stands."""
    target = Path(os.path.realpath(path))
    text = dumps(graph).encode()
    if target.exists() and not target.is_file():
        target.write_bytes(text)
        return
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with open(temporary, "xb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o777)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def document(graph: Graph) -> Raw:
    """Give a graph as JSON values, without the fields that are empty."""
    made: Raw = {"format": graph.format}
    if graph.name:
        made["name"] = graph.name
    if graph.nodes:
        made["nodes"] = {id_: node_document(node) for id_, node in graph.nodes.items()}
    if graph.inputs:
        made["inputs"] = {name: public_input_document(field) for name, field in graph.inputs.items()}
    if graph.outputs:
        made["outputs"] = dict(graph.outputs)
    if graph.ui:
        made["ui"] = dict(graph.ui)
    return made


def node_document(node: Node) -> Raw:
    """Give a node as JSON values; type and version are always there."""
    made: Raw = {"type": node.type, "version": node.version}
    if node.title is not None:
        made["title"] = node.title
    if node.params:
        made["params"] = dict(node.params)
    if node.inputs:
        made["inputs"] = {port: wire if isinstance(wire, str) else list(wire) for port, wire in node.inputs.items()}
    if node.graph is not None:
        made["graph"] = node.graph if isinstance(node.graph, str) else document(node.graph)
    if node.bypass is not None:
        made["bypass"] = dict(node.bypass)
    if node.pin is not None:
        made["pin"] = pin_document(node.pin)
    return made


def pin_document(pin: Mapping[str, str | Sequence[str]]) -> Raw:
    """Give a pin as JSON values."""
    return {port: digest if isinstance(digest, str) else list(digest) for port, digest in pin.items()}


def public_input_document(field: PublicInput) -> Raw:
    """Give a public input as JSON values."""
    made: Raw = {"to": list(field.to)} if field.to else {}
    if field.title is not None:
        made["title"] = field.title
    return made
