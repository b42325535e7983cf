"""The types of the interface; made by `python -m tests.client.generating`."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel


class Cancelled(BaseModel):
    """How many runs were cancelled."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    cancelled: int


class CellOf(BaseModel):
    """The place of a run in its sweep; `index` counts the cells in order."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    index: int
    sweep: str


class Counts(BaseModel):
    """How many nodes ended in which way."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    blocked: int
    cached: int
    failed: int
    ran: int


class Fault(BaseModel):
    """Why a run failed as a whole, and what can be done."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    code: Literal["node_failed", "worker_crashed", "out_of_memory", "worker_lost", "too_many_attempts", "refused"]
    message: str
    node: str | None = None


class GraphAt(BaseModel):
    """The saved graph that a run was made from."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    id: str
    revision: int


class GraphSummary(BaseModel):
    """A saved graph without its document. Times are UTC, in seconds since 1970."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    created: float
    id: str
    name: str
    revision: int
    saved: float


class ItemFinished(BaseModel):
    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    at: float
    item: int
    n: int
    node: str
    outputs: dict[str, str | list[str]]
    seconds: float
    tier: str | None
    type: Literal["item_finished"] = "item_finished"


class NodeBlocked(BaseModel):
    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    at: float
    by: str
    n: int
    node: str
    type: Literal["node_blocked"] = "node_blocked"


class NodeCached(BaseModel):
    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    at: float
    n: int
    node: str
    outputs: dict[str, str | list[str]]
    tier: str
    type: Literal["node_cached"] = "node_cached"


class NodeFailed(BaseModel):
    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    at: float
    blame: Literal["input", "node"]
    item: int | None = None
    message: str
    n: int
    node: str
    type: Literal["node_failed"] = "node_failed"


class NodeFinished(BaseModel):
    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    at: float
    cached: int = 0
    n: int
    node: str
    outputs: dict[str, str | list[str]]
    peak: int | None
    ran: int = 1
    seconds: float
    summaries: dict[str, Any]
    type: Literal["node_finished"] = "node_finished"


class NodeStarted(BaseModel):
    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    at: float
    items: int | None = None
    n: int
    node: str
    type: Literal["node_started"] = "node_started"


class NodeState(BaseModel):
    """Where a node stands, as its events add up to."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    by: str | None = None
    finished_items: int | None = None
    items: int | None = None
    message: str | None = None
    outputs: dict[str, str | list[str]] | None = None
    peak: int | None = None
    seconds: float | None = None
    status: Literal["waiting", "running", "cached", "done", "failed", "blocked"]
    summaries: dict[str, Any] | None = None
    tier: str | None = None


class Output(BaseModel):
    """A public output that was made: where it comes from, and its content (a list has one digest for each item)."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    digests: list[str]
    link: str
    many: bool = False
    type: str


class Pong(BaseModel):
    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    type: Literal["pong"] = "pong"


class ProblemShape(BaseModel):
    """One thing that is wrong with what was sent."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    field: str | None = None
    hint: str | None = None
    message: str
    node: str | None = None
    port: str | None = None


class Progress(BaseModel):
    """A node is at `step` of `total`; `rate` is in steps per second, `left` in seconds."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    item: int | None = None
    left: float | None = None
    node: str
    rate: float | None = None
    run: str
    step: int
    total: int
    type: Literal["progress"] = "progress"


class Refused(BaseModel):
    """A message could not be carried out; the socket stays open."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    code: str
    message: str
    run: str | None = None
    type: Literal["refused"] = "refused"


class Run(BaseModel):
    """
    One run of one graph with its exact inputs.

    `number` counts up over all runs of a server; `last` is the number of its latest event, -1 before the first.
    `started` and `counts` are of the latest attempt; `models` names what the run loads, as far as it was told.
    """

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    attempt: int
    cell: CellOf | None = None
    counts: Counts | None = None
    created: float
    fault: Fault | None = None
    finished: float | None = None
    graph: GraphAt | None = None
    id: str
    inputs: dict[str, Any]
    last: int
    models: list[str] = []
    name: str
    number: int
    outputs: dict[str, Output] | None = None
    priority: int
    retry_of: str | None = None
    started: float | None = None
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    targets: list[str]


