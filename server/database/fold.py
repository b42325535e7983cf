"""Where each node of a run stands, as its events add up to.

A node that has not been heard of waits. When a run is taken again, what was finished stays, and the rest waits.
"""

from collections.abc import Iterable
from typing import assert_never

from pydantic import TypeAdapter

from server.messages import (
    ItemFinished,
    NodeBlocked,
    NodeCached,
    NodeFailed,
    NodeFinished,
    NodeStarted,
    NodeState,
    RunEvent,
    RunFinished,
    RunInterrupted,
    RunQueued,
    RunStarted,
)

_EVENT: TypeAdapter[RunEvent] = TypeAdapter(RunEvent)
States = dict[str, NodeState]


def folded(texts: Iterable[bytes]) -> States:
    """Add events up, from the first on."""
    nodes: States = {}
    for text in texts:
        _add(nodes, _EVENT.validate_json(text))
    return nodes


def _add(nodes: States, event: RunEvent) -> None:
    match event:
        case RunQueued() | RunFinished():
            pass
        case RunStarted() | RunInterrupted():
            _keep_finished(nodes)
        case ItemFinished():
            nodes[event.node] = _one_item_more(nodes.get(event.node))
        case NodeStarted() | NodeCached() | NodeFinished() | NodeFailed() | NodeBlocked():
            nodes[event.node] = _state(event, nodes.get(event.node))
        case _:
            assert_never(event)


def _keep_finished(nodes: States) -> None:
    for node in [node for node, state in nodes.items() if state.status not in ("done", "cached")]:
        del nodes[node]


def _one_item_more(before: NodeState | None) -> NodeState:
    if before is None or before.status != "running":
        return NodeState(status="running", finished_items=1)
    return before.model_copy(update={"finished_items": (before.finished_items or 0) + 1})


def _state(
    event: NodeStarted | NodeCached | NodeFinished | NodeFailed | NodeBlocked, before: NodeState | None
) -> NodeState:
    items = None if before is None else before.items
    finished = None if before is None else before.finished_items
    match event:
        case NodeStarted():
            return NodeState(status="running", items=event.items)
        case NodeCached():
            return NodeState(status="cached", tier=event.tier, outputs=event.outputs)
        case NodeFinished():
            return NodeState(
                status="done",
                seconds=event.seconds,
                peak=event.peak,
                outputs=event.outputs,
                summaries=event.summaries,
                items=items,
                finished_items=finished,
            )
        case NodeFailed():
            return NodeState(status="failed", message=event.message, items=items, finished_items=finished)
        case NodeBlocked():
            return NodeState(status="blocked", by=event.by)
