"""What a worker tells of a run, as JSON objects: events as they are kept, progress, previews, how it ended."""

import math
from collections.abc import Callable
from typing import Any, assert_never

from engine import Result, events
from engine.program import Program
from server.records import Counts, Fault, Output

Tell = Callable[[dict[str, Any], bytes], None]


def told_of(event: events.Event, *, attempt: int) -> tuple[dict[str, Any], bytes] | None:
    """Put an event into a message and bytes; None for the last event of a run, which is told by how it ended."""
    match event:
        case events.Progress():
            return {
                "told": "progress", "node": event.node, "step": event.step, "total": event.total,
                "rate": event.rate, "left": event.left, "item": event.item,
            }, b""  # fmt: skip
        case events.Preview():
            seen = {"told": "preview", "node": event.node, "item": event.item, "media_type": event.media_type}
            return seen, event.image
        case events.RunFinished():
            return None
        case _:
            return {"told": "event", "event": _kept(event, attempt)}, b""


def _kept(event: events.StateEvent, attempt: int) -> dict[str, Any]:
    about: dict[str, Any] = {"type": event.type, "at": event.at}
    match event:
        case events.RunStarted():
            return {**about, "attempt": attempt, "nodes": event.nodes}
        case events.NodeStarted():
            return {**about, "node": event.node, "items": event.items}
        case events.ItemFinished():
            found = {"item": event.item, "tier": event.tier, "seconds": event.seconds}
            return {**about, "node": event.node, **found, "outputs": dict(event.outputs)}
        case events.NodeCached():
            return {**about, "node": event.node, "tier": event.tier, "outputs": dict(event.outputs)}
        case events.NodeFinished():
            found = {"seconds": event.seconds, "peak": event.peak, "ran": event.ran, "cached": event.cached}
            made = {"outputs": dict(event.outputs), "summaries": dict(event.summaries)}
            return {**about, "node": event.node, **found, **made}
        case events.NodeFailed():
            why = {"message": event.message, "blame": event.blame, "item": event.item}
            return {**about, "node": event.node, **why}
        case events.NodeBlocked():
            return {**about, "node": event.node, "by": event.by}
        case events.RunFinished():
            raise ValueError("how a run ended is told apart from its events")
        case _:
            assert_never(event)


def ended(program: Program, result: Result) -> dict[str, Any]:
    """Say how a run ended."""
    nodes = result.nodes
    counts = Counts(ran=len(nodes.ran), cached=len(nodes.cached), failed=len(nodes.failed), blocked=len(nodes.blocked))
    fault = _fault(result)
    made = {*nodes.ran, *nodes.cached}
    outputs = {name: _output(program, result, name) for name, link in program.outputs.items() if link.node in made}
    return {
        "told": "ended",
        "status": result.status,
        "seconds": result.seconds,
        "counts": counts.model_dump(),
        "outputs": {name: output.model_dump(mode="json") for name, output in outputs.items()},
        "fault": None if fault is None else fault.model_dump(),
    }


def refused(message: str, node: str | None = None) -> dict[str, Any]:
    """Say that a run could not be carried out."""
    fault = Fault(code="refused", message=message[:2000], node=node)
    return {
        "told": "ended",
        "status": "failed",
        "seconds": None,
        "counts": None,
        "outputs": {},
        "fault": fault.model_dump(),
    }


def finite(value: Any) -> Any:
    """Put nothing where a number is that JSON has no word for."""
    match value:
        case float():
            return value if math.isfinite(value) else None
        case dict():
            return {name: finite(inner) for name, inner in value.items()}
        case list() | tuple():
            return [finite(inner) for inner in value]
        case _:
            return value


def _fault(result: Result) -> Fault | None:
    if result.status != "failed" or not result.failures:
        return None
    first = result.failures[0]
    more = f" (and {len(result.nodes.failed) - 1} other nodes failed)" if len(result.nodes.failed) > 1 else ""
    lacking = first.message.startswith("MemoryError")
    return Fault(code="out_of_memory" if lacking else "node_failed", message=f"{first.message}{more}", node=first.node)


def _output(program: Program, result: Result, name: str) -> Output:
    link = program.outputs[name]
    ref = result.outputs.ref(name)
    many = isinstance(ref, tuple)
    port = program.steps[link.node].function.spec.output(link.port)
    if port is None:
        raise ValueError(f"{link} is no output")
    kind = port.type.name
    if port.type.variable:  # only the value knows
        kind = next((stored.type for stored in result.outputs.stored(name)), kind)
    return Output(link=str(link), type=kind, digests=ref if isinstance(ref, tuple) else (ref,), many=many)
