"""Start, tell, stop and kill a server process, from the side of a test."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

ROOT = Path(__file__).parents[3]


class Served:
    """A server process on a port that stays the same over restarts."""

    def __init__(self, folder: Path, **limits: float) -> None:
        self._folder = folder
        self._limits = limits
        self.port = _free_port()
        self.url = f"ws://127.0.0.1:{self.port}/api/v1/ws"
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=120, trust_env=False)
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop(signal.SIGKILL)
        self._http.close()
        log = self._log.read_text()
        assert kind is not None or not log, log  # it has nothing to say, least of all an exception

    def start(self) -> None:
        url = f"sqlite:///{self._folder / 'server.sqlite'}"
        arguments = [url, str(self.port), json.dumps(self._limits)]
        command = [sys.executable, "-W", "error", "-m", "tests.server.socket.serving", *arguments]
        with self._log.open("a") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=log)
        give_up = time.monotonic() + 30
        while True:
            try:
                self.tell("facts")
                return
            except httpx.TransportError:
                assert time.monotonic() < give_up
                assert self._process.poll() is None
                time.sleep(0.05)

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Send a signal and wait for the end; give the seconds it took."""
        begun = time.monotonic()
        self._process.send_signal(number)
        self._process.wait(timeout=30)
        return time.monotonic() - begun

    def tell(self, do: str, **words: object) -> Any:
        """Let the server do something, and give what it says."""
        answer = self._http.post("/control", json={"do": do, **words})
        answer.raise_for_status()
        return answer.json()

    def taken(self, *nodes: str) -> tuple[str, int]:
        """Submit a run that a worker takes at once; give its id and number."""
        run = self.tell("submit")
        self.tell("take", run=run["id"], nodes=list(nodes))
        return str(run["id"]), int(run["number"])


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
