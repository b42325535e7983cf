"""Report a run to a person: output paths on stdout, failures and a summary on stderr."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from cli.faults import TRACE
from cli.report import Ending, Reporter
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
        if not self._quiet:
            print(ending.summary(), file=sys.stderr, flush=True)
        for saved in ending.outputs.values():
            for path in saved.paths:
                print(path, file=self._stdout, flush=True)


@contextmanager
def terminal(stdout: TextIO, *, quiet: bool) -> Iterator[Reporter]:
    """Report with bars where stderr is a terminal, else plainly."""
    plain = Plain(stdout, quiet=quiet)
    if quiet or not sys.stderr.isatty():
        yield plain
        return
    from cli.bars import bars

    with bars(plain) as reporter:
        yield reporter


def _failure(event: events.NodeFailed) -> str:
    place = event.node if event.item is None else f"{event.node}[{event.item}]"
    text = " ".join(event.message.split())
    if event.blame == "input" or not event.trace:  # a server keeps the trace
        return f"{place}: {text}"
    return (
        f"{place}: {text}\n{event.trace}"
        if os.environ.get("PROMPTOGRAPH_TRACE") == "1"
        else f"{place}: {text}; {TRACE}"
    )
