"""What saved graphs pin is kept from eviction, for as long as they pin it; a pin that is lost is told."""

import sqlite3
from pathlib import Path
from typing import Any

import httpx

from tests.engine.toys import wait_until
from tests.server.http.orders import graph
from tests.server.served import Served, serving

GRAPHS = "/api/v1/graphs"
PICTURE = "a" * 64


def pinning(*digests: str) -> dict[str, Any]:
    nodes = {f"p{at}": {"type": "Step", "pin": {"number": digest}} for at, digest in enumerate(digests)}
    return {"document": graph({**graph()["nodes"], **nodes})}


def posted(client: httpx.Client, path: str, **what: Any) -> httpx.Response:
    """Post once there is a clerk who answers."""
    answers: list[httpx.Response] = []

    def said() -> bool:
        answers.append(client.post(path, **what))
        return answers[-1].status_code != 503

    wait_until(said, seconds=120)
    return answers[-1]


def kept(served: Served) -> list[str]:
    (index,) = Path(served.folder).rglob("index.sqlite")
    with sqlite3.connect(index) as rows:
        return [digest for (digest,) in rows.execute("SELECT digest FROM keep ORDER BY digest")]


def test_what_a_graph_pins_is_kept_until_a_revision_does_not_or_it_is_deleted(tmp_path: Path) -> None:
    with serving(tmp_path) as served, served.client() as client:
        path = posted(client, GRAPHS, json=pinning("b" * 64, PICTURE)).headers["location"]
        assert kept(served) == [PICTURE, "b" * 64]
        client.put(path, json=pinning(PICTURE), headers={"If-Match": '"1"'})
        assert kept(served) == [PICTURE]
        client.post(f"{path}/revisions/1/restore", headers={"If-Match": '"2"'})
        assert kept(served) == [PICTURE, "b" * 64]
        client.delete(path, headers={"If-Match": '"3"'})
        assert kept(served) == []


def test_a_server_that_starts_keeps_what_its_graphs_pin_and_nothing_else(tmp_path: Path) -> None:
    with serving(tmp_path) as served, served.client() as client:
        posted(client, GRAPHS, json=pinning(PICTURE))
        (index,) = tmp_path.rglob("index.sqlite")
        served.stop()
    with sqlite3.connect(index) as rows:
        (holder,) = rows.execute("SELECT holder FROM keep").fetchone()
        rows.execute("DELETE FROM keep")
        rows.execute("INSERT INTO keep VALUES (?, ?)", (f"{holder[:-1]}x", "c" * 64))
        rows.execute("INSERT INTO keep VALUES ('elsewhere:g', ?)", ("d" * 64,))
    with serving(tmp_path) as served:
        wait_until(lambda: kept(served) == [PICTURE, "d" * 64], seconds=60)


def test_a_run_plan_and_reason_of_a_pin_that_is_gone_name_the_node_and_the_mend(client: httpx.Client) -> None:
    lost = {"format": "promptograph/1", "nodes": {"a": {"type": "Step", "pin": {"number": PICTURE}}}}
    said = "its output is pinned, and the pinned value is not in this cache (any more); unpin the node"
    (planned,) = posted(client, "/api/v1/plan", json={"graph": lost}).json()["nodes"]
    assert planned["status"] == "refused"
    assert planned["reason"].startswith(said)
    assert said in posted(client, "/api/v1/why", json={"graph": lost, "node": "a"}).json()["text"]
    run = posted(client, "/api/v1/runs?wait=20", json={"graph": lost, "targets": ["a.number"]}).json()
    assert (run["status"], run["fault"]["node"]) == ("failed", "a")
    assert said in run["fault"]["message"]
