"""What travels over the websocket: closed unions of frozen messages, one for each direction.

State events of a run count up by one from 0 (`n`), over all attempts. Progress and previews have no number: they may
be dropped, and a newer one replaces an older one. Previews are binary (see `server.frames`).
"""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from server.records import Counts, Fault, Output, Record, Run, RunStatus

VERSION = 1  # of the protocol; a client of another version is closed with 4409

NodeStatus = Literal["waiting", "running", "cached", "done", "failed", "blocked"]
Ref = str | list[str]  # the digest of a value, or one for each item of a list


class RunQueued(Record):
    type: Literal["run_queued"] = "run_queued"
    n: int
    at: float


class RunStarted(Record):
    """A worker has taken the run; after a crash it is taken again, and what was finished comes from the cache."""

    type: Literal["run_started"] = "run_started"
    n: int
    at: float
    attempt: int
    nodes: int


class RunInterrupted(Record):
    """The worker or the server was lost; the run waits to be taken again."""

    type: Literal["run_interrupted"] = "run_interrupted"
    n: int
    at: float
    reason: str


class NodeStarted(Record):
    type: Literal["node_started"] = "node_started"
    n: int
    at: float
    node: str
    items: int | None = None


class ItemFinished(Record):
    type: Literal["item_finished"] = "item_finished"
    n: int
    at: float
    node: str
    item: int
    tier: str | None
    seconds: float
    outputs: dict[str, Ref]


class NodeCached(Record):
    type: Literal["node_cached"] = "node_cached"
    n: int
    at: float
    node: str
    tier: str
    outputs: dict[str, Ref]


class NodeFinished(Record):
    type: Literal["node_finished"] = "node_finished"
    n: int
    at: float
    node: str
    seconds: float
    peak: int | None
    outputs: dict[str, Ref]
    summaries: dict[str, JsonValue]
    ran: int = 1
    cached: int = 0


class NodeFailed(Record):
    type: Literal["node_failed"] = "node_failed"
    n: int
    at: float
    node: str
    message: str
    blame: Literal["input", "node"]
    item: int | None = None


class NodeBlocked(Record):
    type: Literal["node_blocked"] = "node_blocked"
    n: int
    at: float
    node: str
    by: str


class RunFinished(Record):
    """The last event of a run."""

    type: Literal["run_finished"] = "run_finished"
    n: int
    at: float
    status: RunStatus
    seconds: float
    counts: Counts
    outputs: dict[str, Output]
    fault: Fault | None = None


RunEvent = Annotated[
    RunQueued
    | RunStarted
    | RunInterrupted
    | NodeStarted
    | ItemFinished
    | NodeCached
    | NodeFinished
    | NodeFailed
    | NodeBlocked
    | RunFinished,
    Field(discriminator="type"),
]


# From the client


class Subscribe(Record):
    """Ask for the events of a run after number `after` (-1: all)."""

    type: Literal["subscribe"] = "subscribe"
    run: str = Field(max_length=64)
    after: int = Field(default=-1, ge=-1)
    previews: bool = True


class Unsubscribe(Record):
    type: Literal["unsubscribe"] = "unsubscribe"
    run: str = Field(max_length=64)


class WatchQueue(Record):
    """Ask for a message whenever a run is queued, changes its status, or the queue is paused."""

    type: Literal["watch_queue"] = "watch_queue"


class Ping(Record):
    type: Literal["ping"] = "ping"


FromClient = Annotated[Subscribe | Unsubscribe | WatchQueue | Ping, Field(discriminator="type")]


# From the server


class Welcome(Record):
    """The first message. `epoch` changes when the server is started again."""

    type: Literal["welcome"] = "welcome"
    version: int
    epoch: str


class Subscribed(Record):
    """A subscription stands. Preview frames name the run by `number`, and a node by its place in `nodes`."""

    type: Literal["subscribed"] = "subscribed"
    run: str
    number: int
    nodes: list[str]


class Events(Record):
    """State events of one run, without a hole since the last message about it."""

    type: Literal["events"] = "events"
    run: str
    events: list[RunEvent]


class NodeState(Record):
    """Where a node stands, as its events add up to."""

    status: NodeStatus
    tier: str | None = None
    seconds: float | None = None
    peak: int | None = None
    outputs: dict[str, Ref] = Field(default_factory=dict)
    summaries: dict[str, JsonValue] = Field(default_factory=dict)
    message: str | None = None
    by: str | None = None
    items: int | None = None
    finished_items: int | None = None


class Snapshot(Record):
    """Replaces all that the client knew of a run; events go on after `n`."""

    type: Literal["snapshot"] = "snapshot"
    n: int
    run: Run
    nodes: dict[str, NodeState]


class Progress(Record):
    """A node is at `step` of `total`; `rate` is in steps per second, `left` in seconds."""

    type: Literal["progress"] = "progress"
    run: str
    node: str
    step: int
    total: int
    rate: float | None = None
    left: float | None = None
    item: int | None = None


class QueueChanged(Record):
    """A run as it stands now, the number of runs that wait, and whether new ones are held back."""

    type: Literal["queue_changed"] = "queue_changed"
    run: Run | None
    queued: int
    paused: bool


class Refused(Record):
    """A message could not be carried out; the socket stays open."""

    type: Literal["refused"] = "refused"
    code: str
    message: str
    run: str | None = None


class Pong(Record):
    type: Literal["pong"] = "pong"


FromServer = Annotated[
    Welcome | Subscribed | Events | Snapshot | Progress | QueueChanged | Refused | Pong, Field(discriminator="type")
]
