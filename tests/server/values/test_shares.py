"""Share links: they show one run, and nothing else; not after they were revoked."""

import json
import re
from html import unescape
from typing import Any

import httpx
import pytest

from tests.server.served import Served
from tests.server.values.conftest import error, finished, graph

HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\"'&<!--"


@pytest.fixture(scope="module")
def run(shop: Served) -> dict[str, Any]:
    nodes = {"a": {"type": "Paint", "title": HOSTILE, "params": {"side": 8}}, "n": {"type": "NameFile"}}
    inputs = {"file": {"to": ["n.file"], "title": HOSTILE}}
    document = graph(nodes, {"image": "a.image", "name": "n.text"}, inputs=inputs, name=HOSTILE)
    with shop.client() as client:
        return finished(client, document, file=HOSTILE)


def shared(client: httpx.Client, run: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/api/v1/shares", json={"run": run["id"]})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_link_shows_name_inputs_pictures_and_graph_without_a_token(
    shop: Served, client: httpx.Client, run: dict[str, Any]
) -> None:
    path = shared(client, run)["path"]
    with shop.stranger() as stranger:
        page = stranger.get(path)
        (source,) = re.findall(r'<img src="([^"]+)"', page.text)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert stranger.get(source).headers["content-type"] == "image/png"
        assert stranger.get(f"{path}/graph.json").json() == client.get(f"/api/v1/runs/{run['id']}/graph").json()
    (text,) = re.findall(r"<pre>(.*)</pre>", page.text, re.DOTALL)
    assert json.loads(unescape(text))["name"] == HOSTILE


def test_no_text_of_a_graph_becomes_markup(shop: Served, client: httpx.Client, run: dict[str, Any]) -> None:
    with shop.stranger() as stranger:
        page = stranger.get(shared(client, run)["path"])
    tags = {tag.lower() for tag in re.findall(r"<([a-zA-Z!/]+)", page.text)}
    assert "script" not in tags
    assert page.text.count("<img") == 1
    assert page.text.count("<pre>") == page.text.count("</pre>") == 1
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; img-src 'self'; style-src 'sha256-")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    for part in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"):
        assert part in policy
    assert "no-store" in page.headers["cache-control"]


def test_revoking_takes_effect_with_the_next_request(shop: Served, client: httpx.Client, run: dict[str, Any]) -> None:
    made = shared(client, run)
    paths = [made["path"], f"{made['path']}/image/0.png", f"{made['path']}/graph.json"]
    with shop.stranger() as stranger:
        assert [stranger.get(path).status_code for path in paths] == [200] * 3
        assert client.delete(f"/api/v1/shares/{made['share']['id']}").json()["revoked"] is not None
        assert [error(stranger.get(path)) for path in paths] == [(404, "not_found")] * 3


@pytest.mark.parametrize(
    "rest",
    ["/name/0.png", "/image/1.png", "/image/-1.png", "/image/0.jpg", "/image/0", "/../../api/v1/runs", "/..%2f..%2fapi",
     "/a.image/0.png", "/graph.json/", "/token", "/image%00/0.png", "/%2e%2e/0.png"],
)  # fmt: skip
def test_nothing_else_is_reached_by_a_link(shop: Served, client: httpx.Client, run: dict[str, Any], rest: str) -> None:
    path = shared(client, run)["path"]
    with shop.stranger() as stranger:
        assert stranger.get(path + rest).status_code in (401, 404)


def test_the_token_of_a_link_opens_no_other_door(shop: Served, client: httpx.Client, run: dict[str, Any]) -> None:
    token = shared(client, run)["path"].removeprefix("/s/")
    for route in (f"/api/v1/runs/{run['id']}", "/api/v1/shares", f"/api/v1/runs/{run['id']}/values/a.image"):
        with shop.stranger(Authorization=f"Bearer {token}") as stranger:
            assert stranger.get(route).status_code == 401
            assert stranger.get(f"{route}?token={token}").status_code == 401
    with shop.stranger() as stranger:
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert stranger.request(method, f"/s/{token}").status_code in (401, 405)


def test_the_token_is_told_once_and_kept_nowhere(shop: Served, client: httpx.Client, run: dict[str, Any]) -> None:
    token = shared(client, run)["path"].removeprefix("/s/")
    assert token not in client.get("/api/v1/shares").text
    assert token not in shop.log
    for file in shop.data.glob("promptograph.sqlite*"):
        assert token.encode() not in file.read_bytes()


@pytest.mark.parametrize("token", ["", "A" * 43, "A" * 42, "A" * 44, "%2e%2e", "%00", "*", "'--"])
def test_an_unknown_token_shows_nothing(shop: Served, token: str) -> None:
    with shop.stranger() as stranger:
        assert stranger.get(f"/s/{token}").status_code == 404


def test_a_run_that_is_not_there_cannot_be_shared(client: httpx.Client) -> None:
    assert error(client.post("/api/v1/shares", json={"run": "r_" + "A" * 22}))[0] == 404
