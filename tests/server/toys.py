"""Node types for the tests of the server: slow, deaf, deadly, hungry and talkative ones, and such that count calls.

A node writes down its calls in the file that its param `log` names, one line for each, so that they can be counted
across processes that are killed.
"""

import ctypes
import os
import random
import re
import signal
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from engine import Blob, Files, Run, Stored, ValueType, Widget, catalog, node


@dataclass(frozen=True)
class Bytes:
    """A value with a tensor: as many bytes as wanted."""

    data: bytes


BYTES = ValueType(
    "Bytes",
    Bytes,
    encode=lambda value: Stored("Bytes", None, {"data": Blob("U8", (len(value.data),), value.data)}),
    decode=lambda stored: Bytes(bytes(stored.tensors["data"].data)),
    size=lambda value: len(value.data),
)
ModelName = Annotated[str, Widget("model", {"maxLength": 300})]


def note(log: str, line: str) -> None:
    """Add a line to a file, whole and at once."""
    if log:
        file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, f"{line}\n".encode())
        os.close(file)


def calls(log: Path) -> list[str]:
    """Give the lines that nodes have written."""
    return log.read_text().splitlines() if log.exists() else []


@node()
def number(value: int = 0) -> int:
    """Give a number."""
    return value


@node()
def step(a: int = 0, log: str = "", seconds: float = 0.03, name: str = "") -> int:
    """Count up, write it down, and take a while."""
    note(log, name or str(a))
    time.sleep(seconds)
    return a + 1


@node()
def total(numbers: list[int]) -> int:
    """Sum numbers."""
    return sum(numbers)


@node()
def numbers(count: int = 3) -> list[int]:
    """Count up from nothing."""
    return list(range(count))


@node()
def blob(seed: int = 0, size: int = 20_000, seconds: float = 0.03, log: str = "") -> Bytes:
    """Make bytes, taking a while."""
    note(log, f"blob {seed}")
    time.sleep(seconds)
    return Bytes(random.Random(seed).randbytes(size))


@node()
def mixed(a: Bytes, b: Bytes, seconds: float = 0.03, log: str = "") -> Bytes:
    """Mix bytes with others."""
    note(log, "mixed")
    time.sleep(seconds)
    return Bytes(bytes(left ^ right for left, right in zip(a.data, b.data, strict=False)))


@node()
def fail(a: int = 0) -> int:
    """Fail always."""
    raise ValueError("this node fails always")


@node()
def die(way: str = "segfault", a: int = 0, log: str = "", after: float = 0.0) -> int:
    """End the process."""
    note(log, way)
    time.sleep(after)
    if way == "segfault":
        ctypes.string_at(0)
    if way == "exit":
        os._exit(a)
    signal.raise_signal(signal.Signals[way])
    time.sleep(60)
    return a


@node()
def fragile(a: int = 0, log: str = "", times: int = 1) -> int:
    """Be killed the first few times."""
    note(log, "fragile")
    if len(calls(Path(log))) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return a + 1


@node()
def eat(megabytes: int = 10_000, log: str = "", at_once: bool = False) -> int:
    """Take memory and touch it."""
    note(log, "eat")
    eaten = [bytearray(megabytes << 20)] if at_once else []
    for _ in range(megabytes // 16):
        note(log, "more")
        eaten.append(bytearray(os.urandom(1 << 20) * 16))
    return sum(map(len, eaten))


@node()
def deaf(seconds: float = 60.0, log: str = "", holding: bool = False) -> int:
    """Compute without ever asking whether to stop; `holding` lets no other thread of the process run."""
    note(log, "deaf")
    if holding:
        re.match(r"(a|a)+$", "a" * 40 + "b")
    time.sleep(seconds)
    return 1


@node(lane="gpu")
def patient(steps: int = 50, seconds: float = 0.02, log: str = "", a: int = 0, *, run: Run) -> int:
    """Take steps, asking between them, and save the state every few."""
    saved = run.saved()
    first = struct.unpack("<q", bytes(saved["step"].data))[0] if saved else 0
    for at in range(first, steps):
        note(log, f"step {at}")
        time.sleep(seconds)
        run.progress(at + 1, steps)
        if run.previews:
            run.preview(f"picture {at}".encode())
        if run.checkpoint_every and (at + 1) % run.checkpoint_every == 0:
            run.save({"step": Blob("I64", (1,), struct.pack("<q", at + 1))})
    return steps + a


@node()
def restless(steps: int = 100_000, *, run: Run) -> int:
    """Tell of progress and show pictures as often as it can."""
    for at in range(steps):
        run.progress(at + 1, steps)
        run.preview(bytes(10_000))
    return steps


@node()
def shout(lines: int = 3, text: str = "hello", log: str = "") -> int:
    """Print, and write to the error stream without Python knowing."""
    for at in range(lines):
        print(f"{text} {at}")
    os.write(2, f"{text} from below\n".encode())
    print("and to stderr", file=sys.stderr, flush=True)
    return lines


@node()
def parent(log: str = "", seconds: float = 60.0) -> int:
    """Start another process, and wait."""
    child = subprocess.Popen(["sleep", "60"])
    note(log, str(child.pid))
    time.sleep(seconds)
    return child.pid


@node()
def stray(log: str = "") -> int:
    """Leave a process behind that has everything open that this one has, and be killed."""
    if (child := os.fork()) == 0:
        os.setsid()
        time.sleep(4)
        os._exit(0)
    note(log, str(child))
    os.kill(os.getpid(), signal.SIGKILL)
    return child


@node(pure=False)
def surroundings() -> str:
    """Tell what the process is like: environment, limits, threads, where it stands."""
    import json
    import resource

    found = {
        "environment": dict(os.environ),
        "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
        "memory": resource.getrlimit(resource.RLIMIT_DATA)[0],
        "oom": int(Path("/proc/self/oom_score_adj").read_text()),
        "group": os.getpgid(0) == os.getpid(),
        "open": len(os.listdir("/proc/self/fd")),
        "torch": "torch" in sys.modules,
        "warm": os.environ.get("WARMED", ""),
        "mask": os.umask(0o077),
    }
    return json.dumps(found)


@node()
def model(source: ModelName = "one", a: int = 0, log: str = "") -> str:
    """Name a model, as nodes do that load one."""
    note(log, f"{source} {os.getpid()}")
    return source


@node()
def odd(kind: str = "surrogate", *, run: Run) -> float:
    """Say what has no place in JSON."""
    if kind == "surrogate":
        raise ValueError("half a \ud83d character")
    run.progress(float("inf"), float("nan"))  # type: ignore[arg-type]
    return 1.0


def _asset(asset: str, files: Files) -> list[Path]:
    return [files.asset(asset)]


@node(reads=_asset)
def asset_size(asset: str, *, run: Run) -> int:
    """Count the bytes of an asset."""
    return run.asset(asset).stat().st_size


CATALOG = catalog(
    [
        number, step, total, numbers, blob, mixed, fail, die, fragile, eat, deaf, patient, restless, shout, parent,
        stray, surroundings, model, odd, asset_size,
    ],
    values=[BYTES],
)  # fmt: skip
