"""Know which calls of a program can be decided next, and pass on how they ended.

Demand goes backward from what was asked for; readiness goes forward, item by item where a map feeds a map. Nothing
recurses along the graph, and each link is looked at a fixed number of times.

Guarantees
1. A failure blocks only its descendants.
"""

from collections import deque
from collections.abc import Iterable, Mapping

from engine.action import Ref
from engine.call import Failure, Made, Workshop
from engine.cell import Cell, Dependent, NodeState, State
from engine.errors import InputError
from engine.inputs import Inputs
from engine.program import Program
from engine.report import Report
from graphs import LIMITS

_LOST = (State.FAILED, State.BLOCKED)


class Flow:
    """The state of every node of one run."""

    def __init__(self, program: Program, shop: Workshop, report: Report) -> None:
        self.nodes = {name: NodeState(step) for name, step in program.steps.items()}
        self.ready: deque[Cell] = deque()
        self.inputs = Inputs(self.nodes, shop)
        self._report = report
        self._cell_count = 0

    # Demand

    def demand(self, names: Iterable[str]) -> None:
        """Mark nodes and all that they strictly need, then see which can begin."""
        fresh: list[NodeState] = []
        stack = [self.nodes[name] for name in names]
        while stack:
            node = stack.pop()
            if node.demanded:
                continue
            node.demanded = True
            fresh.append(node)
            for wire in node.step.strict:
                for link in wire.links:
                    source = self.nodes[link.node]
                    source.dependents.append(Dependent(node, node.follows(source, wire, link)))
                    stack.append(source)
        for node in fresh:
            self._begin_when_possible(node)

    def lazy_inputs_are_there(self, cell: Cell) -> bool:
        """Demand the lazy inputs that a cell wants; False while they are being made, or if they cannot be."""
        if cell.wanted is None:
            cell.wanted = self.inputs.lazy_ports(cell)
            self.demand(link.node for port in cell.wanted for link in cell.node.step.wires[port].links)
        for source in (self.nodes[link.node] for port in cell.wanted for link in cell.node.step.wires[port].links):
            if source.state in _LOST:
                self.block(cell, source.id)
                return False
            if source.state is not State.DONE:
                cell.state = State.WAITING
                source.callers += (cell,)
                return False
        return True

    # Readiness

    def _begin_when_possible(self, node: NodeState) -> None:
        """Count what a node waits for; begin it if that is nothing."""
        if node.settled or node.cells is not None:
            return
        node.waiting = 0
        for wire in node.step.strict:
            for link in wire.links:
                source = self.nodes[link.node]
                streaming = node.follows(source, wire, link)
                if source.state in _LOST and not (streaming and source.cells is not None):
                    self._give_up(node, State.BLOCKED, by=source.id)
                    return
                if not (source.cells is not None if streaming else source.state is State.DONE):
                    node.waiting += 1
        if node.waiting == 0:
            self._expand(node)

    def _less_waiting(self, node: NodeState) -> None:
        if node.settled or node.cells is not None:
            return
        node.waiting -= 1
        if node.waiting == 0:
            self._expand(node)

    def _expand(self, start: NodeState) -> None:
        """Make the cells of a node, and of the maps that were only waiting to know how many."""
        stack = [start]
        while stack:
            node = stack.pop()
            try:
                node.cells = self._cells(node)
            except InputError as error:
                self._report.failed(node, None, Failure(str(error), "input", ""))
                self._give_up(node, State.FAILED)
                continue
            node.remaining = len(node.cells)
            for cell in node.cells:
                self._place(cell)
            for dependent in node.dependents:
                child = dependent.node
                if dependent.streams and child.cells is None and not child.settled:
                    child.waiting -= 1
                    if child.waiting == 0:
                        stack.append(child)
            if not node.cells:
                self._settle(node)

    def _cells(self, node: NodeState) -> list[Cell]:
        """Make one cell, or one for each item of what the node maps over."""
        if not node.each:
            self._count(1)
            return [Cell(node, None)]
        lengths = {port: self.inputs.length(node.step.wires[port]) for port in sorted(node.step.mapped)}
        if len(set(lengths.values())) > 1:
            counts = " and ".join(f"{port} has {length}" for port, length in lengths.items())
            raise InputError(f"lists of different lengths cannot be mapped over together: {counts} items")
        (count,) = set(lengths.values())
        self._count(count)
        return [Cell(node, item) for item in range(count)]

    def _count(self, cells: int) -> None:
        self._cell_count += cells
        if self._cell_count > LIMITS.nodes:
            raise InputError(f"the maps make more than {LIMITS.nodes} calls", hint="map over shorter lists")

    def _place(self, cell: Cell) -> None:
        for source in self._streaming_sources(cell.node) if cell.node.each else ():
            other = (source.cells or [])[cell.item or 0]
            if other.state in _LOST:
                self.block(cell, source.id)
                return
            cell.waiting += other.state is not State.DONE
        if cell.waiting == 0:
            self.make_ready(cell)

    def _streaming_sources(self, node: NodeState) -> Iterable[NodeState]:
        for wire in node.step.inputs:
            for link in wire.links:
                if node.follows(self.nodes[link.node], wire, link):
                    yield self.nodes[link.node]

    def make_ready(self, cell: Cell) -> None:
        """Put a cell in line to be decided."""
        cell.state = State.READY
        self.ready.append(cell)

    # Endings

    def complete(self, cell: Cell, outputs: Mapping[str, Ref], *, tier: str | None, made: Made | None = None) -> None:
        """A cell has its outputs."""
        cell.outputs = outputs
        cell.tier = tier
        cell.state = State.DONE
        node = cell.node
        node.remaining -= 1
        if node.each:
            self._report.item_finished(cell)
            self._feed_streams(cell)
        if node.remaining == 0:
            self._settle(node, made)

    def remade(self, cell: Cell, made: Made) -> None:
        """A cell was called for a value that was known and lost: it ran after all."""
        cell.tier = None
        if cell.node.each:
            self._report.item_finished(cell)
        else:
            self._report.done(cell.node, [cell], made)

    def fail(self, cell: Cell, failure: Failure) -> None:
        """A cell gives nothing."""
        cell.state = State.FAILED
        self._report.failed(cell.node, cell.item, failure)
        self._lose(cell)

    def fail_again(self, cell: Cell, failure: Failure) -> None:
        """A cell that was done cannot give its values again; what had them in time keeps what it made of them."""
        cell.state = cell.node.state = State.FAILED
        self._report.failed(cell.node, cell.item, failure)

    def block(self, cell: Cell, by: str) -> None:
        """A cell cannot have its inputs."""
        cell.state = State.BLOCKED
        cell.node.blamed = cell.node.blamed or by
        self._lose(cell)

    def reset(self, nodes: Iterable[NodeState]) -> None:
        """Forget what nodes gave, and begin them again; producers come before consumers."""
        affected = list(nodes)
        for node in affected:
            for cell in node.cells or ():
                cell.dropped = True
            node.state, node.cells, node.started, node.blamed, node.callers = State.WAITING, None, False, "", ()
        for node in affected:
            self._begin_when_possible(node)

    def _feed_streams(self, cell: Cell) -> None:
        for dependent in cell.node.dependents:
            if dependent.streams and dependent.node.cells is not None:
                other = dependent.node.cells[cell.item or 0]
                other.waiting -= 1
                if other.waiting == 0 and other.state is State.WAITING:
                    self.make_ready(other)

    def _lose(self, cell: Cell) -> None:
        """Pass on that a cell gives nothing: item by item to maps, as a whole to the rest."""
        lost = [cell]
        while lost:
            current = lost.pop()
            node = current.node
            for dependent in node.dependents:
                child = dependent.node
                if dependent.streams and child.cells is not None:
                    other = child.cells[current.item or 0]
                    if other.state is State.WAITING:
                        other.state = State.BLOCKED
                        child.blamed = child.blamed or node.id
                        lost.append(other)
            node.remaining -= 1
            if node.remaining == 0:
                self._settle(node)

    def _settle(self, node: NodeState, made: Made | None = None) -> None:
        """All cells of a node have ended: say so, and let go or block what waits."""
        cells = node.cells or []
        endings = [cell.state for cell in cells]
        if State.FAILED in endings:
            self._give_up(node, State.FAILED)
        elif State.BLOCKED in endings:
            self._give_up(node, State.BLOCKED, by=node.blamed)
        else:
            node.outputs = node.gather()
            node.state = State.DONE
            self._report.done(node, cells, made)
            if node.callers:
                self._release(node)
            for dependent in node.dependents:
                if not dependent.streams:
                    self._less_waiting(dependent.node)

    def _give_up(self, node: NodeState, state: State, by: str = "") -> None:
        """End a node that gives nothing, and all that needs the whole of it, one after another."""
        stack = [(node, state, by)]
        while stack:
            current, ending, blamed = stack.pop()
            current.state, current.blamed = ending, blamed
            if ending is State.BLOCKED:
                self._report.blocked(current)
            self._release(current)
            for dependent in current.dependents:
                child = dependent.node
                streaming = dependent.streams and current.cells is not None
                if not streaming and not child.settled and child.cells is None:
                    stack.append((child, State.BLOCKED, current.id))
                    child.state = State.BLOCKED  # at once, so that it is not put there twice

    def _release(self, node: NodeState) -> None:
        """Let cells that asked for a node lazily look again."""
        callers, node.callers = node.callers, ()
        for caller in callers:
            if not caller.dropped:
                self.make_ready(caller)
