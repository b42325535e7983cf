"""What operators see: figures, the description of the interface, copies of what is kept; and how a server leaves."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

from server.app import interface
from server.limits import LIMITS
from server.openapi import FILE, describe, text
from tests.server.http.orders import graph, slow, submitted
from tests.server.http.shape import refused
from tests.server.served import ROOT, Served, clean_environment, serving


def figures(client: httpx.Client) -> dict[str, float]:
    """Give the figures of a server."""
    lines = client.get("/metrics").text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_the_description_in_the_repository_is_that_of_the_routes() -> None:
    assert FILE.read_text() == text(interface()), "run `python -m server.openapi`"


def test_the_description_is_the_same_in_every_process() -> None:
    code = "from server.app import interface; from server.openapi import text; print(text(interface()), end='')"
    for seed in ("1", "2"):
        environment = clean_environment(Path("/tmp")) | {"PYTHONHASHSEED": seed}
        said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)
        assert said.stdout == FILE.read_bytes()


def test_the_description_has_the_messages_of_the_websocket() -> None:
    schemas = describe(interface())["components"]["schemas"]
    unions = (schemas["FromClient"], schemas["FromServer"])
    said = {each["$ref"].rpartition("/")[2] for union in unions for each in union["oneOf"]}
    assert {"Subscribe", "Ping", "Welcome", "Snapshot", "Progress", "QueueChanged"} <= said <= set(schemas)
    assert "ValidationError" not in schemas


def test_the_limits_that_are_told_are_those_that_hold(client: httpx.Client) -> None:
    told = client.get("/api/v1/limits").json()
    assert told == LIMITS.model_dump(mode="json")


def test_figures_need_the_token_and_follow_what_happens(served: Served, client: httpx.Client) -> None:
    with served.stranger() as stranger:
        assert refused(stranger.get("/metrics")) == (401, "no_token")
        assert refused(stranger.get("/api/v1/metrics")) == (401, "no_token")
    before = figures(client)
    inputs = {"a": time.time_ns() % 2**40}
    submitted(client, wait=30, inputs=inputs)
    submitted(client, wait=30, inputs=inputs)
    after = figures(client)

    def grown(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert grown('promptograph_runs{status="done"}') == 2
    assert grown('promptograph_nodes_total{outcome="ran"}') == 1
    assert grown('promptograph_nodes_total{outcome="cached"}') == 1
    assert (
        grown('promptograph_cache_hits_total{tier="memory"}')
        + after.get('promptograph_cache_hits_total{tier="disk"}', 0)
        >= 1
    )
    assert grown('promptograph_answers_total{status="200"}') >= 2
    assert after["promptograph_queue_length"] == 0
    assert after["promptograph_sockets"] == 0
    assert after['promptograph_worker_memory_bytes{device="cpu"}'] > 2**20
    assert {'promptograph_cache_bytes{tier="memory"}', 'promptograph_cache_bytes{tier="disk"}'} <= set(after)


def test_what_a_server_keeps_is_copied_while_it_runs(tmp_path: Path) -> None:
    with serving(tmp_path / "first") as server, server.client() as client:
        saved = client.post("/api/v1/graphs", json={"document": graph()}).json()
        run = submitted(client, wait=30)
        command = [sys.executable, "-m", "cli", "backup", str(tmp_path / "copy"), "--data", str(server.data)]
        environment = clean_environment(tmp_path)
        copied = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert (copied.returncode, copied.stdout.strip()) == (0, str(tmp_path / "copy"))
        again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert again.returncode == 2
        assert "is there already" in again.stderr
    (tmp_path / "second").mkdir()
    (tmp_path / "copy").rename(tmp_path / "second" / "data")
    with serving(tmp_path / "second") as restored, restored.client() as client:
        assert restored.token != server.token
        assert client.get(f"/api/v1/graphs/{saved['id']}").json() == saved
        assert client.get(f"/api/v1/runs/{run['id']}").json() == run


def test_a_server_that_leaves_answers_who_waits_and_takes_the_run_up_again(tmp_path: Path) -> None:
    told: list[httpx.Response] = []
    with serving(tmp_path) as server:

        def wait() -> None:
            with server.client() as client:
                told.append(client.post("/api/v1/runs", params={"wait": 60}, json={"graph": slow(3.0)}))

        waiting = threading.Thread(target=wait)
        waiting.start()
        with server.client() as client:
            while not client.get("/api/v1/runs", params={"status": "running"}).json()["runs"]:
                time.sleep(0.05)
        began = time.monotonic()
        assert server.stop(signal.SIGTERM) == 0
        assert time.monotonic() - began < 10
        waiting.join(5)
        assert told[0].status_code == 202
    with serving(tmp_path) as server, server.client() as client:
        run = client.get(f"/api/v1/runs/{told[0].json()['id']}", params={"wait": 30}).json()
        assert run["status"] == "done"


def test_a_server_whose_database_is_of_a_later_version_says_so(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        pass
    with sqlite3.connect(server.data / "promptograph.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    command = [sys.executable, "-m", "cli", "serve", "--port", "0", "--data", str(server.data)]
    ended = subprocess.run(command, cwd=ROOT, env=clean_environment(tmp_path), capture_output=True, text=True)
    assert ended.returncode == 2
    assert "install a later one" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_while_the_database_is_locked_reads_go_on_and_writes_come_back(tmp_path: Path) -> None:
    with serving(tmp_path) as server, server.client() as client:
        saved = client.post("/api/v1/graphs", json={"document": graph()}).json()
        locking = sqlite3.connect(server.data / "promptograph.sqlite", isolation_level=None)
        locking.execute("BEGIN IMMEDIATE")
        answer = client.post("/api/v1/graphs", json={"document": graph()})
        assert refused(answer) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) > 0
        assert client.get(f"/api/v1/graphs/{saved['id']}").json() == saved
        assert client.get("/health").status_code == 200
        locking.execute("ROLLBACK")
        locking.close()
        assert client.post("/api/v1/graphs", json={"document": graph()}).status_code == 201
