"""Measure a server that has much to remember: python -m benchmarks.server

A real server with 10,000 runs that wait and 100,000 that have ended: how soon it is ready, what submitting one more
costs, and how much memory it takes; beside a bare FastAPI route that does one synced SQLite commit. With --check it
fails if a promise of the project is broken. Where others use the machine, processor time is judged.
"""

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.clock import busy, load
from benchmarks.full_house import fill
from benchmarks.tables import ratio, table
from tests.server.served import Served, clean_environment, serving

WAITING, ENDED = 10_000, 100_000
READY, SUBMIT, MEMORY = 3.0, 0.020, 150.0  # seconds, seconds, megabytes
GRAPH: Mapping[str, Any] = {
    "format": "promptograph/1",
    "name": "Count",
    "nodes": {"count": {"type": "Step", "version": 1, "params": {"seconds": 0.0}}},
    "inputs": {"a": {"to": ["count.a"]}},
    "outputs": {"sum": "count.number"},
}
_RUNS = "/api/v1/runs"
_ROUND = 100  # requests


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found, in seconds and megabytes; of each round of requests its times, in order."""

    waiting: int
    ended: int
    busy: bool
    ready: float
    ready_cpu: float
    idle: float
    used: float
    submits: Sequence[Sequence[float]]
    submit_cpu: float
    bare: Sequence[Sequence[float]]


def main() -> None:
    """Measure, print, and check if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the runs")
    parser.add_argument("--check", action="store_true", help="fail if a promise is broken")
    asked = parser.parse_args()
    part = 10 if asked.quick else 1
    with tempfile.TemporaryDirectory() as folder:
        found = measured(
            Path(folder), waiting=WAITING // part, ended=ENDED // part, rounds=10 // (2 if part > 1 else 1)
        )
    print(report(found))
    missed = misses(found) if asked.check else []
    for sentence in missed:
        print(f"missed: {sentence}", file=sys.stderr)
    sys.exit(bool(missed))


def measured(folder: Path, *, waiting: int, ended: int, rounds: int) -> Measured:
    """Fill a server, start it again, and ask it and the bare one by turns."""
    was_busy = busy()
    fill(folder / "server" / "data", dict(GRAPH), waiting=waiting, ended=ended)
    with serving(folder / "server"):
        pass  # the first start of all writes the token and the catalog
    starts = [_start(folder / "server") for _ in range(2)]
    with serving(folder / "server") as server, _bare(folder) as bare:
        starts.append((server.seconds, server.computed))
        ours = _Asking(server.port, server.token)
        _settle(server)
        idle = _memory(server.process.pid)
        submits, others, cpu = [], [], 0.0
        for _ in range(rounds):  # by turns, so that a machine that slows down slows both
            before = _processor(server.process.pid)
            submits.append(sorted(ours.submit() for _ in range(_ROUND)))
            cpu += _processor(server.process.pid) - before
            others.append(sorted(bare.submit() for _ in range(_ROUND)))
        _look_through(ours)
        used = _memory(server.process.pid)
        ours.close()
    return Measured(
        waiting=waiting,
        ended=ended,
        busy=was_busy or busy(),
        ready=min(wall for wall, _ in starts),
        ready_cpu=min(computed for _, computed in starts),
        idle=idle,
        used=used,
        submits=submits,
        submit_cpu=cpu / rounds / _ROUND,
        bare=others,
    )


