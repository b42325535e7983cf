"""Compare what a server has with what it acknowledged to its clients."""

from collections.abc import Iterator
from typing import Any

import httpx

from tests.server.proofs.load import ASSETS, CHAIN, GRAPHS, RUNS, Load

FINAL = frozenset({"done", "failed", "cancelled"})


def check(load: Load, client: httpx.Client) -> dict[str, int]:
    """See that nothing is lost, torn or there twice; give how many runs ended in which way."""
    ended: dict[str, int] = {}
    for key, id in load.runs.items():
        run = _ended(client, id)
        ended[run["status"]] = ended.get(run["status"], 0) + 1
        _check_run(client, run, load.orders[key])
        again = load.submit(client, key)
        assert (again.status_code, again.json()["id"]) == (200, id), "the same key gave another run"
    there = sorted(run["id"] for run in _all(client, RUNS, "runs", "before"))
    assert there == sorted(load.runs.values()), "there are other runs than were acknowledged"
    _check_graphs(load, client)
    for digest, content in load.assets.items():
        assert client.get(f"{ASSETS}/{digest}").content == content
    return ended


def _ended(client: httpx.Client, id: str) -> dict[str, Any]:
    run: dict[str, Any] = client.get(f"{RUNS}/{id}", params={"wait": 60}, timeout=90).json()
    assert run["status"] in FINAL, run
    assert run["status"] == "done" or run["fault"]["code"] == "too_many_attempts", run
    return run


def _check_run(client: httpx.Client, run: dict[str, Any], order: dict[str, Any]) -> None:
    assert run["inputs"] == order["inputs"]
    assert client.get(f"{RUNS}/{run['id']}/graph").json()["nodes"].keys() == CHAIN["nodes"].keys()
    events = client.get(f"{RUNS}/{run['id']}/events", params={"limit": 1000}).json()["events"]
    assert [event["n"] for event in events] == list(range(run["last"] + 1)), events
    types = [event["type"] for event in events]
    assert (types[0], types[-1]) == ("run_queued", "run_finished"), types
    assert (types.count("run_queued"), types.count("run_finished")) == (1, 1), types
    if run["status"] == "done":
        value = client.get(f"{RUNS}/{run['id']}/values/second.number", params={"as": "json"})
        assert value.json() == order["inputs"]["a"] + 2, value.text


def _check_graphs(load: Load, client: httpx.Client) -> None:
    latest: dict[str, int] = {}
    for id, revision in load.revisions:
        latest[id] = max(latest.get(id, 0), revision)
    for id, acknowledged in latest.items():
        assert client.get(f"{GRAPHS}/{id}").json()["revision"] >= acknowledged
        for revision in range(1, acknowledged + 1):
            saved = client.get(f"{GRAPHS}/{id}/revisions/{revision}").json()
            assert saved["document"]["nodes"]["first"]["params"] == {"name": saved["name"]}, "a torn graph"
            assert load.revisions.get((id, revision), saved["name"]) == saved["name"], "another graph was kept"


def _all(client: httpx.Client, path: str, name: str, cursor: str) -> Iterator[dict[str, Any]]:
    params: dict[str, str] = {}
    while True:
        page = client.get(path, params={"limit": 200, **params}).json()
        yield from page[name]
        if page["next"] is None:
            return
        params = {cursor: page["next"]}
