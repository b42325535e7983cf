"""Give the catalog: every node type, and how the values of every type can be shown."""

from engine import Catalog
from nodes.views import names
from server.desk.answer import Answer, Question, as_json


class Kinds:
    """The node types and value types of this server."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def catalog(self, question: Question) -> Answer:
        """Give what an editor draws and checks with."""
        specs = self._catalog.specs.values()
        ports = {port.type for spec in specs for port in spec.inputs} | {
            port.type for spec in specs for port in spec.outputs
        }
        values = {kind.name: {"views": ["summary", *names(kind.name)]} for kind in ports if not kind.variable}
        return Answer(parts=[as_json({**self._catalog.to_json(), "values": dict(sorted(values.items()))})])
