"""Carry out a run for the command line: open, set, run, save, report."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn, TextIO

from cli.compose import Settings, opened
from cli.interrupt import interrupts
from cli.report import Ending, Reporter, Saved
from engine import Cancel, Catalog, Engine, NodeNames, Result
from engine.events import Event, RunFinished
from graphs import Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a person asks for with `promptograph run`."""

    graph: str
    assignments: Sequence[str]
    targets: Sequence[str]
    out: Path
    checkpoint_every: int
    settings: Settings


def carry_out(order: Order, catalog: Catalog, *, stdout: TextIO, json: bool, quiet: bool) -> int:
    """Run and give the exit code; whatever nodes print goes to stderr."""
    opening = opened(order.graph, order.assignments, catalog, order.settings)
    with redirect_stdout(sys.stderr), opening as (made, graph):
        with reporter_of(stdout, json=json, quiet=quiet) as reporter:
            result = run_to_end(made, graph, reporter, targets=order.targets, checkpoint_every=order.checkpoint_every)
        saved = _save(made, graph, result, order)
        reporter.end(Ending(result.status, saved, result.nodes, result.seconds))
    return code_of(result)


def run_to_end(
    made: Engine, graph: Graph, reporter: Reporter, *, targets: Sequence[str] = (), checkpoint_every: int = 0
) -> Result:
    """Run until it has ended; Ctrl-C ends the process."""
    cancel = Cancel()

    def tell(event: Event) -> None:
        reporter.event(event)
        if isinstance(event, RunFinished) and event.status == "cancelled":
            reporter.end(_cancelled(event))  # at once: the nodes may take a while to listen

    with interrupts(cancel, made.cache.flush):
        result = made.run(
            graph,
            targets=targets,
            on_event=tell,
            cancel=cancel,
            checkpoint_every=checkpoint_every,
        )
        if result.status == "cancelled":
            _leave(made)
    return result


def _cancelled(event: RunFinished) -> Ending:
    return Ending("cancelled", {}, NodeNames(event.ran, event.cached, event.failed, event.blocked), event.seconds)


def _leave(made: Engine) -> NoReturn:
    """End the process without waiting for nodes that still compute."""
    made.cache.close()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(130)


def _save(made: Engine, graph: Graph, result: Result, order: Order) -> Mapping[str, Saved]:
    """Write what was made; a picture takes its graph and its manifest along."""
    from cli.results import save
    from engine.manifest import manifest
    from graphs.png import SIGNATURE, embed

    whole = cache(lambda: manifest(made, graph, order.settings.facts()))

    def finish(data: bytes, output: str, digest: str) -> bytes:
        if not data.startswith(SIGNATURE):
            return data
        return embed(data, graph, {**whole(), "output": output, "value": digest})

    return save(result.outputs, order.out, finish)


def code_of(result: Result) -> int:
    """2 where other input would mend every failure, 1 where a node broke."""
    if result.status == "done":
        return 0
    return 2 if all(failure.blame == "input" for failure in result.failures) else 1


def reporter_of(stdout: TextIO, *, json: bool, quiet: bool) -> AbstractContextManager[Reporter]:
    """Give who is told of a run: as JSON lines, or a person."""
    if json:
        from cli.json_lines import JsonLines

        return nullcontext(JsonLines(stdout))
    from cli.terminal import terminal

    return terminal(stdout, quiet=quiet)
