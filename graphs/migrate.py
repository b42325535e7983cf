"""Bring an old document to today's words: the format of the document, then the interface of each node.

Guarantees
1. Steps are numbered without gaps: from version n there is exactly one step, to n + 1.
2. A renamed port is renamed wherever the document names it: in params, links, public inputs and public outputs.
3. A node of an unknown type is not touched; a newer version than known is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from pydantic import JsonValue

from graphs.errors import GraphError, Problem
from graphs.link import Link

Raw = dict[str, JsonValue]
FormatStep = Callable[[Raw], Raw]

FORMAT_STEPS: tuple[FormatStep, ...] = ()  # step i leads from promptograph/(i + 1) to promptograph/(i + 2)

_FORMAT = re.compile(r"promptograph/([1-9][0-9]{0,5})")


def _same(node: Raw) -> Raw:
    return node


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeMigration:
    """One step of a node's interface, from version `to - 1` to `to`: ports renamed first, then a change of the rest."""

    to: int
    inputs: Mapping[str, str] = field(default_factory=dict)  # params and input ports: old name -> new name
    outputs: Mapping[str, str] = field(default_factory=dict)  # output ports: old name -> new name
    change: Callable[[Raw], Raw] = _same  # given {"params", "inputs", ...} of the node, gives the new one


Migrations = Mapping[str, Sequence[NodeMigration]]
NONE: Migrations = MappingProxyType({})


def migrate_format(document: Raw, *, steps: Sequence[FormatStep] = FORMAT_STEPS) -> Raw:
    """Bring a document to the newest format."""
    for step in steps[_format(document, len(steps) + 1) - 1 :]:
        document = step(document)
    return document


def _format(document: Raw, newest: int) -> int:
    written = document.get("format")
    number = _FORMAT.fullmatch(written) if isinstance(written, str) else None
    if number is None:
        hint = f'a graph starts with "format": "promptograph/{newest}"'
        raise GraphError("this is not a Promptograph graph", hint=hint)
    if int(number[1]) > newest:
        message = f"the graph has format {number[0]}, newer than promptograph/{newest}"
        raise GraphError(message, hint="update Promptograph")
    return int(number[1])


def outdated(document: Raw, migrations: Migrations) -> bool:
    """Say whether any node of a well-formed document has steps to take; raise if one is newer than known."""
    problems: list[Problem] = []
    found = False
    for path, node in _nodes(document):
        behind = _newest(migrations, node) - _version(node)
        found = found or behind > 0
        if behind < 0 and _type(node) in migrations:
            message = f"{_type(node)} has version {_version(node)}, newer than {_newest(migrations, node)}"
            problems.append(Problem(message, path, None, "update Promptograph or the pack of the node"))
    if problems:
        raise GraphError.of(problems)
    return found


def migrate_nodes(document: Raw, migrations: Migrations) -> Raw:
    """Bring every node of a well-formed document to its newest version; the document is changed in place."""
    inputs: dict[str, dict[str, str]] = {}
    outputs: dict[str, dict[str, str]] = {}
    for path, node in _nodes(document):
        for step in migrations.get(_type(node), ())[_version(node) - 1 :]:
            _take(step, node, path)
            _chain(inputs.setdefault(path, {}), step.inputs)
            _chain(outputs.setdefault(path, {}), step.outputs)
    for prefix, graph in _graphs(document):
        _rename_links(graph, prefix, inputs, outputs)
    return document


def check_steps(migrations: Migrations) -> None:
    """Refuse steps that are not numbered 2, 3, 4 ... without gaps."""
    for type_, steps in migrations.items():
        if [step.to for step in steps] != list(range(2, len(steps) + 2)):
            raise ValueError(f"the migrations of {type_} lead to {[step.to for step in steps]}, not to 2, 3, ...")


def _take(step: NodeMigration, node: Raw, path: str) -> None:
    _rename_keys(node, "params", step.inputs)
    _rename_keys(node, "inputs", step.inputs)
    _rename_passing(node, step)
    _rename_keys(node, "pin", step.outputs)
    try:
        changed = step.change(dict(node))
    except Exception as error:  # whatever the step trips over, the file is at fault and is named
        message = f"{_type(node)} cannot be brought to version {step.to}: {error}"
        raise GraphError(message, node=path, hint="replace the node") from error
    node.clear()
    node.update(changed)
    node["version"] = step.to


def _rename_keys(node: Raw, part: str, renamed: Mapping[str, str]) -> None:
    ports = node.get(part)
    if isinstance(ports, dict):
        node[part] = {renamed.get(port, port): value for port, value in ports.items()}


def _rename_passing(node: Raw, step: NodeMigration) -> None:
    passing = node.get("bypass")
    if isinstance(passing, dict):
        node["bypass"] = {
            step.outputs.get(output, output): step.inputs.get(str(input_), input_) for output, input_ in passing.items()
        }


def _chain(names: dict[str, str], renamed: Mapping[str, str]) -> None:
    for first, last in names.items():
        names[first] = renamed.get(last, last)
    for old, new in renamed.items():
        names.setdefault(old, new)


Names = Mapping[str, Mapping[str, str]]


def _rename_links(graph: Raw, prefix: str, inputs: Names, outputs: Names) -> None:
    def renamed(text: JsonValue, names: Names) -> JsonValue:
        if isinstance(text, list):
            return [renamed(one, names) for one in text]
        assert isinstance(text, str)
        link = Link.parse(text)
        port = names.get(prefix + link.node, {}).get(link.port)
        return text if port is None else str(Link(link.node, port, link.item))

    for node in _values(graph, "nodes"):
        if isinstance(links := node.get("inputs"), dict):
            node["inputs"] = {port: renamed(text, outputs) for port, text in links.items()}
    if isinstance(public := graph.get("outputs"), dict):
        graph["outputs"] = {name: renamed(text, outputs) for name, text in public.items()}
    for field_ in _values(graph, "inputs"):
        field_["to"] = renamed(field_.get("to", []), inputs)


def _graphs(document: Raw) -> Iterator[tuple[str, Raw]]:
    """Walk the document and the graphs embedded in it, outer before inner, each with the prefix of its node ids."""
    waiting = [("", document)]
    while waiting:
        prefix, graph = waiting.pop()
        yield prefix, graph
        nodes = graph.get("nodes")
        for id_, node in nodes.items() if isinstance(nodes, dict) else ():
            if isinstance(node, dict) and isinstance(inner := node.get("graph"), dict):
                waiting.append((f"{prefix}{id_}/", inner))


def _nodes(document: Raw) -> Iterator[tuple[str, Raw]]:
    for prefix, graph in _graphs(document):
        nodes = graph.get("nodes")
        for id_, node in nodes.items() if isinstance(nodes, dict) else ():
            if isinstance(node, dict):
                yield prefix + id_, node


def _values(graph: Raw, part: str) -> Iterator[Raw]:
    values = graph.get(part)
    for value in values.values() if isinstance(values, dict) else ():
        if isinstance(value, dict):
            yield value


def _type(node: Raw) -> str:
    return str(node["type"])


def _version(node: Raw) -> int:
    version = node.get("version", 1)
    assert isinstance(version, int)
    return version


def _newest(migrations: Migrations, node: Raw) -> int:
    steps = migrations.get(_type(node))
    return _version(node) if steps is None else len(steps) + 1
