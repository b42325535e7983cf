"""A graph made ready to run: flat, checked, wired to the functions of a catalog, in order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.action import Ref
from engine.check import Checked, check, check_bypasses
from engine.describing import misfits
from engine.files import Files
from engine.node import Catalog, NodeFunction
from engine.spec import Json
from engine.structure import Wire
from graphs import Graph, GraphError, Link, Problem, pin
from graphs.bypass import Passed, passed


@dataclass(frozen=True, slots=True)
class Step:
    """One node of a program."""

    id: str
    function: NodeFunction
    params: Mapping[str, Json]
    inputs: Sequence[Wire]
    strict: Sequence[Wire]  # those that must be there before the node is looked at; the others are lazy
    many: frozenset[str]  # the ports that take a list
    mapped: frozenset[str]  # the ports over which it maps
    next_heavy: str | None  # the next node in order that wants the accelerator
    pin: Mapping[str, Ref] | None = None  # what it gives, where it is pinned: it is not called

    @property
    def wires(self) -> Mapping[str, Wire]:
        """The inputs by port; few ask, so no node keeps them."""
        return {wire.port: wire for wire in self.inputs}


@dataclass(frozen=True, slots=True)
class Program:
    """Steps by id, producers first; what is asked of them by name."""

    steps: Mapping[str, Step]
    outputs: Mapping[str, Link]  # public outputs and targets
    graph: Graph  # as given, with its inputs set, before it was made flat
    unasked: Sequence[str]  # the nodes that run where nothing is asked for

    def asked(self) -> Mapping[str, frozenset[str]]:
        """Give the ports that were asked for, by node."""
        ports: dict[str, frozenset[str]] = {}
        for link in self.outputs.values():
            known = ports.get(link.node)
            ports[link.node] = frozenset({link.port}) if known is None else known | {link.port}
        return ports

    def wanted(self) -> Sequence[str]:
        """Name the nodes that a run is for."""
        return [*self.asked()] or self.unasked


@dataclass(frozen=True, slots=True)
class _Flat:
    """A graph without subgraphs and bypassed nodes, its pinned nodes cut off from what is before them.

    Beside it what was asked of it, which nodes run where nothing was, and what is known to be wrong already.
    """

    passed: Passed
    asked: Mapping[str, Link]
    unasked: Sequence[str]
    problems: Sequence[Problem]


def problems_of(
    graph: Graph, catalog: Catalog, targets: Sequence[str] = (), *, files: Files | None = None
) -> Sequence[Problem]:
    """List what is wrong with a graph; with `files`, also what does not fit by what its models are."""
    return _checked(_flat(graph, catalog, targets), catalog, files).problems


def program(graph: Graph, catalog: Catalog, targets: Sequence[str] = (), *, files: Files | None = None) -> Program:
    """Make a graph ready to run, or raise a GraphError with all of its problems."""
    found = _flat(graph, catalog, targets)
    checked = _checked(found, catalog, files)
    if checked.problems:
        raise GraphError.of(checked.problems)
    flat = found.passed.graph
    outputs = found.asked or {name: Link.parse(source) for name, source in flat.outputs.items()}
    return Program(_steps(flat, catalog, checked), outputs, graph, found.unasked)


def _flat(graph: Graph, catalog: Catalog, targets: Sequence[str]) -> _Flat:
    """Find the graph that runs, and what the targets, which may be outputs of what is not there, have become."""
    names = {f"target {number}": target for number, target in enumerate(targets)}  # no public output has a blank
    if names:
        graph = graph.model_copy(update={"outputs": {**graph.outputs, **names}})
    expanded = graph.expanded()
    found = passed(expanded)
    unasked = pin.asked(found.graph)
    found = replace(found, graph=pin.cut(found.graph))
    problems = [*check_bypasses(expanded, catalog.specs), *_silent(found, names)]
    outputs = found.graph.outputs
    asked = {target: Link.parse(outputs[name]) for name, target in names.items() if name in outputs}
    if names:
        rest = {name: link for name, link in outputs.items() if name not in names}
        found = replace(found, graph=found.graph.model_copy(update={"outputs": rest}))
    return _Flat(found, asked, unasked, problems)


def _silent(found: Passed, names: Mapping[str, str]) -> Sequence[Problem]:
    """Say which targets give nothing."""
    given = [(target, found.outputs[name]) for name, target in names.items() if name in found.outputs]
    return [
        Problem(f"the target {target} {nothing}", nothing.node, hint="let it run, or ask for another port")
        for target, nothing in given
    ]


def _checked(found: _Flat, catalog: Catalog, files: Files | None) -> Checked:
    flat = found.passed.graph
    checked = check(flat, catalog.specs, list(found.asked.values()), silent=found.passed.inputs)
    rules = {name: function.check for name, function in catalog.nodes.items() if function.check is not None}
    across = [
        problem
        for name, node in flat.nodes.items()
        if node.type in rules
        for problem in _across(catalog.nodes[node.type], rules[node.type], checked, name)
    ]
    problems = (*found.problems, *checked.problems, *across)
    if files is not None and not problems:
        problems = tuple(misfits(flat, catalog, checked, files))
    return Checked(problems, checked.structure, checked.mapped, checked.params)


def _across(function: NodeFunction, rule: Callable[..., str | None], checked: Checked, name: str) -> Sequence[Problem]:
    """Ask a node's own rule about inputs that do not fit one another, where all that it asks about is set by params."""
    params = checked.params.get(name, {})
    asked = function.asks(rule)
    if not all(port in params for port in asked):
        return ()
    try:
        sentence = rule(**{port: params[port] for port in asked})
    except Exception as error:  # a node's own rule may raise anything
        sentence = f"the check of {function.spec.type} fails: {type(error).__name__}: {error}"
    return () if sentence is None else (Problem(sentence, name),)


def _steps(flat: Graph, catalog: Catalog, checked: Checked) -> Mapping[str, Step]:
    steps: dict[str, Step] = {}
    heavy: str | None = None
    for name in reversed(checked.structure.order):
        function = catalog.nodes[flat.nodes[name].type]
        wires = checked.structure.wires[name]
        lazy = function.lazy
        steps[name] = Step(
            id=name,
            function=function,
            params=checked.params[name],
            inputs=wires,
            strict=[wire for wire in wires if wire.port not in lazy] if lazy else wires,
            many=function.many,
            mapped=checked.mapped[name],
            next_heavy=heavy,
            pin=flat.nodes[name].pin,
        )
        if function.spec.lane == "gpu" and steps[name].pin is None:
            heavy = name
    return dict(reversed(steps.items()))
