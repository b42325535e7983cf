"""One server that is sent the whole table once, and what was seen meanwhile."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.hostile.documents import BOMBS
from tests.server.hostile.health import Watcher, watched
from tests.server.hostile.rows import OK_DOCUMENT, Fill
from tests.server.hostile.sending import Answer, answered
from tests.server.hostile.table import TABLE
from tests.server.hostile.texts import TEXTS
from tests.server.served import Served, serving

KEPT = ("/api/v1/graphs", "/api/v1/runs", "/api/v1/assets", "/api/v1/shares", "/api/v1/queue")


@dataclass(frozen=True, slots=True)
class Campaign:
    """What came of the table: the answer to each row by its name."""

    served: Served
    answers: dict[str, Answer]
    idle: Watcher
    busy: Watcher
    seconds: float
    grown: float  # megabytes
    before: list[Any]
    after: list[Any]
    ended: int | None  # the exit code of the server, if it has ended


@pytest.fixture(scope="session")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """Send the whole table to one server."""
    with serving(tmp_path_factory.mktemp("hostile")) as served, served.client() as client:
        fill = _filling(served, client)
        for row in (*TEXTS, *BOMBS):
            answered(served, row, fill)  # the room that the largest bodies take is kept for the next
        with watched(served.port) as idle:
            time.sleep(1.5)
        before, memory, began = kept(client), _megabytes(served), time.monotonic()
        with watched(served.port) as busy:
            answers = {row.name: answered(served, row, fill) for row in TABLE}
        seconds = time.monotonic() - began
        ended = served.process.poll()
        grown = 0.0 if ended is not None else _megabytes(served) - memory
        after = [] if ended is not None else kept(client)
        yield Campaign(served, answers, idle, busy, seconds, grown, before, after, ended)


def kept(client: httpx.Client) -> list[Any]:
    """Give all that a server keeps."""
    return [client.get(path).json() for path in KEPT]


def _filling(served: Served, client: httpx.Client) -> Fill:
    run = client.post("/api/v1/runs", params={"wait": 60}, json={"graph": OK_DOCUMENT}).json()
    assert run["status"] == "done", run
    graph = client.post("/api/v1/graphs", json={"document": OK_DOCUMENT}).json()
    axes = [{"values": {"a": [1]}}]
    sweep = client.post("/api/v1/sweeps", json={"graph": OK_DOCUMENT, "axes": axes}).json()
    while client.get(f"/api/v1/sweeps/{sweep['id']}").json()["counts"]["done"] < 1:
        time.sleep(0.05)
    there = {"run": run["id"], "graph": graph["id"], "sweep": sweep["id"], "port": served.port, "token": served.token}

    def fill(text: bytes) -> bytes:
        for name, value in there.items():
            text = text.replace(f"<{name}>".encode(), str(value).encode())
        return text

    return fill


def _megabytes(served: Served) -> float:
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def complaints(served: Served) -> list[str]:
    """Give what the server wrote to its log that is a fault of its own."""
    lines = (json.loads(line) if line.startswith("{") else {"level": "raw", "message": line}
             for line in served.log.splitlines())  # fmt: skip
    return [str(line)[:500] for line in lines if line["level"] not in ("debug", "info", "warning")]
