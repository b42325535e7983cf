"""What the tests of `engine/` do in processes of their own, to kill them or to run them at the same time.

python -m tests.engine.processes TASK FOLDER [ARGUMENT]
"""

import functools
import json
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine import Blob, Cache, CacheError, Missing, Stored
from engine.action import Action
from engine.digest import digest_of, digest_of_json
from engine.disk import SMALL, DiskTier
from engine.events import Event
from graphs import Graph
from tests.engine.toys import bench

ROOT = Path(__file__).parents[2]
DEAR = 0.05  # seconds, enough for a value to be kept and for an action to be committed at once


def command(task: str, folder: Path, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "tests.engine.processes", task, str(folder), *map(str, arguments)]


def start(
    task: str, folder: Path, *arguments: object, prefix: Sequence[str] = (), **options: Any
) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*prefix, *command(task, folder, *arguments)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def finish(process: "subprocess.Popen[str]") -> list[Any]:
    """Wait for a process to end well, and give what it printed, a JSON value on each line."""
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return [json.loads(line) for line in output.splitlines()]


def stored(seed: int, size: int) -> Stored:
    """Make a value of this size that its seed names."""
    return Stored("Bytes", None, {"data": Blob("U8", (size,), bytes((seed + at) % 256 for at in range(size)))})


def entry(seed: int, size: int) -> tuple[str, Action, str, Stored]:
    """Make an action with one value: key, action, digest, value."""
    value = stored(seed, size)
    digest = digest_of(value)
    return digest_of_json(["entry", seed, size]), Action("Entry", {"data": digest}, "{}", DEAR), digest, value


def write(folder: Path, first: int) -> None:
    """Write entries for ever, printing each that was committed."""
    disk = DiskTier(folder, budget=10**12)
    print(json.dumps("open"), flush=True)
    for seed in range(first, first + 10**9):
        size = 100 if seed % 2 else SMALL + 1 + seed % 5_000
        key, action, digest, value = entry(seed, size)
        disk.put(digest, value, seconds=DEAR, summary=None)
        disk.record(key, action)
        print(json.dumps([seed, size]), flush=True)


def share(folder: Path, count: int) -> None:
    """Have processes open a new folder at the same moment, and write entries of their own and entries of all."""
    wait, go = os.pipe()
    children = [_fork(functools.partial(_share, folder, 10 * at, wait, go)) for at in range(count)]
    os.close(go)
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]))


def _share(folder: Path, first: int, wait: int, go: int) -> None:
    os.close(go)
    os.read(wait, 1)
    disk = DiskTier(folder, budget=10**9)
    for seed in [*range(first, first + 10), *range(1_000, 1_010)]:
        key, action, digest, value = entry(seed, 100 if seed % 2 else SMALL + 100)
        disk.put(digest, value, seconds=DEAR, summary=None)
        disk.record(key, action)
        assert disk.get(digest) == value
    disk.close()


def crowd(folder: Path, rounds: int) -> None:
    """Have twelve processes do nothing but open a new folder at the same moment, again and again."""
    import numpy  # noqa: F401 - which every process needs

    codes = set()
    for at in range(rounds):
        wait, go = os.pipe()
        children = [_fork(functools.partial(_open, folder / str(at), wait, go)) for _ in range(12)]
        os.close(go)
        codes |= {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children}
        os.close(wait)
    print(json.dumps(sorted(codes)))


def _open(folder: Path, wait: int, go: int) -> None:
    os.close(go)
    os.read(wait, 1)
    DiskTier(folder, budget=10**9).close()


def kill_writers(folder: Path, times: int) -> None:
    """Kill writers at some moment, one after another, and print what each had committed."""
    import numpy  # noqa: F401 - which every writer needs

    chance = random.Random(times)
    for at in range(times):
        reader, writer = os.pipe()
        child = _fork(functools.partial(_write_to, folder, at * 1_000_000, writer))
        os.close(writer)
        with open(reader) as lines:
            assert lines.readline() == '"open"\n'
            time.sleep(chance.random() * 0.1)
            os.kill(child, signal.SIGKILL)
            print(json.dumps([json.loads(line) for line in lines if line.endswith("]\n")]))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def _write_to(folder: Path, first: int, to: int) -> None:
    os.dup2(to, 1)
    write(folder, first)


