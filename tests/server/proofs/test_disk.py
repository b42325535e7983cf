"""A disk that is full, or a folder that cannot be written: refused politely, reads go on, writes come back."""

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.http.orders import graph, submitted
from tests.server.http.shape import refused
from tests.server.proofs.load import ASSETS, GRAPHS, RUNS, picture
from tests.server.served import Served, clean_environment, command, serving
from tests.small_disk import on_a_small_disk

MEGABYTE = 2**20
NO_RESERVE = {"PROMPTOGRAPH_DISK_RESERVE": "0"}
UNPRIVILEGED = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


@contextmanager
def on_a_disk(folder: Path, *, size: int, environment: dict[str, str]) -> Iterator[tuple[Served, Path]]:
    """Serve with data and cache on a small disk of its own; give that disk as it is seen from here."""
    disk = folder / "disk"
    flags = ("--data", str(disk / "data"), "--cache", str(disk / "cache"))
    before = on_a_small_disk(disk, size=size)
    with serving(folder, *flags, environment=environment, before=before) as server:
        yield server, Path(f"/proc/{server.process.pid}/root{disk}")


def fill_up(disk: Path, *, leave: int = 0) -> None:
    """Take all room that there is, but some."""
    free = os.statvfs(disk)
    with open(disk / "ballast", "wb", buffering=0) as ballast:
        try:
            for _ in range((free.f_bavail * free.f_frsize - leave) // 4096):
                ballast.write(bytes(4096))
        except OSError:
            pass


def saved(client: httpx.Client, text: str = "") -> httpx.Response:
    """Save a graph; with a text it takes room."""
    document = graph({"count": {"type": "Step", "params": {"name": text}}})
    return client.post(GRAPHS, json={"document": document})


def look(client: httpx.Client, kept: dict[str, Any], run: dict[str, Any], asset: tuple[str, bytes]) -> None:
    """See that everything can be read."""
    assert client.get(f"{GRAPHS}/{kept['id']}").json() == kept
    assert client.get(f"{RUNS}/{run['id']}").json() == run
    assert len(client.get(f"{RUNS}/{run['id']}/events").json()["events"]) == run["last"] + 1
    assert client.get(f"{ASSETS}/{asset[0]}").content == asset[1]
    assert client.get("/health").status_code == 200
    assert client.get("/metrics").status_code == 200


def threads(server: Served) -> set[str]:
    """Name the threads that a server cannot do without."""
    found = {(task / "comm").read_text().strip() for task in Path(f"/proc/{server.process.pid}/task").iterdir()}
    return {name for name in found if name.startswith(("database", "asyncio"))}


def brought(client: httpx.Client) -> tuple[str, bytes]:
    content = picture()
    return client.post(ASSETS, content=content).json()["digest"], content


def test_on_a_full_disk_writes_are_refused_reads_go_on_and_writes_come_back(tmp_path: Path) -> None:
    with on_a_disk(tmp_path, size=24 * MEGABYTE, environment=NO_RESERVE) as (server, disk), server.client() as client:
        kept, asset = saved(client).json(), brought(client)
        run = submitted(client, wait=30, inputs={"a": 1})
        assert run["status"] == "done"
        before = threads(server)
        fill_up(disk)
        refusals = [answer for _ in range(20) if (answer := saved(client, os.urandom(30_000).hex())).is_error]
        assert refusals, "the disk is not full"
        refusals += [client.post(ASSETS, content=picture() + bytes(100_000)) for _ in range(3)]
        for answer in refusals:
            assert refused(answer) == (507, "disk_full")
            assert int(answer.headers["retry-after"]) > 0
        look(client, kept, run, asset)
        pids = _runs_with_nothing_left(client)
        (disk / "ballast").unlink()
        assert saved(client, os.urandom(30_000).hex()).status_code == 201
        assert brought(client)[0]
        assert submitted(client, wait=30, inputs={"a": 2})["status"] == "done"
        assert all(
            client.get(f"{RUNS}/{id}", params={"wait": 30}).json()["status"] in ("done", "failed") for id in pids
        )
        look(client, kept, run, asset)
        assert threads(server) >= before
        assert "Traceback" not in server.log, server.log[-3000:]


def _runs_with_nothing_left(client: httpx.Client) -> list[str]:
    """Submit runs whose values nobody can keep; those that were taken must end some time."""
    document = graph({"blob": {"type": "Blob", "params": {"size": 3 * MEGABYTE}}}, inputs={"s": {"to": ["blob.seed"]}})
    answers = [client.post(RUNS, json={"graph": document, "inputs": {"s": seed}}) for seed in range(3)]
    assert {answer.status_code for answer in answers} <= {201, 507}
    return [answer.json()["id"] for answer in answers if answer.status_code == 201]


def test_the_reserve_of_a_disk_holds_runs_and_files_back_but_no_edits(tmp_path: Path) -> None:
    reserve = {"PROMPTOGRAPH_DISK_RESERVE": str(8 * MEGABYTE)}
    with on_a_disk(tmp_path, size=24 * MEGABYTE, environment=reserve) as (server, disk), server.client() as client:
        assert submitted(client, wait=30, inputs={"a": 1})["status"] == "done"
        fill_up(disk, leave=4 * MEGABYTE)
        assert refused(client.post(ASSETS, content=picture())) == (507, "disk_full")
        waiting = submitted(client, wait=0.5, inputs={"a": 2})
        assert waiting["status"] == "queued"
        assert saved(client).status_code == 201
        (disk / "ballast").unlink()
        assert client.get(f"{RUNS}/{waiting['id']}", params={"wait": 30}).json()["status"] == "done"


@pytest.fixture
def unprivileged() -> tuple[str, ...]:
    """Give what goes before a command so that folders can be read-only to it."""
    if os.getuid() != 0:
        return ()
    if subprocess.run([*UNPRIVILEGED, "true"], capture_output=True).returncode:
        pytest.skip("NOT RUN: root may write everywhere, and setpriv (util-linux) is missing")
    return UNPRIVILEGED


def test_in_a_read_only_folder_reads_go_on_and_writes_come_back(tmp_path: Path, unprivileged: tuple[str, ...]) -> None:
    with serving(tmp_path, before=unprivileged) as server, server.client() as client:
        kept, asset = saved(client).json(), brought(client)
        run = submitted(client, wait=30, inputs={"a": 1})
        folders = [server.data, *(path for path in server.data.rglob("*") if path.is_dir())]
        for folder in folders:
            folder.chmod(0o500)
        answer = client.post(ASSETS, content=picture())
        assert refused(answer) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) > 0
        look(client, kept, run, asset)
        for folder in folders:
            folder.chmod(0o700)
        assert brought(client)[0]
        assert submitted(client, wait=30, inputs={"a": 2})["status"] == "done"


