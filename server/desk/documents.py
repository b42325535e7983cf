"""Answer questions about documents: are they legal, what would a run of them do.

Guarantees
1. Any bytes give an answer or a RefusedError that lists the problems.
2. Old nodes are brought to today's interface when a document is opened.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import JsonValue

from engine import Catalog, Engine, Files, InputError
from engine.program import problems_of, program
from graphs import Graph, GraphError, Limits, Link, Problem, diff
from graphs.strict_json import read
from server.desk.answer import Answer, Question, RefusedError, as_json, rows
from server.desk.choices import faults
from server.private import Scrubber
from server.processes.models import models_of


class Documents:
    """Reads documents with the limits of the server, and asks the engine about them."""

    def __init__(
        self,
        catalog: Catalog,
        engine: Callable[[], Engine],
        limits: Limits,
        scrubbed: Scrubber,
        files: Files | None = None,
    ) -> None:
        self.catalog = catalog
        self._engine = engine
        self.limits = limits
        self._scrubbed = scrubbed
        self._files = files

    def open(self, question: Question) -> Answer:
        """Give a document in its canonical, migrated form, with what keeps it from being run."""
        graph = self.graph(question.parts[0])
        problems = self._flaws(graph, ())
        return Answer({"name": graph.name, "problems": rows(problems, self._scrubbed)}, [graph.dumps().encode()])

    def check(self, question: Question) -> Answer:
        """List what keeps a graph from being run with these inputs to these targets."""
        graph, rest = self.graph(question.parts[0]), self.rest(question.parts[1])
        try:
            problems = self._flaws(graph.set(_inputs(rest)), _targets(rest))
        except GraphError as error:
            problems = error.problems
        return Answer({"problems": rows(problems, self._scrubbed)})

    def resolve(self, question: Question) -> Answer:
        """Give what is kept of a submission: its document and its inputs, both known to be legal."""
        graph, rest = self.graph(question.parts[0]), self.rest(question.parts[1])
        inputs, targets, axes = _inputs(rest), _targets(rest), _axes(rest)
        first = {name: values[0] for axis in axes for name, values in axis.items() if values}
        models, problems = self._models(graph.set({**inputs, **first}), targets)
        problems += faults(graph, axes, self.catalog.specs)
        if problems:
            raise RefusedError("bad_graph", problems)
        return Answer({"name": graph.name, "models": list(models)}, [graph.dumps().encode(), as_json(inputs)])

    def plan(self, question: Question) -> Answer:
        """Say what a run would call, and for about how long."""
        graph, rest = self.graph(question.parts[0]), self.rest(question.parts[1])
        engine = self._engine()
        plan = engine.plan(graph, _inputs(rest), _targets(rest))
        engine.cache.flush()  # the digests of model files, which are dear
        unknown = any(node.seconds is None for node in plan.nodes if node.status in ("run", "maybe"))
        nodes = [asdict(node) for node in plan.nodes]
        return Answer(parts=[as_json({"nodes": nodes, "seconds": plan.seconds, "unknown": unknown, "text": str(plan)})])

    def why(self, question: Question) -> Answer:
        """Say why a node will run, or will not."""
        graph, rest = self.graph(question.parts[0]), self.rest(question.parts[1])
        try:
            why = self._engine().why(graph, str(rest.get("node")), _inputs(rest))
        except InputError as error:
            raise RefusedError.because("no_such_node", error.message[:200], hint=error.hint[:200]) from None
        return Answer(parts=[as_json({**asdict(why), "text": str(why)})])

    def diff(self, question: Question) -> Answer:
        """Say what leads from one document to another."""
        found = diff(*map(self.graph, question.parts))
        return Answer(parts=[as_json({**found.model_dump(mode="json"), "lines": found.lines()})])

    def flat_nodes(self, question: Question) -> Answer:
        """List the ids of the nodes that a run has, subgraphs expanded."""
        return Answer(parts=[as_json(sorted(self.graph(question.parts[0]).flat().nodes))])

    def where(self, question: Question) -> Answer:
        """Find the node that makes what a link names, through the public outputs of subgraphs."""
        graph, link = self.graph(question.parts[0]), question.text("link")
        try:
            asked = Link.parse(link)
            flat = graph.model_copy(update={"outputs": {"asked": link}}).flat()
            found = Link.parse(flat.outputs["asked"])
        except KeyError:
            raise RefusedError.because("no_such_value", f"{link} comes from a node that is bypassed") from None
        except GraphError as error:
            raise RefusedError("no_such_value", error.problems) from None
        node = flat.nodes.get(found.node)
        spec = node and self.catalog.specs.get(node.type)
        if node is None or (spec and spec.output(found.port) is None):
            raise RefusedError.because("no_such_value", f"the graph of this run has no output {asked}")
        return Answer({"node": found.node, "port": found.port, "item": found.item})

    def given(self, question: Question) -> tuple[Graph, Mapping[str, JsonValue]]:
        """Read a document, and the inputs beside it."""
        return self.graph(question.parts[0]), _inputs(self.rest(question.parts[1]))

    def problems(self, graph: Graph, inputs: Mapping[str, JsonValue]) -> Sequence[Problem]:
        """List what keeps a graph from being run with these inputs."""
        try:
            return self._flaws(graph.set(inputs), ())
        except GraphError as error:
            return error.problems

    def graph(self, document: bytes) -> Graph:
        """Read a document that a client sent, or one that is kept."""
        if document[:1] == b"\x89":
            raise RefusedError.because("bad_graph", "this is a picture, not a document", hint="import it")
        return Graph.load(document, migrations=self.catalog.migrations, limits=self.limits)

    def rest(self, given: bytes) -> Mapping[str, Any]:
        """Read what stands beside a document in a question."""
        value = read(given, limits=self.limits)
        assert isinstance(value, dict)
        return value

    def _models(self, graph: Graph, targets: Sequence[str]) -> tuple[Sequence[str], list[Problem]]:
        """Give the models that a legal graph names, else what keeps it from being run."""
        try:
            return models_of(program(graph, self.catalog, targets, files=self._files)), []
        except GraphError as error:
            return (), list(error.problems)

    def _flaws(self, graph: Graph, targets: Sequence[str]) -> Sequence[Problem]:
        try:
            return problems_of(graph, self.catalog, targets, files=self._files)
        except GraphError as error:
            return error.problems


def _inputs(rest: Mapping[str, Any]) -> Mapping[str, JsonValue]:
    inputs = rest.get("inputs") or {}
    if not isinstance(inputs, dict):
        raise GraphError("the inputs are not a JSON object", hint='write {"prompt": "..."}')
    return inputs


def _targets(rest: Mapping[str, Any]) -> Sequence[str]:
    targets = rest.get("targets") or []
    if not isinstance(targets, list) or not all(isinstance(target, str) for target in targets):
        raise GraphError("the targets are not a list of links", hint='write ["node.port"]')
    return targets


def _axes(rest: Mapping[str, Any]) -> Sequence[Mapping[str, list[JsonValue]]]:
    return list(_axis_rows(rest.get("axes") or []))


def _axis_rows(axes: Any) -> Iterator[Mapping[str, list[JsonValue]]]:
    for axis in axes if isinstance(axes, list) else [axes]:
        if not isinstance(axis, dict) or not all(isinstance(values, list) for values in axis.values()):
            raise GraphError("an axis of the sweep is not an object of lists", hint='write {"seed": [1, 2, 3]}')
        yield axis
