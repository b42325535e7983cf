"""Values of runs: every intermediate, by link; or a clear word on why not."""

import io
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from safetensors import deserialize

from tests.server.served import Served
from tests.server.values.conftest import error, finished, graph

PAINT = {"type": "Paint", "params": {"red": 1.0, "side": 64}}


def value(client: httpx.Client, run: dict[str, Any], link: str, **query: Any) -> httpx.Response:
    return client.get(f"/api/v1/runs/{run['id']}/values/{link}", params=query)


@pytest.fixture(scope="module")
def painted(shop: Served) -> dict[str, Any]:
    inner = graph({"a": PAINT}, {"picture": "a.image"})
    nodes = {
        "paint": PAINT,
        "sub": {"type": "Subgraph", "graph": inner},
        "count": {"type": "CountUp", "params": {"to": 3}},
        "add": {"type": "Add", "params": {"b": 10}, "inputs": {"a": "count.numbers"}},
        "name": {"type": "NameFile", "params": {"file": "<b>x</b>"}},
    }
    outputs = {"image": "paint.image", "sub": "sub.picture", "sums": "add.number", "name": "name.text"}
    with shop.client() as client:
        return finished(client, graph(nodes, outputs))


def test_a_picture_is_shown_as_png(client: httpx.Client, painted: dict[str, Any]) -> None:
    for link in ("paint.image", "sub.picture", "sub/a.image"):
        answer = value(client, painted, link, **{"as": "png"})
        assert answer.headers["content-type"] == "image/png", answer.text
        assert answer.headers["content-disposition"].startswith("inline")
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert (picture.size, picture.getpixel((0, 0))) == ((64, 64), (255, 0, 0))


def test_a_tensor_is_downloaded_as_it_lies_on_the_disk(
    shop: Served, client: httpx.Client, painted: dict[str, Any]
) -> None:
    answer = value(client, painted, "paint.image", **{"as": "safetensors"})
    (file,) = (path for path in (shop.folder / "cache").glob("values/*/*") if path.read_bytes() == answer.content)
    ((name, tensor),) = deserialize(answer.content)  # type: ignore[no-untyped-call]
    assert (name, tensor["shape"]) == ("pixels", [1, 3, 64, 64])
    assert int(answer.headers["content-length"]) == file.stat().st_size
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''paint.image.safetensors"


def test_a_summary_tells_shape_range_and_views(client: httpx.Client, painted: dict[str, Any]) -> None:
    found = value(client, painted, "paint.image").json()
    (summary,) = found["summaries"]
    assert (found["link"], found["many"], summary["views"]) == (
        "paint.image",
        False,
        ["summary", "png", "thumbnail", "histogram", "safetensors"],
    )
    assert summary["tensors"]["pixels"]["shape"] == [1, 3, 64, 64]
    assert summary["tensors"]["pixels"]["max"] == 1.0


def test_a_list_is_summed_up_item_by_item_and_an_item_is_shown(client: httpx.Client, painted: dict[str, Any]) -> None:
    assert [each["value"] for each in value(client, painted, "add.number").json()["summaries"]] == [10, 11, 12]
    assert value(client, painted, "add.number[2]", **{"as": "json"}).json() == 12
    assert value(client, painted, "count.numbers[0]", **{"as": "json"}).json() == 0
    assert error(value(client, painted, "add.number", **{"as": "json"})) == (422, "many_values")


def test_text_is_text_whatever_it_holds(client: httpx.Client, painted: dict[str, Any]) -> None:
    answer = value(client, painted, "name.text", **{"as": "txt"})
    assert answer.text == "<b>x</b> none"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("link", "query", "expected"),
    [
        ("paint.nothing", {}, (404, "no_such_value")),
        ("nowhere.image", {}, (404, "no_such_value")),
        ("paint", {}, (404, "no_such_value")),
        ("..%2f..%2ftoken", {}, (404, "no_such_value")),
        ("%00", {}, (404, "not_found")),
        ("paint.image[0]", {}, (404, "no_such_value")),
        ("add.number[3]", {}, (404, "no_such_value")),
        ("a" * 2_001, {}, (404, "not_found")),
        ("paint.image", {"as": "wav"}, (422, "no_such_view")),
        ("paint.image", {"as": "txt"}, (422, "no_such_view")),
        ("paint.image", {"as": "png", "item": 1}, (422, "no_such_view")),
        ("paint.image", {"as": "../../token"}, (422, "bad_request")),
        ("paint.image", {"as": "png", "item": -1}, (422, "bad_request")),
        ("name.text", {"as": "png"}, (422, "no_such_view")),
    ],
)
def test_what_cannot_be_shown_is_refused(
    client: httpx.Client, painted: dict[str, Any], link: str, query: Any, expected: tuple[int, str]
) -> None:
    assert error(value(client, painted, link, **query)) == expected


