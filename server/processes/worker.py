"""Carry out runs on one device, one after another; knows no socket, process or database, so that anything can wrap it.

Guarantees
1. What is told of a run is in order, and the last is how it ended, in every case but the end of the process.
2. A run can be cancelled from the moment that it is in hand.
3. No message names a folder of this machine.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from engine import CacheError, Cancel, Engine, InputError, events
from engine.program import Program
from graphs import Graph, GraphError
from server.private import Scrubber
from server.processes.models import models_of
from server.processes.told import Tell, ended, refused, told_of

_MODELS = 16  # names that are remembered of those that runs have loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A run to carry out: its document as JSON, its inputs, and the outputs that are asked for."""

    run: str
    attempt: int
    document: bytes
    inputs: dict[str, Any] = field(default_factory=dict)
    targets: tuple[str, ...] = ()
    watched: bool = False
    checkpoint_every: int = 0


@dataclass(slots=True, eq=False)
class Task:
    """A run in hand: from when its order came until it is over it can be cancelled and watched."""

    order: Order
    watched: bool
    cancel: Cancel = field(default_factory=Cancel)


class Worker:
    """One engine, whose models stay loaded between runs."""

    def __init__(
        self, engine: Engine, *, calling: Callable[[str], AbstractContextManager[object]] = nullcontext
    ) -> None:
        """Each node is called within `calling(node)`, in the thread that calls it."""
        self._engine = engine
        self._calling = calling
        self._scrubbed = Scrubber.of(engine.files.folder, engine.files.roots)
        self._task: Task | None = None
        self._models: dict[str, None] = {}
        self._found: Counter[str] = Counter()

    def begin(self, order: Order) -> Task:
        """Take a run in hand."""
        self._task = task = Task(order, order.watched)
        return task

    def carry_out(self, task: Task, tell: Tell) -> None:
        """Carry out a run, and tell all about it; the last that is told is how it ended."""

        def say(header: dict[str, Any], payload: bytes) -> None:
            tell({**self._said(header), "run": task.order.run}, payload)

        say(self._ended(task, say), b"")

    def cancel(self, run: str | None = None) -> None:
        """Stop this run, or whichever is in hand."""
        task = self._task
        if task is not None and run in (None, task.order.run):
            task.cancel.set()

    def watch(self, run: str, *, watched: bool) -> None:
        """Make previews of a run from now on, or no longer."""
        task = self._task
        if task is not None and run == task.order.run:
            task.watched = watched

    def vitals(self) -> dict[str, Any]:
        """Say which models are loaded, what was found where, and what memory holds."""
        memory = self._engine.cache.memory
        return {
            "models": list(self._models),
            "found": dict(self._found),
            "memory": {"values": len(memory), "bytes": memory.used},
        }

    def disk(self) -> dict[str, int] | None:
        """Say what the cache folder holds; None if it cannot be told."""
        disk = self._engine.cache.disk
        try:
            usage = None if disk is None else disk.usage()
        except CacheError:
            return None
        return None if usage is None else {"values": usage.values, "bytes": usage.bytes}

    def close(self) -> None:
        self._engine.close()

    def _ended(self, task: Task, tell: Tell) -> dict[str, Any]:
        try:
            return self._run(task, tell)
        except GraphError as error:
            return refused(str(error), error.problems[0].node if error.problems else None)
        except CacheError as error:
            print(error, file=sys.stderr)  # it names a folder, which is for the operator and for nobody else
            return refused("results cannot be kept: the cache folder is full or cannot be used")
        except InputError as error:
            return refused(str(error))

    def _run(self, task: Task, tell: Tell) -> dict[str, Any]:
        order = task.order
        program = self._program(order)
        models = models_of(program)
        tell({"told": "begun", "run": order.run, "nodes": sorted(program.steps), "models": models}, b"")

        def on_event(event: events.Event) -> None:
            self._count(event)
            told = told_of(event, attempt=order.attempt)
            if told is not None:
                tell(*told)

        result = self._engine.run(
            program.graph,
            targets=order.targets,
            on_event=on_event,
            cancel=task.cancel,
            previews=lambda: task.watched,
            calling=self._calling,
            checkpoint_every=order.checkpoint_every,
        )
        self._remember(models)
        return ended(program, result)

    def _said(self, header: dict[str, Any]) -> dict[str, Any]:
        """Leave out of a message where on this machine something lies."""
        for part in ("event", "fault"):
            told = header.get(part)
            if told is not None and "message" in told:
                return {**header, part: {**told, "message": self._scrubbed(told["message"])}}
        return header

    def _program(self, order: Order) -> Program:
        graph = Graph.load(json.loads(order.document), migrations=self._engine.catalog.migrations)
        return self._engine.program(graph.set(order.inputs) if order.inputs else graph, targets=order.targets)

    def _count(self, event: events.Event) -> None:
        """Count what was found in which tier, and what was computed."""
        match event:
            case events.NodeCached():
                self._found[event.tier] += 1
            case events.NodeFinished():
                self._found["ran"] += event.ran
                self._found["memory"] += event.cached
            case events.NodeFailed():
                print(event.trace, file=sys.stderr)
            case _:
                pass

    def _remember(self, models: tuple[str, ...]) -> None:
        for name in models:
            self._models.pop(name, None)
            self._models[name] = None
        for name in list(self._models)[:-_MODELS]:
            del self._models[name]
