"""What happens in a run, as a closed union of frozen messages.

State events carry `n`, which counts up by one within a run; progress and previews carry none, because they may be
dropped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.action import Ref
from engine.spec import Json

Status = Literal["done", "failed", "cancelled"]
Blame = Literal["input", "node"]  # a person can mend it by other input, or the node broke


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    run: str
    n: int
    at: float
    nodes: int
    type: Literal["run_started"] = "run_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStarted:
    run: str
    n: int
    at: float
    node: str
    items: int | None = None  # how many, where the node is mapped
    type: Literal["node_started"] = "node_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFinished:
    """One item of a mapped node is there; `tier` says where it was known, None that it was computed."""

    run: str
    n: int
    at: float
    node: str
    item: int
    tier: str | None
    seconds: float
    outputs: Mapping[str, Ref]
    type: Literal["item_finished"] = "item_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCached:
    run: str
    n: int
    at: float
    node: str
    tier: str
    outputs: Mapping[str, Ref]
    type: Literal["node_cached"] = "node_cached"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFinished:
    """A node ran. `peak` is in bytes, None where it cannot be told apart from what ran beside it."""

    run: str
    n: int
    at: float
    node: str
    seconds: float
    peak: int | None
    outputs: Mapping[str, Ref]
    summaries: Mapping[str, Json]
    ran: int = 1  # items computed, where the node is mapped
    cached: int = 0  # items known before
    type: Literal["node_finished"] = "node_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFailed:
    run: str
    n: int
    at: float
    node: str
    message: str
    blame: Blame
    trace: str
    item: int | None = None
    type: Literal["node_failed"] = "node_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeBlocked:
    run: str
    n: int
    at: float
    node: str
    by: str
    type: Literal["node_blocked"] = "node_blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    run: str
    n: int
    at: float
    status: Status
    ran: Sequence[str]
    cached: Sequence[str]
    failed: Sequence[str]
    blocked: Sequence[str]
    seconds: float
    type: Literal["run_finished"] = "run_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A node is at `step` of `total`; `rate` is in steps per second, `left` in seconds."""

    run: str
    at: float
    node: str
    step: int
    total: int
    rate: float | None
    left: float | None
    item: int | None = None
    type: Literal["progress"] = "progress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    run: str
    at: float
    node: str
    image: bytes
    media_type: str
    item: int | None = None
    type: Literal["preview"] = "preview"


StateEvent = (
    RunStarted | NodeStarted | ItemFinished | NodeCached | NodeFinished | NodeFailed | NodeBlocked | RunFinished
)
Event = StateEvent | Progress | Preview