def test_a_server_whose_folder_cannot_be_written_does_not_start_and_says_why(
    tmp_path: Path, unprivileged: tuple[str, ...]
) -> None:
    with serving(tmp_path, before=unprivileged) as server:
        data = server.data
    data.chmod(0o500)
    (data / "promptograph.sqlite").chmod(0o400)
    full = [*unprivileged, *command(tmp_path, "--port", "0")]
    ended = subprocess.run(full, cwd=tmp_path, env=clean_environment(tmp_path), capture_output=True, text=True)
    data.chmod(0o700)
    assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.strip()


def test_many_writers_on_a_full_disk_all_get_an_answer(tmp_path: Path) -> None:
    with on_a_disk(tmp_path, size=24 * MEGABYTE, environment=NO_RESERVE) as (server, disk), server.client() as client:
        assert saved(client).status_code == 201
        fill_up(disk)
        told: list[int] = []

        def write() -> None:
            with server.client() as writer:
                told.extend(saved(writer, os.urandom(30_000).hex()).status_code for _ in range(5))

        writers = [threading.Thread(target=write) for _ in range(8)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert len(told) == 40
        assert set(told) <= {201, 507}
        there = client.get(GRAPHS, params={"limit": 200}).json()["graphs"]
        assert len(there) == 1 + told.count(201)
