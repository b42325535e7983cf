"""Run `promptograph serve` as a real process with folders of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
TOYS = "tests.server.toys:CATALOG"
_ADDRESS = re.compile(r"(http://[^/]+)/(?:#token=(\S+))?")


@dataclass(frozen=True)
class Served:
    """A server that answers; `log` is what it wrote to stderr."""

    url: str
    token: str
    folder: Path
    process: "subprocess.Popen[str]"
    seconds: float  # from the start of the process until the address was printed,
    computed: float  # and how many of these it computed

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def client(self, **headers: str) -> httpx.Client:
        """Give a client that has the token."""
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {self.token}", **headers}, timeout=30, verify=False
        )

    def stranger(self, **headers: str) -> httpx.Client:
        """Give a client without the token."""
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, verify=False)

    def stop(self, sign: int = signal.SIGTERM) -> int:
        """End the server and give its exit code."""
        self.process.send_signal(sign)
        return self.process.wait(20)


@contextmanager
def serving(
    folder: Path,
    *flags: str,
    catalog: str = TOYS,
    environment: Mapping[str, str] | None = None,
    before: Sequence[str] = (),
) -> Iterator[Served]:
    """Serve from a folder, which may have been served from before, until the block ends.

    `before` goes before the command and becomes it, as `setpriv` does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(
            [*before, *command(folder, "--port", "0", "--catalog", catalog, *flags)],
            cwd=folder,
            env=clean_environment(folder) | dict(environment or {}),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        seconds = time.monotonic() - began
        computed = _computed(process.pid) if said else 0.0
        address = _ADDRESS.match(said)
        assert address, f"the server did not start: {(folder / 'log').read_text()[-3000:]}"
        token = address[2] or _chosen(flags, environment or {})
        yield Served(address[1], token, folder, process, seconds, computed)
    finally:
        _end(process)


def command(folder: Path, *flags: str) -> list[str]:
    """Give the command line of a server in a folder."""
    here = ("--data", str(folder / "data"), "--cache", str(folder / "cache"))
    return [sys.executable, "-m", "cli", "serve", *here, *flags]


def clean_environment(folder: Path) -> dict[str, str]:
    """Give an environment in which nothing of the user's is read or written."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PROMPTOGRAPH_")}
    homes = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("DATA", "CACHE", "CONFIG", "STATE")}
    return {**kept, **homes, "PYTHONPATH": str(ROOT), "PROMPTOGRAPH_DEVICE": "cpu", "COLUMNS": "200"}


def _computed(pid: int) -> float:
    """Give the seconds that a process has computed so far, without its children."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _chosen(flags: tuple[str, ...], environment: Mapping[str, str]) -> str:
    if "--token" in flags:
        return flags[flags.index("--token") + 1]
    if "--token-file" in flags:
        return Path(flags[flags.index("--token-file") + 1]).read_text().strip()
    return environment.get("PROMPTOGRAPH_TOKEN", "")


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()