def test_a_view_that_there_is_not_names_those_that_there_are(client: httpx.Client, painted: dict[str, Any]) -> None:
    said = value(client, painted, "paint.image", **{"as": "mp4"}).json()["error"]
    assert said["hint"] == "there are: summary, png, thumbnail, histogram, safetensors"


def test_a_run_that_is_not_there_is_not_found(client: httpx.Client) -> None:
    assert error(client.get(f"/api/v1/runs/r_{'A' * 22}/values/a.b"))[0] == 404


def test_what_is_not_made_yet_is_told_from_what_never_was(client: httpx.Client) -> None:
    nodes = {"wait": {"type": "Wait", "params": {"a": 1, "seconds": 30.0}}, "fast": {"type": "Add", "params": {"a": 1}}}
    document = graph(nodes, {"a": "wait.number", "b": "fast.number"})
    run = client.post("/api/v1/runs", json={"graph": document}).json()
    deadline = time.monotonic() + 20
    while value(client, run, "fast.number", **{"as": "json"}).status_code != 200:  # shown while the run goes on
        assert time.monotonic() < deadline
        time.sleep(0.05)
    waiting = value(client, run, "wait.number")
    assert error(waiting) == (409, "not_made")
    assert "not made yet" in waiting.text
    client.post(f"/api/v1/runs/{run['id']}/cancel")
    assert "ended without making" in value(client, run, "wait.number").text


def test_what_a_failed_node_did_not_make_is_told(client: httpx.Client) -> None:
    run = finished(client, graph({"a": {"type": "BreakDown", "params": {"a": 1}}}, {"a": "a.number"}))
    assert error(value(client, run, "a.number")) == (409, "not_made")


def test_what_has_left_the_cache_is_told_with_what_it_costs(shop: Served, client: httpx.Client) -> None:
    run = finished(client, graph({"a": {**PAINT, "params": {"side": 77}}}, {"a": "a.image"}))
    (digest,) = run["outputs"]["a"]["digests"]
    assert value(client, run, "a.image", **{"as": "png"}).status_code == 200
    (shop.folder / "cache" / "values" / digest[:2] / f"{digest}.safetensors").unlink()
    for query in ({"as": "png"}, {"as": "safetensors"}, {"as": "summary"}):
        answer = value(client, run, "a.image", **query)
        assert error(answer) == (410, "evicted")
        assert "runs 1 nodes" in answer.text
        assert answer.json()["error"]["seconds"] >= 0


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "link"])
def test_a_damaged_value_is_never_shown(shop: Served, client: httpx.Client, damage: str) -> None:
    side = 65 + ["flip", "cut", "empty", "link"].index(damage)
    run = finished(client, graph({"a": {**PAINT, "params": {"side": side}}}, {"a": "a.image"}))
    (digest,) = run["outputs"]["a"]["digests"]
    file = shop.folder / "cache" / "values" / digest[:2] / f"{digest}.safetensors"
    content = file.read_bytes()
    match damage:
        case "flip":
            file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        case "cut":
            file.write_bytes(content[:-100])
        case "empty":
            file.write_bytes(b"")
        case "link":
            file.unlink()
            file.symlink_to(shop.data / "token")
    for view in ("safetensors", "png"):
        assert error(value(client, run, "a.image", **{"as": view})) == (410, "evicted")


def test_no_value_holds_a_path_of_the_server(shop: Served, client: httpx.Client, painted: dict[str, Any]) -> None:
    for link in ("paint.image", "add.number", "name.text"):
        assert str(shop.folder) not in json.dumps(value(client, painted, link).json())
    assert str(Path.home()) not in shop.folder.name
