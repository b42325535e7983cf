"""Check every value of a sweep, without checking the whole graph once for each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from engine.check import Specs, check
from graphs import Graph, GraphError, Link, Problem

Axes = Sequence[Mapping[str, Sequence[JsonValue]]]


def faults(graph: Graph, axes: Axes, specs: Specs) -> Iterator[Problem]:
    """Say what is wrong with the axes of a sweep: their lengths, their names, each of their values."""
    if not axes:
        return
    names = [name for axis in axes for name in axis]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(f"the input {name!r} stands on two axes", hint="put it on one")
    flat: Graph | None = None
    for axis in axes:
        yield from _lengths(axis)
        for name, values in axis.items():
            if name not in graph.inputs:
                yield Problem(f"a sweep goes over public inputs, and {name[:80]!r} is none", hint=_known(graph))
                continue
            flat = flat or graph.flat()
            yield from _values(flat, name, values, specs)


def _lengths(axis: Mapping[str, Sequence[JsonValue]]) -> Iterator[Problem]:
    lengths = {name: len(values) for name, values in axis.items()}
    if not lengths or 0 in lengths.values():
        yield Problem("an axis of the sweep is empty", hint="give at least one value for each input")
    elif len(set(lengths.values())) > 1:
        listed = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        yield Problem(f"the inputs on one axis change together, but {listed}", hint="give them as many values each")


def _values(flat: Graph, name: str, values: Iterable[JsonValue], specs: Specs) -> Iterator[Problem]:
    """Check the values at the nodes that they are set on, each standing alone."""
    targets = [Link.parse(text) for text in flat.inputs[name].to]
    alone = flat.model_copy(
        update={
            "nodes": {link.node: flat.nodes[link.node] for link in targets if link.node in flat.nodes},
            "inputs": {name: flat.inputs[name]},
            "outputs": {},
        }
    )
    places = {(link.node, link.port) for link in targets}
    for number, value in enumerate(values):
        try:
            found = check(alone.set({name: value}), specs).problems
        except GraphError as error:
            found = error.problems
        for problem in found:
            if (problem.node, problem.port) in places or problem.node is None:
                yield Problem(f"value {number} of {name}: {problem.message}", problem.node, problem.port, problem.hint)
                return


def _known(graph: Graph) -> str:
    return "there are: " + ", ".join(sorted(graph.inputs)[:8]) if graph.inputs else "the graph has no public inputs"
