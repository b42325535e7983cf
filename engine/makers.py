"""Know which call made which value, and have values made again that have left the cache.

Guarantees
1. A value that was lost and is needed is made again by its maker.
2. If it comes out different, what hangs on it is keyed anew.
3. Values in hand stay in hand, so that a small cache is slow but never stuck.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.action import digests_in
from engine.call import Made
from engine.cell import Cell, NodeState, State
from engine.digest import Digest
from engine.flow import Flow


class Makers:
    """The makers of the values of one run."""

    def __init__(self, flow: Flow, call: Callable[[Cell], None]) -> None:
        self._flow = flow
        self._call = call
        self._makers: dict[Digest, Cell] = {}
        self._unsteady: dict[Digest, Any] = {}  # values that came out different once: they are kept in hand

    def remember(self, cell: Cell, digests: Iterable[Digest]) -> None:
        """Note who made some values."""
        for digest in digests:
            self._makers[digest] = cell

    def in_hand(self, cell: Cell) -> Mapping[Digest, Any]:
        """Give the values that need not be fetched for a call."""
        return {**self._unsteady, **cell.held} if self._unsteady else cell.held

    def make_again(self, cell: Cell, missing: Iterable[Digest]) -> None:
        """Have the makers of lost values called again, and the cell after them."""
        makers = {id(maker): maker for maker in (self._makers[digest] for digest in missing)}
        if lost := next((maker for maker in makers.values() if maker.state is State.FAILED), None):
            self._flow.block(cell, lost.node.id)
            return
        cell.state = State.WAITING
        cell.waiting = len(makers)
        for maker in makers.values():
            maker.waiters += (cell,)
            if maker.state is State.DONE:
                self._call(maker)

    def made_again(self, cell: Cell, made: Made) -> None:
        """Deal with what a second call gave."""
        cell.state = State.DONE
        if dict(cell.outputs) == dict(made.action.outputs):
            self._flow.remade(cell, made)
            self._serve(cell, made)
        else:
            self._key_anew(cell, made)

    def _serve(self, cell: Cell, made: Made) -> None:
        waiters, cell.waiters = cell.waiters, ()
        for waiter in waiters:
            waiter.held = {**waiter.held, **made.values}
            waiter.waiting -= 1
            if waiter.waiting == 0 and not waiter.dropped:
                self._flow.make_ready(waiter)

    def _key_anew(self, cell: Cell, made: Made) -> None:
        """Forget what was derived from the old value, and do not lose the new one."""
        self._unsteady.update(made.values)
        cell.outputs = made.action.outputs
        cell.waiters = ()
        cell.node.outputs = cell.node.gather()
        self.remember(cell, digests_in(cell.outputs))
        self._flow.reset(self._descendants(cell.node))

    def _descendants(self, node: NodeState) -> list[NodeState]:
        callers = self._callers()
        found: set[str] = set()
        stack = [node]
        while stack:
            current = stack.pop()
            children = [dependent.node for dependent in current.dependents]
            for child in (*children, *callers.get(current.id, ())):
                if child.id not in found:
                    found.add(child.id)
                    stack.append(child)
        return [child for name, child in self._flow.nodes.items() if name in found]

    def _callers(self) -> Mapping[str, list[NodeState]]:
        """List by node who uses it lazily."""
        callers: dict[str, list[NodeState]] = {}
        for node in self._flow.nodes.values():
            for port in {port for cell in node.cells or () for port in cell.wanted or ()}:
                for link in node.step.wires[port].links:
                    callers.setdefault(link.node, []).append(node)
        return callers