def _fork(work: Callable[[], None]) -> int:
    """Start a process that has everything imported already."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def hold(folder: Path, digest: str) -> None:
    """Read a value in a run that goes on for as long as this process lives."""
    disk = DiskTier(folder, budget=10**9)
    with disk.running():
        disk.get(digest)
        disk.flush()
        print(json.dumps("pinned"), flush=True)
        time.sleep(60)


def use(folder: Path, user: int) -> None:
    """Use a cache folder that may be unusable as some user, and print what a person is told."""
    import numpy  # noqa: F401 - its files cannot be read by everybody

    if user != os.getuid():
        os.setgid(user)
        os.setuid(user)
    try:
        cache = Cache(folder)
        key, action, _, value = entry(1, SMALL + 100)
        assert cache.disk is not None
        cache.disk.put(digest_of(value), value, seconds=DEAR, summary=None)
        cache.record(key, action)
        cache.close()
    except CacheError as error:
        print(json.dumps(["CacheError", error.message, error.hint]))
    else:
        print(json.dumps(["used"]))


def fill(folder: Path) -> None:
    """Mount a small file system, fill it through a cache, and print how that went."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", str(folder)], check=True)
    disk = DiskTier(folder, budget=10**9)
    kept = []
    told = None
    for seed in range(1_000):
        key, action, digest, value = entry(seed, 100 if seed % 2 else 20_000)
        try:
            disk.put(digest, value, seconds=DEAR, summary=None)
            disk.record(key, action)
        except CacheError as error:
            told = [error.message, error.hint]
            break
        kept.append((key, action, digest, value))
    partial = [path.name for path in folder.rglob("*.*-*") if path.is_file() and "sqlite" not in path.name]
    del disk
    again = DiskTier(folder, budget=10**9)
    whole = [again.action(key) == action and again.get(digest) == value for key, action, digest, value in kept]
    later = again.evict(down_to=100_000)
    key, action, digest, value = entry(5_000, 20_000)
    again.put(digest, value, seconds=DEAR, summary=None)
    again.record(key, action)
    print(
        json.dumps(
            {
                "kept": len(kept),
                "whole": sum(whole),
                "told": told,
                "partial": partial,
                "freed": later > 0,
                "usable": again.get(digest) == value,
            }
        )
    )


def fill_by_running(folder: Path) -> None:
    """Run a graph whose values do not fit on a small file system."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", str(folder)], check=True)
    tools = bench()
    nodes = {f"b{at}": {"type": "Blob", "params": {"seed": at, "size": 200_000, "seconds": 0.03}} for at in range(10)}
    events: list[Event] = []
    try:
        tools.engine(cache=Cache(folder)).run(
            Graph.load({"format": "promptograph/1", "nodes": nodes}), on_event=events.append
        )
    except CacheError as error:
        print(json.dumps({"told": [error.message, error.hint], "last": asdict(events[-1]).get("status")}))


def run(folder: Path, path: Path) -> None:
    """Run a document, printing each event's type and node, and then how it ended."""
    tools = bench()
    engine = tools.engine(cache=Cache(folder))
    graph = Graph.load(path)

    def tell(event: Event) -> None:
        print(json.dumps([event.type, getattr(event, "node", None)]), flush=True)

    result = engine.run(graph, on_event=tell)
    outputs = {name: value for name, value in result.outputs.items() if isinstance(value, int)}
    engine.close()
    print(json.dumps({"status": result.status, "outputs": outputs, "counts": tools.tally.counts}))


def readable(disk: DiskTier, digest: str) -> Stored | None:
    try:
        return disk.get(digest)
    except Missing:
        return None


def main() -> None:
    task, folder, *rest = sys.argv[1:]
    match task, rest:
        case "write", [first]:
            write(Path(folder), int(first))
        case "share", [count]:
            share(Path(folder), int(count))
        case "crowd", [rounds]:
            crowd(Path(folder), int(rounds))
        case "hold", [digest]:
            hold(Path(folder), digest)
        case "use", [user]:
            use(Path(folder), int(user))
        case "kill-writers", [times]:
            kill_writers(Path(folder), int(times))
        case "fill", []:
            fill(Path(folder))
        case "fill-by-running", []:
            fill_by_running(Path(folder))
        case "run", [path]:
            run(Path(folder), Path(path))
        case _:
            sys.exit(f"no such task: {task}")


if __name__ == "__main__":
    main()
