"""Tell what happens in a run: number the state events and hand them on."""

import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypedDict

from engine import events
from engine.call import Failure, Made
from engine.cell import Cell, NodeState, State

OnEvent = Callable[[events.Event], None]


class _Stamp(TypedDict):
    run: str
    n: int
    at: float


class Report:
    """Speaks for one run, until it is closed."""

    def __init__(self, run: str, on_event: OnEvent) -> None:
        self._run = run
        self._on_event = on_event
        self._number = itertools.count()

    def close(self) -> None:
        """Say nothing more."""
        self._on_event = _silence

    def run_started(self, nodes: int) -> None:
        self._on_event(events.RunStarted(nodes=nodes, **self._stamp()))

    def started(self, cell: Cell) -> None:
        """Say once that a node has started."""
        node = cell.node
        if not node.started and not cell.dropped:
            node.started = True
            items = len(node.cells or ()) if node.each else None
            self._on_event(events.NodeStarted(node=node.id, items=items, **self._stamp()))

    def progress(self, cell: Cell, step: int, total: int, seconds: float) -> None:
        rate = step / seconds if step and seconds > 0 else None
        left = (total - step) / rate if rate else None
        where: dict[str, Any] = {"run": self._run, "at": time.time(), "node": cell.node.id, "item": cell.item}
        self._on_event(events.Progress(step=step, total=total, rate=rate, left=left, **where))

    def preview(self, cell: Cell, image: bytes, media_type: str) -> None:
        where: dict[str, Any] = {"run": self._run, "at": time.time(), "node": cell.node.id, "item": cell.item}
        self._on_event(events.Preview(image=image, media_type=media_type, **where))

    def item_finished(self, cell: Cell) -> None:
        found: dict[str, Any] = {"tier": cell.tier, "seconds": cell.seconds, "outputs": cell.outputs}
        self._on_event(events.ItemFinished(node=cell.node.id, item=cell.item or 0, **found, **self._stamp()))

    def done(self, node: NodeState, cells: Sequence[Cell], made: Made | None) -> None:
        """Say that a node is done: cached, if no call was needed."""
        tiers = [cell.tier for cell in cells]
        ran = tiers.count(None)
        if cells and ran == 0:
            tier = "pinned" if node.step.pin is not None else "disk" if "disk" in tiers else "memory"
            outputs, n, at = node.outputs, next(self._number), time.time()
            self._on_event(events.NodeCached(run=self._run, n=n, at=at, node=node.id, tier=tier, outputs=outputs))
            return
        single = made if not node.each else None
        event = events.NodeFinished(
            node=node.id,
            seconds=sum(cell.seconds for cell in cells),
            peak=single.peak if single is not None else None,
            outputs=node.outputs,
            summaries=single.summaries if single is not None else {},
            ran=ran,
            cached=len(cells) - ran,
            **self._stamp(),
        )
        self._on_event(event)

    def failed(self, node: NodeState, item: int | None, failure: Failure) -> None:
        what: dict[str, Any] = {"message": failure.message, "blame": failure.blame, "trace": failure.trace}
        self._on_event(events.NodeFailed(node=node.id, item=item, **what, **self._stamp()))

    def blocked(self, node: NodeState) -> None:
        self._on_event(events.NodeBlocked(node=node.id, by=node.blamed, **self._stamp()))

    def run_finished(
        self, nodes: Iterable[NodeState], *, cancelled: bool, broken: bool, seconds: float
    ) -> events.RunFinished:
        by_state: dict[State, list[str]] = {state: [] for state in State}
        cached: list[str] = []
        for node in nodes:
            (cached if node.was_known() else by_state[node.state]).append(node.id)
        failed = by_state[State.FAILED]
        finished = events.RunFinished(
            status="cancelled" if cancelled else "failed" if failed or broken else "done",
            ran=by_state[State.DONE],
            cached=cached,
            failed=failed,
            blocked=by_state[State.BLOCKED],
            seconds=seconds,
            **self._stamp(),
        )
        self._on_event(finished)
        return finished

    def _stamp(self) -> _Stamp:
        return {"run": self._run, "n": next(self._number), "at": time.time()}


def _silence(event: events.Event) -> None:
    pass
