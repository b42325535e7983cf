"""Say before a run what is known, what will be called, and for about how long; nothing is called for it."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine import pinned
from engine.action import Ref, digests_in
from engine.call import Failure, Workshop, failure_of
from engine.cell import Cell, NodeState, State
from engine.digest import Digest
from engine.errors import CacheError, InputError, Missing
from engine.flow import Flow
from engine.program import Program
from engine.report import Report
from engine.structure import Wire

Status = Literal["cached", "pinned", "run", "maybe", "refused"]
_UNKNOWN = Failure("not computed yet", "node", "")


@dataclass(frozen=True, slots=True)
class PlannedNode:
    """What will become of one node.

    `pinned`: it gives what the document holds of it. `maybe`: something before it runs first; if that gives what it
    gave before, this node is not called. `refused`: a file or value it reads is wrong, as `reason` says. `seconds` is
    what such nodes took lately, None if none ever ran.
    """

    node: str
    status: Status
    calls: int
    seconds: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do, producers before consumers."""

    nodes: Sequence[PlannedNode]

    @property
    def seconds(self) -> float:
        """The time that it will take at most, as far as it is known."""
        return sum(node.seconds or 0.0 for node in self.nodes if node.status in ("run", "maybe"))

    def __str__(self) -> str:
        count = sum(node.status in ("run", "maybe") for node in self.nodes)
        if count == 0:
            pinned = sum(node.status == "pinned" for node in self.nodes)
            return f"all {len(self.nodes)} nodes are cached" + f", {pinned} of them pinned" * bool(pinned)
        unknown = any(node.seconds is None for node in self.nodes if node.status in ("run", "maybe"))
        time = "time unknown" if unknown and not self.seconds else f"about {self.seconds:.1f} s" + " or more" * unknown
        return f"{count} of {len(self.nodes)} nodes will run, {time}"


class Forecast:
    """A run gone through in thought: what is cached is taken as done, what is not as giving nothing."""

    def __init__(self, program: Program, shop: Workshop) -> None:
        self.flow = Flow(program, shop, Report("", lambda event: None))
        self.refused: dict[str, str] = {}
        self._shop = shop
        self._asked = program.asked()
        self._producers: dict[Digest, Cell] = {}
        self._again: dict[int, Cell] = {}  # cells whose action is known, and whose value is lost but needed
        self._called: list[Cell] = []
        self._usual_seconds = functools.cache(shop.cache.usual_seconds)
        self.flow.demand(program.wanted())
        while self.flow.ready:
            self._decide(self.flow.ready.popleft())
        self._need(digest for cell in self._called for digest in digests_in(cell.refs))
        self._need(digest for name in self._asked for digest in self._asked_digests(name))

    def plan(self) -> Plan:
        reached = self._reached_lazily()
        nodes = [node for node in self.flow.nodes.values() if node.demanded or node.id in reached]
        return Plan([self._planned(node) for node in nodes])

    def status(self, node: NodeState) -> Status:
        if node.id in self.refused:
            return "refused"
        if any(id(cell) in self._again for cell in node.cells or ()):
            return "run"
        if node.state is State.DONE:
            return "cached" if node.step.pin is None else "pinned"
        return "run" if node.state is State.FAILED else "maybe"

    def _decide(self, cell: Cell) -> None:
        if cell.node.step.pin is not None:
            self._decide_pinned(cell, cell.node.step.pin)
            return
        function = cell.node.step.function
        try:
            if function.lazy and not self.flow.lazy_inputs_are_there(cell):
                return
            self.flow.inputs.key(cell)
        except Missing as missing:
            self._need([missing.digest])
            self.flow.block(cell, self._producers[missing.digest].node.id)
            return
        except CacheError:
            raise
        except Exception as error:  # a file that is wrong, or a rule of the node that breaks
            self.refused[cell.node.id] = str(error) if isinstance(error, InputError) else failure_of(error).message
            self.flow.fail(cell, _UNKNOWN)
            return
        known = self._shop.cache.action(cell.key) if function.spec.pure else None
        if known is None:
            self._called.append(cell)
            self.flow.fail(cell, _UNKNOWN)
            return
        for digest in digests_in(known[0].outputs):
            self._producers[digest] = cell
        self.flow.complete(cell, known[0].outputs, tier=known[1])

    def _decide_pinned(self, cell: Cell, pin: Mapping[str, Ref]) -> None:
        if missing := pinned.gone(pin, self._shop.cache):
            self.refused[cell.node.id] = missing
            self.flow.fail(cell, _UNKNOWN)
            return
        for digest in digests_in(pin):
            self._producers[digest] = cell
        self.flow.complete(cell, pin, tier="pinned")

    def _need(self, digests: Iterable[Digest]) -> None:
        """Find whose values must be made again, because they are needed and no longer there."""
        stack = list(digests)
        while stack:
            digest = stack.pop()
            maker = self._producers.get(digest)
            if (
                maker is not None
                and maker.node.step.pin is None
                and id(maker) not in self._again
                and not self._shop.cache.has(digest)
            ):
                self._again[id(maker)] = maker
                stack.extend(digests_in(maker.refs))

    def _asked_digests(self, name: str) -> Iterable[Digest]:
        node = self.flow.nodes[name]
        return digests_in({port: node.outputs[port] for port in self._asked[name] if port in node.outputs})

    def _reached_lazily(self) -> set[str]:
        """Name the nodes that may be asked for by nodes whose choice is not known yet."""
        reached: set[str] = set()
        stack = [node for node in self.flow.nodes.values() if node.state is State.BLOCKED]
        while stack:
            node = stack.pop()
            for wire in _wires_that_may_be_used(node):
                for link in wire.links:
                    source = self.flow.nodes[link.node]
                    if not source.demanded and source.id not in reached:
                        reached.add(source.id)
                        stack.append(source)
        return reached

    def _planned(self, node: NodeState) -> PlannedNode:
        status = self.status(node)
        calls = max(1, sum(cell.state is not State.DONE for cell in node.cells or ()))
        each = self._usual_seconds(node.step.function.spec.type)
        seconds = None if each is None else each * calls
        if status in ("cached", "pinned", "refused"):
            return PlannedNode(node.id, status, 0, 0.0, self.refused.get(node.id, ""))
        return PlannedNode(node.id, status, calls, seconds)


def _wires_that_may_be_used(node: NodeState) -> Iterable[Wire]:
    """Leave out the lazy wires that every call has chosen not to use."""
    chosen = [cell.wanted for cell in node.cells or ()]
    for port, wire in node.step.wires.items():
        if port not in node.step.function.lazy or not chosen or any(one is None or port in one for one in chosen):
            yield wire