def report(found: Measured) -> str:
    """Write the table."""
    ours, bare = found.submits, found.bare
    rows = [
        ("ready after the start of the process", f"{found.ready:.2f} s", f"{found.ready_cpu:.2f} s", ""),
        *(
            (
                f"submit, {name}",
                f"{_least(ours, part) * 1000:.1f} ms",
                "",
                ratio(_least(ours, part), _least(bare, part)),
            )
            for name, part in (("half", 0.5), ("99 of 100, best round", 0.99))
        ),
        (
            "submit, 99 of 100, over all rounds",
            f"{_all(ours, 0.99) * 1000:.1f} ms",
            "",
            ratio(_all(ours, 0.99), _all(bare, 0.99)),
        ),
        ("submit, processor, server and its processes", "", f"{found.submit_cpu * 1000:.1f} ms", ""),
        ("memory of the server, at rest", f"{found.idle:.0f} MB", "", ""),
        ("memory of the server, after all was asked", f"{found.used:.0f} MB", "", ""),
    ]
    bare_ms = f"{_least(bare, 0.5) * 1000:.1f} ms by half, {_least(bare, 0.99) * 1000:.1f} ms by 99 of 100"
    return "\n\n".join(
        [
            f"`python -m benchmarks.server`, {load()}; {found.waiting:,} runs wait, {found.ended:,} have ended:",
            table(("", "wall", "processor", "to a bare FastAPI route"), rows),
            f"The bare route with one synced SQLite commit takes {bare_ms} (best round).",
        ]
    )


def misses(found: Measured) -> Sequence[str]:
    """Name the promises that are broken."""
    ready = found.ready_cpu if found.busy else found.ready
    submit = min(_least(found.submits, 0.99), found.submit_cpu if found.busy else float("inf"))
    late = []
    if ready > READY:
        late.append(f"ready after {ready:.2f} s, the promise is {READY:g} s")
    if submit > SUBMIT:
        late.append(f"submitting takes {submit * 1000:.1f} ms, the promise is {SUBMIT * 1000:g} ms")
    if found.used > MEMORY:
        late.append(f"the server takes {found.used:.0f} MB, the promise is {MEMORY:g} MB")
    return late


class _Asking:
    """One connection that is kept, with little of its own in the way."""

    def __init__(self, port: int, token: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        self._count = 0

    def submit(self) -> float:
        """Submit a run, and give how many seconds it took."""
        self._count += 1
        body = json.dumps({"graph": GRAPH, "inputs": {"a": self._count}}).encode()
        began = time.perf_counter()
        status, _ = self.ask("POST", _RUNS, body)
        seconds = time.perf_counter() - began
        assert status == 201, status
        return seconds

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, Any]:
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())

    def close(self) -> None:
        self._connection.close()


def _start(folder: Path) -> tuple[float, float]:
    with serving(folder) as server:
        return server.seconds, server.computed


def _settle(server: Served) -> None:
    """Wait until the clerks are there, and the worker."""
    asking = _Asking(server.port, server.token)
    for _ in range(20):
        asking.submit()
    asking.close()


def _look_through(asking: _Asking) -> None:
    """Ask for long lists, as pages do."""
    for status in ("queued", "done"):
        path = f"{_RUNS}?limit=200&status={status}"
        for _ in range(20):
            code, page = asking.ask("GET", path)
            assert code == 200, page
            if page["next"] is None:
                break
            path = f"{_RUNS}?limit=200&status={status}&before={page['next']}"
    assert asking.ask("GET", "/api/v1/queue")[0] == 200


def _least(rounds: Sequence[Sequence[float]], part: float) -> float:
    return min(_at(each, part) for each in rounds)


def _all(rounds: Sequence[Sequence[float]], part: float) -> float:
    return _at(sorted(seconds for each in rounds for seconds in each), part)


def _at(ordered: Sequence[float], part: float) -> float:
    return ordered[int(len(ordered) * part) - 1]


def _memory(pid: int) -> float:
    """Give the megabytes that a process has in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _processor(pid: int) -> float:
    """Give the seconds that a process and all processes below it have computed for."""
    clocks = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            clocks[int(folder.name)] = (int(fields[1]), int(fields[11]) + int(fields[12]))
    below, total = [pid], 0
    while below:
        each = below.pop()
        total += clocks[each][1]
        below += [child for child, (parent, _) in clocks.items() if parent == each]
    return total / os.sysconf("SC_CLK_TCK")


@contextmanager
def _bare(folder: Path) -> Iterator[_Asking]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.bare", str(folder / "bare.sqlite"), str(port)]
    process = subprocess.Popen(command, env=clean_environment(folder))
    try:
        deadline = time.monotonic() + 30
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            assert time.monotonic() < deadline, "the bare server does not start"
            time.sleep(0.05)
        asking = _Asking(port)
        asking.submit()
        yield asking
        asking.close()
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
