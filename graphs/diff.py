"""Say how two graphs differ, part by part; layout stands apart.

Guarantees
1. Equal graphs have an empty diff; any change of a document is found, and 1, 1.0 and true are three values.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from graphs.document import Graph, Node
from graphs.save import document, pin_document, public_input_document

_T = TypeVar("_T")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Frozen):
    """One value that was added, removed or changed; the missing side is null."""

    kind: Literal["added", "removed", "changed"]
    old: JsonValue = None
    new: JsonValue = None


class NodeDiff(_Frozen):
    """What changed in one node; links are kept apart from params."""

    type: Change | None = None
    version: Change | None = None
    title: Change | None = None
    params: Mapping[str, Change] = Field(default_factory=dict)
    links: Mapping[str, Change] = Field(default_factory=dict)
    graph: Diff | Change | None = None  # a diff where both sides embed a graph
    bypass: Change | None = None  # {} is a muted node, nothing is one that runs
    pin: Change | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, part) for part in NodeDiff.model_fields)


class Diff(_Frozen):
    """What leads from an old graph to a new one; false if nothing does."""

    name: Change | None = None
    added: Mapping[str, Node] = Field(default_factory=dict)
    removed: Mapping[str, Node] = Field(default_factory=dict)
    changed: Mapping[str, NodeDiff] = Field(default_factory=dict)
    inputs: Mapping[str, Change] = Field(default_factory=dict)
    outputs: Mapping[str, Change] = Field(default_factory=dict)
    layout: bool = False  # `ui` differs

    def __bool__(self) -> bool:
        return self.layout or self.meaningful

    @property
    def meaningful(self) -> bool:
        """Whether anything but the layout differs."""
        return any(getattr(self, part) for part in Diff.model_fields if part != "layout")

    def lines(self) -> list[str]:
        """Write the diff as lines of text: `+` added, `-` removed, `~` changed."""
        return list(_lines(self, ""))


def diff(old: Graph, new: Graph) -> Diff:
    """Compare two graphs; embedded subgraphs are compared inside."""
    before, after = set(old.nodes), set(new.nodes)
    nodes = {id_: _node_diff(old.nodes[id_], new.nodes[id_]) for id_ in sorted(before & after)}
    return Diff(
        name=_change(old.name or None, new.name or None),
        added={id_: new.nodes[id_] for id_ in sorted(after - before)},
        removed={id_: old.nodes[id_] for id_ in sorted(before - after)},
        changed={id_: change for id_, change in nodes.items() if change},
        inputs=_changes(old.inputs, new.inputs, public_input_document),
        outputs=_changes(old.outputs, new.outputs, _itself),
        layout=not _same(dict(old.ui), dict(new.ui)),
    )


def _node_diff(old: Node, new: Node) -> NodeDiff:
    if old is new:
        return NodeDiff()
    return NodeDiff(
        type=_change(old.type, new.type),
        version=_change(old.version, new.version),
        title=_change(old.title, new.title),
        params=_changes(old.params, new.params, _itself),
        links=_changes(old.inputs, new.inputs, _wire),
        graph=_graph_diff(old.graph, new.graph),
        bypass=_change(_mapping(old.bypass), _mapping(new.bypass)),
        pin=_change(_pin(old.pin), _pin(new.pin)),
    )


def _graph_diff(old: str | Graph | None, new: str | Graph | None) -> Diff | Change | None:
    if isinstance(old, Graph) and isinstance(new, Graph):
        return diff(old, new) or None
    return _change(_embedded(old), _embedded(new))


def _embedded(graph: str | Graph | None) -> JsonValue:
    return document(graph) if isinstance(graph, Graph) else graph


def _mapping(bypass: Mapping[str, str] | None) -> JsonValue:
    return None if bypass is None else dict(bypass)


def _pin(pin: Mapping[str, str | tuple[str, ...]] | None) -> JsonValue:
    return None if pin is None else pin_document(pin)


def _wire(wire: str | tuple[str, ...]) -> JsonValue:
    return wire if isinstance(wire, str) else list(wire)


def _itself(value: JsonValue) -> JsonValue:
    return value


def _changes(old: Mapping[str, _T], new: Mapping[str, _T], form: Callable[[_T], JsonValue]) -> dict[str, Change]:
    found: dict[str, Change] = {}
    for name in sorted({*old, *new}):
        if name not in old:
            found[name] = Change(kind="added", new=form(new[name]))
        elif name not in new:
            found[name] = Change(kind="removed", old=form(old[name]))
        elif not _same(before := form(old[name]), after := form(new[name])):
            found[name] = Change(kind="changed", old=before, new=after)
    return found


def _change(old: JsonValue, new: JsonValue) -> Change | None:
    """Compare two fields of which None means that it is left out."""
    if _same(old, new):
        return None
    return Change(kind="added" if old is None else "removed" if new is None else "changed", old=old, new=new)


def _same(old: JsonValue, new: JsonValue) -> bool:
    return old is new or (old == new and _text(old) == _text(new))


def _text(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _lines(found: Diff, prefix: str) -> Iterator[str]:
    if found.name:
        yield _line(f"{prefix}name", found.name)
    for id_, node in found.added.items():
        yield f"+ {prefix}{id_} ({node.type})"
    for id_, node in found.removed.items():
        yield f"- {prefix}{id_} ({node.type})"
    for id_, change in found.changed.items():
        yield from _node_lines(change, prefix + id_)
    for name, field in found.inputs.items():
        yield _line(f"{prefix}input {name}", field)
    for name, field in found.outputs.items():
        yield _line(f"{prefix}output {name}", field)
    if found.layout:
        yield f"~ {prefix}layout only" if not found.meaningful else f"~ {prefix}layout"


def _node_lines(change: NodeDiff, path: str) -> Iterator[str]:
    for what, field in (
        ("type", change.type),
        ("version", change.version),
        ("title", change.title),
        ("bypass", change.bypass),
        ("pin", change.pin),
    ):
        if field:
            yield _line(f"{path} {what}", field)
    for port, field in change.params.items():
        yield _line(f"{path}.{port}", field)
    for port, field in change.links.items():
        yield _line(f"{path}.{port} link", field)
    if isinstance(change.graph, Diff):
        yield from _lines(change.graph, f"{path}/")
    elif change.graph:
        yield _line(f"{path} graph", change.graph)


def _line(what: str, change: Change) -> str:
    old, new = _shown(change.old), _shown(change.new)
    match change.kind:
        case "added":
            return f"+ {what}: {new}"
        case "removed":
            return f"- {what}: {old}"
        case "changed":
            return f"~ {what}: {old} -> {new}"


def _shown(value: JsonValue) -> str:
    text = _text(value)
    return text if len(text) <= 80 else text[:77] + "..."


NodeDiff.model_rebuild()
