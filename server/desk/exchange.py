"""Write graphs for other places, and read what came from there; nothing is kept and nothing is run."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import JsonValue

from engine import CacheError, Engine
from engine.errors import Missing
from engine.manifest import manifest
from graphs import Graph, GraphError
from graphs.png import embed
from graphs.script import script
from nodes import drawing
from nodes.views import view
from server.desk.answer import Answer, Question, as_json, rows
from server.desk.card import card
from server.desk.documents import Documents
from server.desk.kept import Kept
from server.desk.sources import Source, read_source
from server.private import Scrubber


class Exchange:
    """Knows the forms in which graphs travel."""

    def __init__(
        self,
        engine: Callable[[], Engine],
        documents: Documents,
        kept: Kept,
        facts: Mapping[str, JsonValue],
        *,
        scrubbed: Scrubber,
    ) -> None:
        self._engine = engine
        self._documents = documents
        self._kept = kept
        self._facts = facts
        self._scrubbed = scrubbed

    def settled(self, question: Question) -> Answer:
        """Give the canonical document with its inputs set in it."""
        return Answer(parts=[self._set(question).dumps().encode()])

    def script(self, question: Question) -> Answer:
        """Give a graph as a Python script that runs it with its inputs."""
        graph, inputs = self._documents.given(question)
        graph.set(inputs)  # or it says which of them there is not
        return Answer(parts=[script(graph, inputs).encode()])

    def png(self, question: Question) -> Answer:
        """Give a picture that carries the graph that made it; without a picture, a card with its name."""
        graph, digest = self._set(question), question.fields["digest"]
        if digest is None:
            return Answer(parts=[embed(drawing.png(card(graph)), graph, self._manifest(graph))])
        try:
            shown = view(self._kept.value(str(digest)), "png")
        except Missing:
            return Answer({"evicted": True})
        said = {**self._manifest(graph), "output": question.text("output"), "value": digest}
        return Answer(parts=[embed(shown.file.data, graph, said)])

    def read(self, question: Question) -> Answer:
        """Say what a file holds: its graph, what is missing for it here, and what a run of it would do."""
        source = read_source(question.parts[0], self._documents.catalog.migrations, self._documents.limits)
        problems = self._documents.problems(source.graph, source.inputs)
        would = {} if problems else self._would(source)
        found = {
            "kind": source.kind,
            "name": source.graph.name,
            "problems": rows(problems, self._scrubbed),
            "missing": self._missing(source.graph),
            "inputs": dict(source.inputs),
            "manifest": dict(source.manifest),
            **would,
        }
        return Answer(parts=[source.graph.dumps().encode(), as_json(found)])

    def _set(self, question: Question) -> Graph:
        graph, inputs = self._documents.given(question)
        return graph.set(inputs)

    def _manifest(self, graph: Graph) -> Mapping[str, Any]:
        try:
            return manifest(self._engine(), graph, self._facts)
        except GraphError:  # a graph in the making can be sent as well
            return {}

    def _would(self, source: Source) -> dict[str, Any]:
        try:
            plan = self._engine().plan(source.graph, source.inputs)
        except CacheError:
            return {}
        wrong = [node for node in plan.nodes if node.status == "refused"]
        refused = [{"node": node.node, "reason": self._scrubbed(node.reason)} for node in wrong]
        return {"plan": str(plan), "refused": refused}

    def _missing(self, graph: Graph) -> list[str]:
        """Name the node types that are not here."""
        try:
            nodes = graph.flat().nodes.values()
        except GraphError:  # told among the problems
            nodes = graph.nodes.values()
        return sorted({node.type for node in nodes} - self._documents.catalog.specs.keys() - {"Subgraph"})
