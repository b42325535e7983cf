"""What a run knows of each node while it goes on: the node, and one cell for each time it is to be called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from types import MappingProxyType
from typing import Any

from engine.action import Ref
from engine.digest import Digest
from engine.program import Step
from engine.structure import Wire
from graphs import Link

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return _NOTHING  # one for all: a run has many cells


class State(Enum):
    WAITING = auto()
    READY = auto()
    RUNNING = auto()
    DONE = auto()
    FAILED = auto()
    BLOCKED = auto()


_SETTLED = (State.DONE, State.FAILED, State.BLOCKED)


@dataclass(slots=True, eq=False)
class Cell:
    """One call of a node: the only one, or that for one item of a map."""

    node: "NodeState"
    item: int | None
    state: State = State.WAITING
    waiting: int = 0
    wanted: frozenset[str] | None = None  # the lazy ports that this call needs; None until it was asked
    key: Digest = ""
    parts: str = ""
    refs: Mapping[str, Ref] = field(default_factory=_nothing)
    outputs: Mapping[str, Ref] = field(default_factory=_nothing)
    tier: str | None = None
    seconds: float = 0.0
    held: Mapping[Digest, Any] = field(default_factory=_nothing)  # inputs in hand while others are made again
    waiters: tuple["Cell", ...] = ()  # cells that need this one's values made again
    claimed: bool = False  # its action is this cell's to call, and nobody else's
    dropped: bool = False  # its node was keyed anew; whatever it still brings is not used


@dataclass(frozen=True, slots=True)
class Dependent:
    """A node that waits for another: by a link that streams item by item (a map feeding a map), or for the whole."""

    node: "NodeState"
    streams: bool


@dataclass(slots=True, eq=False)
class NodeState:
    """One node in a run."""

    step: Step
    state: State = State.WAITING
    demanded: bool = False
    waiting: int = 0
    cells: list[Cell] | None = None  # None until it is known how many
    remaining: int = 0
    outputs: Mapping[str, Ref] = field(default_factory=_nothing)  # of the whole node, when it is done
    started: bool = False
    dependents: list[Dependent] = field(default_factory=list)
    callers: tuple[Cell, ...] = ()  # cells that asked for this node lazily
    blamed: str = ""  # the node that blocks this one

    @property
    def id(self) -> str:
        return self.step.id

    @property
    def each(self) -> bool:
        return bool(self.step.mapped)

    def follows(self, source: "NodeState", wire: Wire, link: Link) -> bool:
        """Say whether a link carries items one by one: a map feeding a map."""
        return bool(self.step.mapped) and wire.port in self.step.mapped and source.each and link.item is None

    @property
    def settled(self) -> bool:
        return self.state in _SETTLED

    def was_known(self) -> bool:
        """Say whether the node is done without a call."""
        return self.state is State.DONE and bool(self.cells) and all(cell.tier is not None for cell in self.cells or ())

    def ending(self) -> str:
        """Say in words why the node gave nothing."""
        if self.state is State.FAILED:
            return "failed"
        return f"was blocked by {self.blamed}" if self.blamed else "did not run"

    def gather(self) -> Mapping[str, Ref]:
        """Give the outputs of the whole node, when all cells are done; those of a map are lists."""
        cells = self.cells or []
        if not self.each:
            return cells[0].outputs
        ports = [port.name for port in self.step.function.spec.outputs]
        return {port: tuple(_one(cell.outputs[port]) for cell in cells) for port in ports}


def _one(ref: Ref) -> Digest:
    if isinstance(ref, tuple):
        raise ValueError("a mapped node gave a list for one item; maps have depth one")
    return ref
