"""Every route keeps the rules of the guard; the list of routes is the description of the interface."""

import httpx
import pytest

from tests.server.http.addresses import ROUTES, WITH_BODY, WITH_TOKEN, Route
from tests.server.http.shape import refused
from tests.server.served import Served

LARGE = b'{"a":"' + b"x" * (4 * 2**20) + b'"}'


def ask(client: httpx.Client, route: Route, **headers: str) -> httpx.Response:
    typed = {"Content-Type": route.takes} if route.takes else {}
    content = b"{}" if route.takes else None
    return client.request(route.method, route.path, headers={**typed, **headers}, content=content)


def test_there_are_routes_to_look_at() -> None:
    assert len(ROUTES) > 30
    assert {str(route) for route in ROUTES if route.open} == {"GET /api/v1/health", "POST /api/v1/session"}


@pytest.mark.parametrize("route", WITH_TOKEN, ids=str)
def test_without_the_token_nothing_is_answered(served: Served, route: Route) -> None:
    with served.stranger() as stranger:
        assert refused(ask(stranger, route)) == (401, "no_token")
        assert refused(ask(stranger, route, Authorization="Bearer " + "x" * 43)) == (401, "no_token")
        assert refused(ask(stranger, route, Authorization=f"Basic {served.token}")) == (401, "no_token")
        assert refused(stranger.request(route.method, f"{route.path}?token={served.token}")) == (401, "no_token")


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_another_host_is_refused(client: httpx.Client, route: Route) -> None:
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost@evil.example", ""):
        assert refused(ask(client, route, Host=host)) == (421, "wrong_host")


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_another_origin_is_refused(served: Served, client: httpx.Client, route: Route) -> None:
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{served.port + 1}", "file://", ""):
        assert refused(ask(client, route, Origin=origin)) == (403, "wrong_origin")
    assert refused(ask(client, route, **{"Sec-Fetch-Site": "cross-site"})) == (403, "wrong_origin")
    assert refused(ask(client, route, **{"Sec-Fetch-Site": "same-site"})) == (403, "wrong_origin")


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_a_body_that_is_not_said_to_be_json_is_refused(client: httpx.Client, route: Route) -> None:
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json; charset=utf-16",
        "",
    ):
        assert refused(ask(client, route, **{"Content-Type": kind})) == (415, "wrong_type")
    assert refused(ask(client, route, **{"Content-Encoding": "gzip"})) == (415, "wrong_type")


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_a_body_that_is_too_large_is_refused(client: httpx.Client, route: Route) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.request(route.method, route.path, headers=headers, content=LARGE)
    assert refused(answer) == (413, "too_large")


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_a_body_of_another_form_is_refused_with_its_field(client: httpx.Client, route: Route) -> None:
    headers = {"Content-Type": "application/json", "If-Match": '"1"'}
    for body in (b'{"surprise": 1}', b"[]", b"null", b'"text"', b"1"):
        answer = client.request(route.method, route.path, headers=headers, content=body)
        assert refused(answer) == (422, "bad_request")
        assert answer.json()["error"]["field"].startswith("body")
    assert refused(client.request(route.method, route.path, headers=headers, content=b"{")) == (400, "bad_json")


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
def test_a_method_that_is_not_there_is_refused_with_those_that_are(client: httpx.Client, path: str) -> None:
    there = sorted(route.method for route in ROUTES if route.path == path)
    answer = client.request("BREW", path)
    assert refused(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"].split(", ") == there
    for method in {"PUT", "PATCH", "DELETE", "OPTIONS"} - set(there):
        assert refused(client.request(method, path)) == (405, "method_not_allowed")


@pytest.mark.parametrize("route", [route for route in ROUTES if route.method == "GET"], ids=str)
def test_a_query_parameter_that_is_not_there_is_refused(client: httpx.Client, route: Route) -> None:
    if route.path.endswith("/health"):
        return
    answer = client.get(route.path, params={"surprise": "1"})
    assert refused(answer) == (422, "bad_request")
    assert answer.json()["error"]["field"] == "query.surprise"


@pytest.mark.parametrize(
    "path", ["/api/v1", "/api/v1/", "/api/v2/runs", "/api/v1/runs/", "/etc/passwd", "/%00", "/static/../token"]
)
def test_an_address_that_is_not_there_is_refused(client: httpx.Client, path: str) -> None:
    assert refused(client.get(path)) == (404, "not_found")
