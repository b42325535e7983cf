"""Say why a node will run: which part of its key is new, or which node before it must run first."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.action import Action
from engine.call import Workshop
from engine.cell import NodeState, State
from engine.errors import InputError
from engine.plan import Forecast, Status
from engine.program import Program
from engine.spec import Json

_SHOWN = 80  # characters of a value


@dataclass(frozen=True, slots=True)
class Change:
    """One part of a key that differs from the nearest action that is remembered."""

    part: str
    old: Json
    new: Json

    def __str__(self) -> str:
        return f"{self.part}: {_brief(self.old)} -> {_brief(self.new)}"


@dataclass(frozen=True, slots=True)
class Why:
    """The reason for what will become of a node."""

    node: str
    status: Status
    changed: Sequence[Change] = ()
    before: Sequence[str] = ()  # nodes that must run first
    reason: str = ""

    def __str__(self) -> str:
        match self.status:
            case "cached":
                return f"{self.node} will not run: {self.reason or 'its answer is known'}"
            case "pinned":
                return f"{self.node} will not run: it is pinned, and gives what it gave"
            case "refused":
                return f"{self.node} cannot run: {self.reason}"
            case "maybe":
                first = ", ".join(self.before)
                return f"{self.node} may run: {first} must run first, and may give something new"
        if self.reason:
            return f"{self.node} will run: {self.reason}"
        return f"{self.node} will run, because of " + "; ".join(map(str, self.changed))


def why(program: Program, shop: Workshop, name: str) -> Why:
    """Explain what will become of the node of this id."""
    forecast = Forecast(program, shop)
    node = forecast.flow.nodes.get(name)
    if node is None:
        raise InputError(f"the graph has no node {name!r}", hint="there are: " + ", ".join(forecast.flow.nodes))
    if not node.demanded:
        return Why(name, "cached", reason="nothing asks for it")
    status = forecast.status(node)
    if status == "refused":
        return Why(name, status, reason=forecast.refused[name])
    if status == "maybe":
        return Why(name, status, before=_first(forecast, node))
    if status in ("cached", "pinned"):
        return Why(name, status)
    return _because(shop, node)


def _because(shop: Workshop, node: NodeState) -> Why:
    spec = node.step.function.spec
    if not spec.pure:
        return Why(node.id, "run", reason="it is not pure, so it always runs")
    if node.state is State.DONE:
        return Why(node.id, "run", reason="its value has left the cache and is needed")
    cell = next(cell for cell in node.cells or () if cell.state is State.FAILED)
    earlier = shop.cache.latest(spec.type)
    if not earlier:
        return Why(node.id, "run", reason=f"no {spec.type} has run with this cache yet")
    parts = _flat(json.loads(cell.parts))
    changes = min((_changes(action, parts) for action in earlier), key=len)
    return Why(node.id, "run", changed=changes)


def _first(forecast: Forecast, node: NodeState) -> Sequence[str]:
    """Name the nearest nodes before this one that are certain to run."""
    found: list[str] = []
    seen = {node.id}
    stack = [node]
    while stack:
        for wire in stack.pop().step.inputs:
            for link in wire.links:
                source = forecast.flow.nodes[link.node]
                if source.id not in seen:
                    seen.add(source.id)
                    if forecast.status(source) in ("run", "refused"):
                        found.append(source.id)
                    else:
                        stack.append(source)
    return sorted(found)


def _changes(action: Action, parts: Mapping[str, Json]) -> list[Change]:
    old = _flat(json.loads(action.parts))
    names = sorted(old.keys() | parts.keys())
    return [Change(name, old.get(name), parts.get(name)) for name in names if old.get(name) != parts.get(name)]


def _flat(parts: Mapping[str, Json]) -> dict[str, Json]:
    return dict(_flat_items(parts))


def _flat_items(parts: Mapping[str, Json]) -> Iterable[tuple[str, Json]]:
    for name, value in parts.items():
        if name in ("params", "inputs", "environment"):
            yield from ((f"{name}.{inner}", content) for inner, content in value.items())
        else:
            yield name, value


def _brief(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if len(text) == 66 and text[1:-1].isalnum():
        return text[1:13]  # a digest
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
