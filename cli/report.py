"""Tell a person or a program how a run goes and how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine import NodeNames
from engine.action import Ref
from engine.events import Event, Status


@dataclass(frozen=True, slots=True)
class Saved:
    """An output that was written: one file, or several for a list or a batch."""

    paths: Sequence[Path]
    type: str
    digest: Ref


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended."""

    status: Status
    outputs: Mapping[str, Saved]
    nodes: NodeNames
    seconds: float

    def summary(self) -> str:
        """Say it in a line: `7 nodes: 5 cached, 2 ran, 1.9 s`."""
        counts = {
            "cached": len(self.nodes.cached),
            "ran": len(self.nodes.ran),
            "failed": len(self.nodes.failed),
            "blocked": len(self.nodes.blocked),
        }
        total = sum(counts.values())
        parts = [f"{count:,} {word}" for word, count in counts.items() if count]
        time = f"{self.seconds:.1f} s" if self.seconds >= 1 else f"{self.seconds:.2f} s"
        words = f"{total:,} {'node' if total == 1 else 'nodes'}: {', '.join([*parts, time])}"
        return words if self.status != "cancelled" else f"cancelled; {words}"


class Reporter(Protocol):
    """Is told every event of a run, in order, and its end."""

    def event(self, event: Event) -> None: ...
    def end(self, ending: Ending) -> None: ...
