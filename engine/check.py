"""Say whether a graph is legal for a catalog: it works on specs alone, in one pass, and lists every problem.

A list wired to a port that wants one item maps the node over it, one item at a time; that is decided here.
"""

import difflib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from engine import pinned
from engine.codec import canonical
from engine.spec import JSON_TYPES, Input, Json, NodeSpec, PortType
from engine.structure import Structure, Wire, structure
from graphs import Graph, Link, Node, Problem
from graphs.bypass import Nothing, wrong_names

Specs = Mapping[str, NodeSpec]
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Checked:
    """What a check found: all problems, the structure, which ports map, and the params as the node will see them."""

    problems: Sequence[Problem]
    structure: Structure
    mapped: Mapping[str, frozenset[str]]
    params: Mapping[str, Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class _Ports:
    """The ports of a node type, sorted the way that its nodes are checked; made once for all of them."""

    inputs: Mapping[str, Input]
    required: Sequence[Input]
    optional: Sequence[Input]
    outputs: Mapping[str, PortType]
    varies: bool  # some output has the type of what is wired

    @classmethod
    def of(cls, spec: NodeSpec) -> "_Ports":
        outputs = {port.name: port.type for port in spec.outputs}
        return cls(
            {port.name: port for port in spec.inputs},
            [port for port in spec.inputs if port.required],
            [port for port in spec.inputs if not port.required],
            outputs,
            any(kind.variable for kind in outputs.values()),
        )


@dataclass
class _Pass:
    graph: Graph
    specs: Specs
    silent: Mapping[tuple[str, str], Nothing]
    problems: list[Problem] = field(default_factory=list)
    outputs: dict[str, Mapping[str, PortType]] = field(default_factory=dict)
    mapped: dict[str, frozenset[str]] = field(default_factory=dict)
    params: dict[str, Mapping[str, Json]] = field(default_factory=dict)
    types: dict[str, _Ports] = field(default_factory=dict)
    validators: dict[tuple[str, str], Any] = field(default_factory=dict)

    @cached_property
    def public(self) -> Mapping[str, str]:
        """The public inputs, by the ports that they set."""
        return {target: name for name, field_ in self.graph.inputs.items() for target in field_.to}

    def ports(self, spec: NodeSpec) -> _Ports:
        found = self.types.get(spec.type)
        if found is None:
            found = self.types[spec.type] = _Ports.of(spec)
        return found

    def validator(self, spec: NodeSpec, port: Input) -> Any:
        found = self.validators.get((spec.type, port.name))
        if found is None:
            found = self.validators[spec.type, port.name] = _validator(canonical(port.schema))
        return found

    def say(self, message: str, node: str | None = None, port: str | None = None, hint: str = "") -> None:
        self.problems.append(Problem(message, node, port, hint))


def check(
    graph: Graph,
    specs: Specs,
    targets: Sequence[Link] = (),
    *,
    silent: Mapping[tuple[str, str], Nothing] = MappingProxyType({}),
) -> Checked:
    """Check a flat graph, and the ports asked for, against node types; `silent` ports lost their wire to a bypass."""
    found = structure(graph)
    state = _Pass(graph, specs, silent)
    if found.cycle:
        state.say("the graph goes in a circle: " + " -> ".join(found.cycle), hint="remove one of these links")
    for name in found.order:
        _check_node(state, name, found.wires[name])
    _check_public(state)
    for target in targets:
        _check_target(state, target, "the target")
    return Checked(tuple(state.problems), found, state.mapped, state.params)


def check_bypasses(expanded: Graph, specs: Specs) -> Iterable[Problem]:
    """Say which bypassed nodes name ports that their type does not have; a type that is unknown is not needed."""
    for name, node in expanded.nodes.items():
        if node.bypass and (spec := specs.get(node.type)) is not None:
            inputs, outputs = [port.name for port in spec.inputs], [port.name for port in spec.outputs]
            yield from wrong_names(node, name, inputs, outputs)


def _check_node(state: _Pass, name: str, wires: Sequence[Wire]) -> None:
    node = state.graph.nodes[name]
    spec = state.specs.get(node.type)
    if spec is None:
        state.say(f"no node type is named {node.type}", name, hint=_pack_or_close(node.type, state.specs))
        return
    if node.version != spec.version:
        hint = "update Promptograph" if node.version > spec.version else "open it with a version that can migrate it"
        state.say(f"{node.type} is at version {spec.version}, the graph says {node.version}", name, hint=hint)
    if node.pin is not None:
        state.problems += pinned.misfits(spec, name, node.pin)
        state.params[name], state.mapped[name] = {}, _NONE
        state.outputs[name] = pinned.output_types(spec, node.pin)
        return
    ports = state.ports(spec)
    wired = {wire.port for wire in wires}
    state.params[name] = _check_params(state, name, node, spec, wired)
    bound = _check_wires(state, name, spec, wires)
    for port in ports.required:
        if port.name not in wired and port.name not in node.params:
            setting = state.public.get(f"{name}.{port.name}", f"{name}.{port.name}")
            set_it = f", or set it with --set {setting}=..." if port.schema is not None else ""
            if nothing := state.silent.get((name, port.name)):
                hint = f"let {nothing.node} run, or wire {_article(port.type)} to it{set_it}"
                state.say(f"has no value: its wire {nothing}", name, port.name, hint)
            else:
                state.say("is not connected", name, port.name, f"wire {_article(port.type)} to it{set_it}")
    each = bool(state.mapped[name])
    if each and (lists := [port.name for port in spec.outputs if port.type.many]):
        message = f"{node.type} gives a list ({lists[0]}) already, so it cannot map over one; maps have depth one"
        state.say(message, name, min(state.mapped[name]), "pick an item with [0]")
    if each or ports.varies:
        state.outputs[name] = {port: _output_type(kind, bound, each) for port, kind in ports.outputs.items()}
    else:
        state.outputs[name] = ports.outputs


def _check_params(state: _Pass, name: str, node: Node, spec: NodeSpec, wired: set[str]) -> Mapping[str, Json]:
    ports = state.ports(spec)
    params: dict[str, Json] = {}
    for param, value in node.params.items():
        port = ports.inputs.get(param)
        if port is None:
            state.say(f"{node.type} has no input {param!r}", name, param, _close(param, ports.inputs))
        elif port.schema is None:
            state.say("has no value of its own", name, param, f"wire {_article(port.type)} to it")
        else:
            fault = "" if param in wired else _fault(state, spec, port, value)
            if fault:
                state.say(fault, name, param, _allowed(port, value))
            elif param not in wired:
                params[param] = coerce(port.type, value)
    for port in ports.optional:
        if port.name not in node.params and port.name not in wired:
            params[port.name] = coerce(port.type, port.default)
    return params


def _check_wires(state: _Pass, name: str, spec: NodeSpec, wires: Sequence[Wire]) -> Mapping[str, PortType]:
    ports = state.ports(spec).inputs
    bound: dict[str, PortType] = {}
    maps: set[str] = set()
    for wire in wires:
        port = ports.get(wire.port)
        if port is None:
            hint = _close(wire.port, ports)
            state.say(f"{spec.type} has no input {wire.port!r}", name, wire.port, hint)
            continue
        if wire.listed and not port.type.many:
            state.say(
                "takes one link, not a list of links", name, wire.port, "link one port, or collect with a List node"
            )
            continue
        for link in wire.links:
            given = _given(state, name, wire.port, link)
            if given is not None and _check_link(state, name, port, link, given, bound):
                maps.add(wire.port)
    state.mapped[name] = frozenset(maps) if maps else _NONE
    return bound


def _given(state: _Pass, name: str, port: str, link: Link) -> PortType | None:
    """Find what a link brings; None where that is not known."""
    if link.node not in state.graph.nodes:
        state.say(f"{link} leads to no node", name, port, _close(link.node, state.graph.nodes))
        return None
    outputs = state.outputs.get(link.node)
    if outputs is None:
        return None  # said already: its type is unknown, or it is part of a circle
    given = outputs.get(link.port)
    if given is None:
        source = state.graph.nodes[link.node].type
        state.say(f"{source} has no output {link.port!r}", name, port, _close(link.port, outputs))
    elif link.item is not None and not given.many:
        state.say(f"{link} picks from {_article(given)}, which is no list", name, port, "leave the [..] away")
        return None
    return given.item if given is not None and link.item is not None else given


def _check_link(state: _Pass, name: str, port: Input, link: Link, given: PortType, bound: dict[str, PortType]) -> bool:
    """Check one link, and say whether it maps the node."""
    wanted = port.type
    if wanted.variable:
        item = bound.setdefault(wanted.name, given.item)
        wanted = PortType(item.name, wanted.many)
    if wanted.accepts(given) or (wanted.many and wanted.item.accepts(given)):
        return False
    if given.many and wanted.accepts(given.item):
        if port.lazy:
            state.say(
                "cannot map over a list, because it is computed only if needed",
                name,
                port.name,
                f"pick an item: {link}[0]",
            )
        return True
    state.say(
        f"{link} gives {_article(given)}, {_article(wanted)} is expected",
        name,
        port.name,
        _between(state, given, wanted),
    )
    return False


def _check_public(state: _Pass) -> None:
    for public, field_ in state.graph.inputs.items():
        for target in field_.to:
            link = Link.parse(target)
            node = state.graph.nodes.get(link.node)
            spec = state.specs.get(node.type) if node else None
            if node is None:
                hint = _close(link.node, state.graph.nodes)
                state.say(f"the public input {public!r} leads to {target}, which is no node", hint=hint)
            elif spec is not None and spec.input(link.port) is None:
                hint = _close(link.port, [port.name for port in spec.inputs])
                state.say(f"the public input {public!r} leads to {target}, which is no input", hint=hint)
    for public, source in state.graph.outputs.items():
        _check_target(state, Link.parse(source), f"the public output {public!r}")


def _check_target(state: _Pass, link: Link, what: str) -> None:
    outputs = state.outputs.get(link.node)
    if link.node not in state.graph.nodes:
        state.say(f"{what} names {link}, which is no node", hint=_close(link.node, state.graph.nodes))
    elif outputs is not None and link.port not in outputs:
        state.say(f"{what} names {link}, which is no output", hint=_close(link.port, outputs))
    elif outputs is not None and link.item is not None and not outputs[link.port].many:
        kind = _article(outputs[link.port])
        state.say(f"{what} names {link}, which picks from {kind}, no list", hint="leave the [..] away")


def coerce(wanted: PortType, value: Json) -> Json:
    """Give a param the one form its type has: 7 for a float port is 7.0, 20.0 for an int port is 20."""
    if value is None:
        return None
    if wanted.many:
        return [coerce(wanted.item, item) for item in value]
    if wanted.name == "float":
        return float(value)
    return int(value) if wanted.name == "int" else value


def _fault(state: _Pass, spec: NodeSpec, port: Input, value: Json) -> str:
    if value is None and not port.required and port.default is None:
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is not a number that can be used"
    if port.schema == JSON_TYPES.get(type(value).__name__):
        return ""  # the schema asks for this type and for nothing else
    error = next(state.validator(spec, port).iter_errors(value), None)
    if error is not None and error.validator == "enum":
        return f"{json.dumps(value, ensure_ascii=False)[:80]} is no choice here"
    return "" if error is None else error.message[:300]


@lru_cache(maxsize=1024)
def _validator(schema: bytes) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(schema))


