"""Tell a run on a server as the engine tells one on this machine."""

import time
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from client import Followed
from client import schema as said
from client.following import NodePreview
from engine import NodeNames, events
from engine.events import Status


class Story:
    """What was told of a run so far: where its nodes stand, and how it ended."""

    def __init__(self, run: str) -> None:
        self.n = -1
        self.status: Status = "failed"
        self.seconds = 0.0
        self.fault = ""
        self.run = run
        self._ended: dict[str, str] = {}
        self._blames: list[str] = []

    @property
    def nodes(self) -> NodeNames:
        """Name the nodes that ran, were known, failed, and were blocked."""
        ran, cached, failed, blocked = (
            tuple(node for node, how in self._ended.items() if how == status)
            for status in ("done", "cached", "failed", "blocked")
        )
        return NodeNames(ran, cached, failed, blocked)

    @property
    def code(self) -> int:
        """Give the exit code: 2 where other input would mend every failure, 1 where a node or a worker broke."""
        if self.status == "done":
            return 0
        if self.status == "cancelled":
            return 130
        return 2 if self._blames and set(self._blames) == {"input"} and not self.fault else 1

    def told(self, message: Followed) -> Iterator[events.Event]:
        """Give the events that a message stands for."""
        if isinstance(message, said.Progress):
            yield self._progress(message)
        elif isinstance(message, said.Snapshot):
            yield from self._snapshot(message)
        elif not isinstance(message, NodePreview):
            self.n = message.n
            yield from self._event(message)

    def _event(self, told: Followed) -> Iterator[events.Event]:
        run = self.run
        match told:
            case said.RunStarted(n=n, at=at, nodes=nodes):
                self._ended.clear()
                self._blames.clear()
                yield events.RunStarted(run=run, n=n, at=at, nodes=nodes)
            case said.NodeStarted(n=n, at=at, node=node, items=items):
                yield events.NodeStarted(run=run, n=n, at=at, node=node, items=items)
            case said.ItemFinished():
                yield events.ItemFinished(run=run, **_fields(told))
            case said.NodeCached(node=node):
                self._ended[node] = "cached"
                yield events.NodeCached(run=run, **_fields(told))
            case said.NodeFinished(node=node):
                self._ended[node] = "done"
                yield events.NodeFinished(run=run, **_fields(told))
            case said.NodeFailed(node=node, blame=blame):
                self._ended[node] = "failed"
                self._blames.append(blame)
                yield events.NodeFailed(run=run, trace="", **_fields(told))
            case said.NodeBlocked(node=node):
                self._ended[node] = "blocked"
                yield events.NodeBlocked(run=run, **_fields(told))
            case said.RunFinished():
                yield self._finished(told)
            case _:
                pass  # it waits, or waits again

    def _finished(self, told: said.RunFinished) -> events.RunFinished:
        self.status, self.seconds = _status(told.status), told.seconds
        self.fault = told.fault.message if told.fault is not None and not self._blames else ""
        names = self.nodes
        return events.RunFinished(
            run=self.run,
            n=told.n,
            at=told.at,
            status=self.status,
            ran=names.ran,
            cached=names.cached,
            failed=names.failed,
            blocked=names.blocked,
            seconds=told.seconds,
        )

    def _snapshot(self, told: said.Snapshot) -> Iterator[events.Event]:
        """Take over where all nodes stand; what failed in the meantime is told."""
        self.n = told.n
        for node, state in told.nodes.items():
            if state.status == "failed" and self._ended.get(node) != "failed":
                self._blames.append("node")
                yield events.NodeFailed(
                    run=self.run,
                    n=told.n,
                    at=time.time(),
                    node=node,
                    message=state.message or "",
                    blame="node",
                    trace="",
                )
            self._ended[node] = state.status
        run = told.run
        if run.finished is not None:
            self.status = _status(run.status)
            self.seconds = run.finished - (run.started or run.finished)
            self.fault = run.fault.message if run.fault is not None and not self._blames else ""

    def _progress(self, told: said.Progress) -> events.Progress:
        return events.Progress(
            run=self.run,
            at=time.time(),
            node=told.node,
            step=told.step,
            total=told.total,
            rate=told.rate,
            left=told.left,
            item=told.item,
        )


def _fields(told: BaseModel) -> dict[str, Any]:
    """Give what an event holds under the same names here and there."""
    return told.model_dump(exclude={"type"})


def _status(told: str) -> Status:
    match told:
        case "done" | "cancelled":
            return told
        case _:
            return "failed"
