"""What the server keeps and shows: graphs, runs, sweeps, assets, shares.

One set of frozen models for the database and the API, so that what is stored is what is shown.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

RunStatus = Literal["queued", "running", "done", "failed", "cancelled"]
FINAL: frozenset[RunStatus] = frozenset({"done", "failed", "cancelled"})

FaultCode = Literal["node_failed", "worker_crashed", "out_of_memory", "worker_lost", "too_many_attempts", "refused"]


class Record(BaseModel):
    """Frozen, and strict about what it holds."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class GraphSummary(Record):
    """A saved graph without its document. Times are UTC, in seconds since 1970."""

    id: str
    name: str
    revision: int
    created: float
    saved: float


class SavedGraph(GraphSummary):
    """A saved graph at one revision; `document` is the JSON that the command line runs."""

    document: dict[str, JsonValue]


class RevisionSummary(Record):
    """One state of a saved graph; revisions count up by one."""

    revision: int
    name: str
    saved: float


class GraphAt(Record):
    """The saved graph that a run was made from."""

    id: str
    revision: int


class CellOf(Record):
    """The place of a run in its sweep; `index` counts the cells in order."""

    sweep: str
    index: int


class Fault(Record):
    """Why a run failed as a whole, and what can be done."""

    code: FaultCode
    message: str
    node: str | None = None


class Output(Record):
    """A public output that was made: where it comes from, and its content (a list has one digest for each item)."""

    link: str
    type: str
    digests: tuple[str, ...]
    many: bool = False


class Counts(Record):
    """How many nodes ended in which way."""

    ran: int
    cached: int
    failed: int
    blocked: int


class Run(Record):
    """One run of one graph with its exact inputs.

    `number` counts up over all runs of a server; `last` is the number of its latest event, -1 before the first.
    `started` and `counts` are of the latest attempt; `models` names what the run loads, as far as it was told.
    """

    id: str
    number: int
    status: RunStatus
    name: str
    priority: int
    inputs: dict[str, JsonValue]
    targets: tuple[str, ...]
    models: tuple[str, ...] = ()
    attempt: int
    last: int
    created: float
    started: float | None = None
    finished: float | None = None
    graph: GraphAt | None = None
    cell: CellOf | None = None
    retry_of: str | None = None
    fault: Fault | None = None
    outputs: dict[str, Output] = Field(default_factory=dict)
    counts: Counts | None = None


class Page(Record):
    """A page of runs, newest first; `next` fetches the one after it."""

    runs: tuple[Run, ...]
    next: str | None = None


class Axis(Record):
    """One axis of a sweep: the inputs on it change together (zip); axes are combined with one another (product)."""

    values: dict[str, tuple[JsonValue, ...]] = Field(min_length=1)


class Sweep(Record):
    """One submission of many runs over public inputs."""

    id: str
    name: str
    axes: tuple[Axis, ...]
    cells: int
    created: float
    counts: dict[RunStatus, int]


class Asset(Record):
    """A file that a person brought; documents name it as `asset:<digest>`."""

    digest: str
    name: str
    media_type: str
    size: int
    created: float
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


class Share(Record):
    """A link that shows one run and its graph to whoever holds it, until it is revoked."""

    id: str
    run: str
    created: float
    revoked: float | None = None
