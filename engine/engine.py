"""The engine: give it a catalog and a graph, and it gives results."""

import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from engine import events
from engine.action import Environment
from engine.cache import Cache, FileMemo, in_bytes
from engine.call import Workshop
from engine.execution import Execution
from engine.files import Files
from engine.heap import settled_heap
from engine.inflight import Inflight
from engine.lanes import Lanes
from engine.node import Catalog
from engine.outputs import Outputs
from engine.plan import Forecast, Plan
from engine.program import Program, problems_of, program
from engine.report import OnEvent, Report
from engine.residency import Residency
from engine.run import Cancel
from engine.why import Why, why
from graphs import Graph, Problem

_PROGRAMS = 8  # checked graphs that are remembered: a graph is often planned and run, and run again


@dataclass(frozen=True, slots=True)
class NodeNames:
    """The ids of nodes by how they ended."""

    ran: Sequence[str]
    cached: Sequence[str]
    failed: Sequence[str]
    blocked: Sequence[str]


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended, and what it gave."""

    status: events.Status
    outputs: Outputs
    nodes: NodeNames
    seconds: float
    failures: Sequence[events.NodeFailed]


class Engine:
    """Runs graphs of one catalog, with one cache and one set of loaded models; several threads may call `run`."""

    def __init__(
        self,
        catalog: Catalog,
        *,
        cache: Cache | None = None,
        files: Files | None = None,
        device: str = "cpu",
        threads: int | None = None,
        residency: str | int = "8GB",
        grace: float = 2.0,
    ) -> None:
        self.catalog = catalog
        self.cache = cache or Cache()
        self.files = files or _files(self.cache)
        kind = device.partition(":")[0]  # which of several devices of a kind computes changes no bit
        facts = {"device": kind, "threads": threads or default_threads()}
        self._shop = Workshop(
            catalog,
            self.cache,
            self.files,
            Residency(self.files, device=device, budget=in_bytes(residency)),
            Environment(facts),
        )
        self._lanes = Lanes()
        self._inflight = Inflight()
        self._grace = grace
        self._programs: dict[tuple[int, tuple[str, ...]], tuple[Graph, Program]] = {}

    def check(self, graph: Graph, inputs: Mapping[str, Any] | None = None) -> Sequence[Problem]:
        """List what is wrong with a graph."""
        return problems_of(graph.set(inputs) if inputs else graph, self.catalog, files=self.files)

    def program(self, graph: Graph, inputs: Mapping[str, Any] | None = None, targets: Sequence[str] = ()) -> Program:
        """Make a graph ready to run, or raise a GraphError with all of its problems."""
        if inputs:
            return program(graph.set(inputs), self.catalog, targets, files=self.files)
        key = (id(graph), tuple(targets))
        known = self._programs.get(key)
        if known is not None and known[0] is graph:
            return known[1]
        made = program(graph, self.catalog, targets, files=self.files)
        self._programs[key] = (graph, made)
        for old in tuple(self._programs)[:-_PROGRAMS]:
            self._programs.pop(old, None)
        return made

    def plan(self, graph: Graph, inputs: Mapping[str, Any] | None = None, targets: Sequence[str] = ()) -> Plan:
        """Say what a run would call, and for about how long."""
        return Forecast(self.program(graph, inputs, targets), self._shop).plan()

    def why(self, graph: Graph, node: str, inputs: Mapping[str, Any] | None = None) -> Why:
        """Say why a node will run, or will not. Raises InputError if there is no such node."""
        return why(self.program(graph, inputs), self._shop, node)

    def run(
        self,
        graph: Graph,
        inputs: Mapping[str, Any] | None = None,
        *,
        targets: Sequence[str] = (),
        on_event: OnEvent = lambda event: None,
        cancel: Cancel | None = None,
        previews: bool | Callable[[], bool] = False,
        calling: Callable[[str], AbstractContextManager[object]] = nullcontext,
        checkpoint_every: int = 0,
    ) -> Result:
        """Run a graph to its public outputs, or to `targets` (`node.port`).

        `on_event` is called in this thread, in order; it should hand over quickly. `previews` may be asked again and
        again: whether anybody watches changes. Each node is called within `calling(node)`, in the thread that calls it,
        so that it is known which are at work if one ends the process. Raises GraphError if the graph is not legal and
        CacheError if the cache cannot be used; a node that fails does not raise here.
        """
        failures: list[events.NodeFailed] = []
        with settled_heap() as lasting, self.cache.running():
            with lasting:
                execution = Execution(
                    self.program(graph, inputs, targets),
                    self._shop,
                    self._lanes,
                    self._inflight,
                    report=Report(uuid.uuid4().hex, _also(on_event, failures)),
                    cancel=Cancel() if cancel is None else cancel,
                    previews=previews if callable(previews) else lambda: bool(previews),
                    calling=calling,
                    checkpoint_every=checkpoint_every,
                )
            finished = execution.run(grace=self._grace)
        names = NodeNames(finished.ran, finished.cached, finished.failed, finished.blocked)
        return Result(finished.status, execution.outputs(), names, finished.seconds, failures)

    def close(self) -> None:
        """Write what waits, and let the threads go."""
        self._lanes.close()
        self.cache.close()


def default_threads() -> int:
    """Use half of the cores: two compute threads on a busy two-core machine spin, and cost twenty times the time."""
    return max(1, (os.cpu_count() or 1) // 2)


def _files(cache: Cache) -> Files:
    plain = Files.default()
    return plain if cache.disk is None else Files(plain.folder, plain.roots, FileMemo(cache.disk))


def _also(on_event: OnEvent, failures: list[events.NodeFailed]) -> Callable[[events.Event], None]:
    def both(event: events.Event) -> None:
        if isinstance(event, events.NodeFailed):
            failures.append(event)
        on_event(event)

    return both