class RunFinished(BaseModel):
    """The last event of a run."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    at: float
    counts: Counts
    fault: Fault | None = None
    n: int
    outputs: dict[str, Output]
    seconds: float
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    type: Literal["run_finished"] = "run_finished"


class RunInterrupted(BaseModel):
    """The worker or the server was lost; the run waits to be taken again."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    at: float
    n: int
    reason: str
    type: Literal["run_interrupted"] = "run_interrupted"


class RunQueued(BaseModel):
    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    at: float
    n: int
    type: Literal["run_queued"] = "run_queued"


class RunStarted(BaseModel):
    """A worker has taken the run; after a crash it is taken again, and what was finished comes from the cache."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    at: float
    attempt: int
    n: int
    nodes: int
    type: Literal["run_started"] = "run_started"


class SavedGraph(BaseModel):
    """A saved graph at one revision; `document` is the JSON that the command line runs."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    created: float
    document: dict[str, Any]
    id: str
    name: str
    revision: int
    saved: float


class Snapshot(BaseModel):
    """Replaces all that the client knew of a run; events go on after `n`."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    n: int
    nodes: dict[str, NodeState]
    run: Run
    type: Literal["snapshot"] = "snapshot"


class Subscribed(BaseModel):
    """A subscription stands. Preview frames name the run by `number`, and a node by its place in `nodes`."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    nodes: list[str]
    number: int
    run: str
    type: Literal["subscribed"] = "subscribed"


class ValueSummary(BaseModel):
    """What sums a value up; of a list, every item. null stands for an item that is gone."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    digests: list[str]
    link: str
    many: bool
    summaries: list[Any]


class Welcome(BaseModel):
    """The first message. `epoch` changes when the server is started again."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    epoch: str
    type: Literal["welcome"] = "welcome"
    version: int


class Axis(BaseModel):
    """One axis of a sweep: the inputs on it change together (zip); axes are combined with one another (product)."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    values: Annotated[dict[str, list[Any]], Field(min_length=1)]


class ErrorShape(BaseModel):
    """What went wrong; `code` is for programs, `hint` says how to mend it."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    code: str
    current: dict[str, Any] | None = None
    field: str | None = None
    hint: str | None = None
    message: str
    node: str | None = None
    port: str | None = None
    problems: list[ProblemShape] | None = None
    seconds: float | None = None


class Events(BaseModel):
    """State events of one run, without a hole since the last message about it."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    events: list[
        Annotated[
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
    ]
    run: str
    type: Literal["events"] = "events"


class GraphPage(BaseModel):
    """Saved graphs, those changed last first; `next` fetches the page after this."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    graphs: list[GraphSummary]
    next: str | None


class Page(BaseModel):
    """A page of runs, newest first; `next` fetches the one after it."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    next: str | None = None
    runs: list[Run]


class Queue(BaseModel):
    """The runs that are next, how many there are of each status, and whether new ones are held back."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    counts: dict[Literal["queued", "running", "done", "failed", "cancelled"], int]
    paused: bool
    runs: list[Run]


class QueueChanged(BaseModel):
    """A run as it stands now, the number of runs that wait, and whether new ones are held back."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    paused: bool
    queued: int
    run: Run | None
    type: Literal["queue_changed"] = "queue_changed"


class Results(BaseModel):
    """Cells of a sweep in order, each as its run with its exact inputs; ask again `after` the last index."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    next: int | None
    runs: list[Run]
    sweep: str


class Sweep(BaseModel):
    """One submission of many runs over public inputs."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    axes: list[Axis]
    cells: int
    counts: dict[Literal["queued", "running", "done", "failed", "cancelled"], int]
    created: float
    id: str
    name: str


class ErrorBody(BaseModel):
    """The body of every answer that is not a success."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
    )
    error: ErrorShape


class FromServer(RootModel[Welcome | Subscribed | Events | Snapshot | Progress | QueueChanged | Refused | Pong]):
    model_config = ConfigDict(
        frozen=True,
    )
    root: Annotated[
        Welcome | Subscribed | Events | Snapshot | Progress | QueueChanged | Refused | Pong,
        Field(discriminator="type"),
    ]
