"""Draw how a run goes on a terminal: a bar for the run and one for each node at work."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from cli.report import Ending, Reporter
from engine import events


@contextmanager
def bars(plain: Reporter) -> Iterator[Reporter]:
    """Draw on stderr while a run goes on; `plain` says what stays."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        yield Bars(plain, progress)


class Bars:
    """Draws a bar for the run and one for each node that tells its steps, with rate and time left."""

    def __init__(self, plain: Reporter, progress: Progress) -> None:
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
