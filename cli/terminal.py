"""Report a run to a person: output paths on stdout; progress, failures and a summary on stderr."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from cli.faults import TRACE
from cli.report import Ending
from engine import events


class Plain:
    """Says what failed and how it ended; nothing moves."""

    def __init__(self, stdout: TextIO, *, quiet: bool) -> None:
        self._stdout = stdout
        self._quiet = quiet

    def event(self, event: events.Event) -> None:
        if isinstance(event, events.NodeFailed):
            print(f"error: {_failure(event)}", file=sys.stderr, flush=True)

    def end(self, ending: Ending) -> None:
        for saved in ending.outputs.values():
            for path in saved.paths:
                print(path, file=self._stdout, flush=True)
        if not self._quiet:
            print(ending.summary(), file=sys.stderr, flush=True)


class Bars:
    """Draws a bar for the run and one for each node that tells its steps, with rate and time left."""

    def __init__(self, plain: Plain, progress: Progress) -> None:
        self._plain = plain
        self._progress = progress
        self._whole: TaskID | None = None
        self._nodes: dict[str, TaskID] = {}

    def event(self, event: events.Event) -> None:
        match event:
            case events.RunStarted():
                self._whole = self._progress.add_task("nodes", total=event.nodes, pace="")
            case events.NodeStarted():
                self._nodes[event.node] = self._progress.add_task(event.node, total=event.items, pace="")
            case events.Progress():
                self._show(event)
            case events.NodeFinished() | events.NodeCached() | events.NodeFailed() | events.NodeBlocked():
                self._settle(event.node)
            case events.RunFinished():
                self._progress.stop()
            case events.ItemFinished() if event.node in self._nodes:
                self._progress.advance(self._nodes[event.node])
            case _:
                pass
        self._plain.event(event)

    def end(self, ending: Ending) -> None:
        self._plain.end(ending)

    def _show(self, event: events.Progress) -> None:
        rate = f"{event.rate:.1f} steps/s" if event.rate else ""
        left = f", {event.left:.0f} s left" if event.left is not None else ""
        task = self._nodes.get(event.node)
        if task is not None and event.item is None:
            self._progress.update(task, completed=event.step, total=event.total, pace=rate + left)

    def _settle(self, node: str) -> None:
        if (task := self._nodes.pop(node, None)) is not None:
            self._progress.remove_task(task)
        if self._whole is not None:
            self._progress.advance(self._whole)


@contextmanager
def terminal(stdout: TextIO, *, quiet: bool) -> Iterator[Plain | Bars]:
    """Report with bars where stderr is a terminal, else plainly."""
    plain = Plain(stdout, quiet=quiet)
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield plain
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        yield Bars(plain, progress)


def _failure(event: events.NodeFailed) -> str:
    place = event.node if event.item is None else f"{event.node}[{event.item}]"
    text = " ".join(event.message.split())
    if event.blame == "input":
        return f"{place}: {text}"
    return (
        f"{place}: {text}\n{event.trace}"
        if os.environ.get("PROMPTOGRAPH_TRACE") == "1"
        else f"{place}: {text}; {TRACE}"
    )
