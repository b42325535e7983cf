"""With 10,000 runs that wait and 100,000 that have ended: ready, submitting and memory as promised."""

import subprocess
import sys

import pytest

from benchmarks.full_house import fill
from benchmarks.server import GRAPH
from tests.server.served import ROOT, serving


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_a_server_with_much_to_remember_keeps_its_promises() -> None:
    command = [sys.executable, "-m", "benchmarks.server", "--check"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    print(ended.stdout, file=sys.stderr)
    assert ended.returncode == 0, ended.stderr


def test_a_server_that_is_filled_for_the_measurement_knows_all_of_its_runs(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("full")
    fill(folder / "data", dict(GRAPH), waiting=30, ended=300)
    with serving(folder) as server, server.client() as client:
        queue = client.get("/api/v1/queue").json()
        assert (queue["paused"], queue["counts"]["queued"], queue["counts"]["done"]) == (True, 30, 300)
        done = client.get("/api/v1/runs", params={"status": "done", "limit": 1}).json()["runs"][0]
        events = client.get(f"/api/v1/runs/{done['id']}/events").json()["events"]
        assert [event["n"] for event in events] == list(range(done["last"] + 1))
        assert client.post("/api/v1/queue/resume").status_code == 200
        waited = client.get(f"/api/v1/runs/r_{330:022}", params={"wait": 30}).json()
        assert (waited["status"], waited["inputs"]) == ("done", {"a": 330})
