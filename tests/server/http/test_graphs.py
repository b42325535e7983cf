"""Graphs are saved in revisions, and nobody's change is lost."""

import threading
from typing import Any

import httpx
import pytest

from tests.server.http.orders import graph
from tests.server.http.shape import refused
from tests.server.served import Served

GRAPHS = "/api/v1/graphs"


@pytest.fixture
def saved(client: httpx.Client) -> Any:
    """Give a graph that was saved."""
    return client.post(GRAPHS, json={"document": graph()}).json()


def test_a_graph_is_saved_and_given_back(client: httpx.Client) -> None:
    answer = client.post(GRAPHS, json={"document": graph()})
    made = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert (made["name"], made["revision"]) == ("Count", 1)
    found = client.get(answer.headers["location"])
    assert found.json() == made
    assert found.headers["etag"] == '"1"'
    assert found.json()["document"]["nodes"] == graph()["nodes"]


def test_a_graph_need_not_be_complete_to_be_saved(client: httpx.Client) -> None:
    unfinished = graph({"what": {"type": "NoSuchType"}, "sum": {"type": "Total"}})
    assert client.post(GRAPHS, json={"document": unfinished, "name": "Later"}).json()["name"] == "Later"


def test_what_is_no_graph_is_not_saved(client: httpx.Client) -> None:
    answer = client.post(GRAPHS, json={"document": {"format": "promptograph/1", "nodes": {"a": {"typ": "Step"}}}})
    assert refused(answer) == (422, "bad_graph")
    assert answer.json()["error"]["node"] == "a"
    assert refused(client.post(GRAPHS, json={"document": {"prompt": {}}})) == (422, "bad_graph")


def test_a_change_names_the_revision_that_it_changes(client: httpx.Client, saved: Any) -> None:
    path = f"{GRAPHS}/{saved['id']}"
    order = {"document": graph(), "name": "New"}
    assert refused(client.put(path, json=order)) == (428, "revision_needed")
    assert refused(client.delete(path)) == (428, "revision_needed")
    assert refused(client.post(f"{path}/revisions/1/restore")) == (428, "revision_needed")
    for wrong in ("1", '"x"', "*", 'W/"1"', '"1", "2"', '"-1"', '"99999999999"'):
        assert refused(client.put(path, json=order, headers={"If-Match": wrong})) == (400, "bad_request")
    assert client.put(path, json=order, headers={"If-Match": '"1"'}).headers["etag"] == '"2"'


def test_of_two_writers_one_wins_and_the_other_is_told_what_is_saved(served: Served, saved: Any) -> None:
    answers: dict[str, httpx.Response] = {}

    def write(name: str) -> None:
        order = {"document": graph(), "name": name}
        with served.client() as client:
            answers[name] = client.put(f"{GRAPHS}/{saved['id']}", json=order, headers={"If-Match": '"1"'})

    writers = [threading.Thread(target=write, args=(f"writer {at}",)) for at in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    won = [name for name, answer in answers.items() if answer.status_code == 200]
    assert len(won) == 1
    for name, answer in answers.items():
        if name not in won:
            assert refused(answer) == (412, "changed")
            assert answer.headers["etag"] == '"2"'
            assert answer.json()["error"]["current"]["name"] == won[0]


def test_revisions_are_listed_compared_and_restored(client: httpx.Client, saved: Any) -> None:
    path = f"{GRAPHS}/{saved['id']}"
    changed = graph({"count": {"type": "Step", "params": {"seconds": 1.0}}})
    client.put(path, json={"document": changed, "name": "Changed"}, headers={"If-Match": '"1"'})
    listed = client.get(f"{path}/revisions").json()["revisions"]
    assert [(each["revision"], each["name"]) for each in listed] == [(2, "Changed"), (1, "Count")]
    assert client.get(f"{path}/revisions", params={"before": 2}).json()["revisions"] == listed[1:]
    assert client.get(f"{path}/revisions/1").json()["document"] == saved["document"]
    difference = client.get(f"{path}/diff", params={"from": 1, "to": 2}).json()
    assert difference["changed"]["count"]["params"]["seconds"]["new"] == 1.0
    restored = client.post(f"{path}/revisions/1/restore", headers={"If-Match": '"2"'})
    assert (restored.json()["revision"], restored.json()["document"]) == (3, saved["document"])
    assert refused(client.get(f"{path}/revisions/9")) == (404, "not_found")
    assert refused(client.post(f"{path}/revisions/1/restore", headers={"If-Match": '"2"'})) == (412, "changed")


def test_a_deleted_graph_is_gone(client: httpx.Client, saved: Any) -> None:
    path = f"{GRAPHS}/{saved['id']}"
    assert refused(client.delete(path, headers={"If-Match": '"7"'})) == (412, "changed")
    assert client.delete(path, headers={"If-Match": '"1"'}).status_code == 204
    assert refused(client.get(path)) == (404, "not_found")
    assert refused(client.delete(path, headers={"If-Match": '"1"'})) == (404, "not_found")


def test_graphs_are_listed_in_pages(client: httpx.Client) -> None:
    made = [client.post(GRAPHS, json={"document": graph()}).json()["id"] for _ in range(5)]
    found: list[str] = []
    cursor: dict[str, str] = {}
    while len(found) < 5:
        page = client.get(GRAPHS, params={"limit": 2, **cursor}).json()
        found += [each["id"] for each in page["graphs"]]
        assert "document" not in page["graphs"][0]
        cursor = {"after": page["next"]}
    assert found[:5] == made[::-1]


def test_the_graphs_that_ship_are_listed_and_given(client: httpx.Client) -> None:
    listed = client.get("/api/v1/library").json()["graphs"]
    assert {"library": "text-to-image", "name": "Text to image"} in listed
    assert client.get("/api/v1/library/text-to-image").json()["format"] == "promptograph/1"
    assert refused(client.get("/api/v1/library/nothing")) == (404, "not_found")
    assert refused(client.get("/api/v1/library/..%2fsecret")) == (404, "not_found")