def _allowed(port: Input, value: Json) -> str:
    schema = port.schema or {}
    if "enum" in schema:
        close = difflib.get_close_matches(str(value), schema["enum"], n=2) if isinstance(value, str) else []
        first = f"did you mean {' or '.join(close)}? " if close else ""
        return f"{first}choose one of " + ", ".join(map(str, schema["enum"]))
    bounds = [f"at least {schema['minimum']}"] if "minimum" in schema else []
    bounds += [f"at most {schema['maximum']}"] if "maximum" in schema else []
    return f"give {_article(port.type)}" + (", " + " and ".join(bounds) if bounds else "")


def _output_type(declared: PortType, bound: Mapping[str, PortType], each: bool) -> PortType:
    plain = (
        PortType(bound[declared.name].name, declared.many) if declared.variable and declared.name in bound else declared
    )
    return plain.listed if each else plain


def _between(state: _Pass, given: PortType, wanted: PortType) -> str:
    """Name a node that turns the one into the other."""
    bridges = [
        spec.type
        for spec in state.specs.values()
        if any(port.type.name == given.name for port in spec.inputs)
        and any(str(port.type) == str(wanted) for port in spec.outputs)
    ]
    return f"put {' or '.join(sorted(bridges)[:3])} between them" if bridges else f"wire {_article(wanted)} instead"


def _article(kind: PortType) -> str:
    words = {"int": "a whole number", "float": "a number", "str": "a text", "bool": "true or false"}
    text = words.get(kind.name, f"{'an' if kind.name[0] in 'AEIOU' else 'a'} {kind.name}")
    return f"a list of {kind.name}" if kind.many else text


def _pack_or_close(name: str, specs: Specs) -> str:
    pack, _, rest = name.partition("/")
    return f"install the pack {pack!r}" if rest else _close(name, specs)


def _close(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    return "there is " + ", ".join(names[:8]) + (", ..." if len(names) > 8 else "") if names else ""
