"""Hold the values that saved graphs pin in the cache folder, so that no process evicts them."""

from pathlib import Path

from engine.disk import DiskTier
from server.desk.answer import Answer, Question, as_json


class Pins:
    """The values of one cache folder that the graphs of one server hold; several servers may share the folder."""

    def __init__(self, disk: DiskTier, data: Path) -> None:
        self._disk = disk
        self._prefix = f"{data.absolute()}:"

    def keep(self, question: Question) -> Answer:
        """Keep these values for a graph, and no others any more."""
        self._disk.keep(self._prefix + question.text("graph"), question.parts[0].decode().split())
        return Answer()

    def keeping(self, question: Question) -> Answer:
        """List the graphs for which values are kept."""
        holders = self._disk.holders(self._prefix)
        return Answer(parts=[as_json([holder.removeprefix(self._prefix) for holder in holders])])
