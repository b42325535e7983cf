"""Ask a server for its health again and again from a process of its own, and keep how long it took."""

import http.client
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

PAUSE = 0.01  # seconds between two questions


@dataclass(frozen=True, slots=True)
class Watcher:
    """What was seen: `took` is in seconds, and `wrong` what was no good answer."""

    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def p99(self) -> float:
        return sorted(self.took)[int(len(self.took) * 0.99)]


@contextmanager
def watched(port: int) -> Iterator[Watcher]:
    """Watch the health of a server until the block ends; what was seen is there afterwards."""
    seen = Watcher()
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_ask, args=(port, there))
    process.start()
    assert here.recv() == "ready"
    try:
        yield seen
    finally:
        here.send("over")
        took, wrong = here.recv()
        seen.took.extend(took)
        seen.wrong.extend(wrong)
        process.join()


def _ask(port: int, there: Connection) -> None:
    """Ask until it is over: sending large bodies in the same process would count as slowness of the server."""
    took: list[float] = []
    wrong: list[str] = []
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    there.send("ready")
    while not there.poll(PAUSE):
        began = time.monotonic()
        try:
            line.request("GET", "/health")
            answer = line.getresponse()
            if (said := answer.read()) != b'{"status":"ok"}':
                wrong.append(f"{answer.status} {said[:100]!r}")
        except (OSError, http.client.HTTPException) as error:
            wrong.append(repr(error))
            line.close()
        took.append(time.monotonic() - began)
    line.close()
    there.send((took, wrong))
