"""Who comes in, with which secret, from which page; what is no HTTP at all."""

import json
import re
import socket
import time
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.server.http.shape import is_shielded, refused
from tests.server.served import Served, serving

LIMITS = "/api/v1/limits"


def spoken(port: int, said: bytes, *, seconds: float = 5.0) -> bytes:
    """Say something to the server and give all that it answers."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), seconds) as wire:
        try:
            wire.sendall(said)
            while more := wire.recv(65_536):
                heard += more
        except (TimeoutError, ConnectionError):
            pass
    return heard


def test_the_page_needs_no_token_and_runs_no_inline_script(served: Served) -> None:
    with served.stranger() as stranger:
        page = stranger.get("/")
        assert page.status_code == 200
        assert is_shielded(page)
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "<script>" not in page.text
        scripts = re.findall(r'<script[^>]* src="([^"]+)"', page.text)
        assert scripts
        for each in scripts:
            script = stranger.get(each)
            assert (script.status_code, script.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
            assert stranger.get(each, headers={"If-None-Match": script.headers["etag"]}).status_code == 304
        assert refused(stranger.get("/static/nothing.js")) == (404, "not_found")
        assert refused(stranger.get("/static/%2e%2e/app.py")) == (404, "not_found")


def test_health_needs_no_token_and_says_nothing_else(served: Served) -> None:
    with served.stranger() as stranger:
        for path in ("/health", "/api/v1/health"):
            answer = stranger.get(path)
            assert (answer.status_code, answer.text) == (200, '{"status":"ok"}')
            assert is_shielded(answer)


def test_a_page_exchanges_the_token_for_a_cookie(served: Served) -> None:
    with served.stranger(Origin=served.url) as page:
        assert refused(page.get("/api/v1/session")) == (401, "no_token")
        assert refused(page.post("/api/v1/session", json={"token": "x" * 43})) == (401, "no_token")
        assert page.cookies == {}
        answer = page.post("/api/v1/session", json={"token": served.token})
        assert answer.status_code == 204
        said = answer.headers["set-cookie"]
        assert "HttpOnly" in said
        assert "SameSite=strict" in said
        assert served.token not in said
        assert page.get("/api/v1/session").status_code == 204
        assert page.get(LIMITS).status_code == 200
        assert page.post("/api/v1/queue/resume").status_code == 200
        assert page.delete("/api/v1/session").status_code == 204
        assert refused(page.get(LIMITS)) == (401, "no_token")


def test_a_cookie_alone_changes_nothing(served: Served) -> None:
    with served.stranger() as page:
        assert page.post("/api/v1/session", json={"token": served.token}).status_code == 204
        assert page.get(LIMITS).status_code == 200
        assert refused(page.post("/api/v1/queue/resume")) == (403, "wrong_origin")
        assert page.post("/api/v1/queue/resume", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
        assert page.post("/api/v1/queue/resume", headers={"Origin": served.url}).status_code == 200


def test_a_wrong_bearer_is_not_mended_by_a_cookie(served: Served) -> None:
    with served.stranger() as page:
        page.post("/api/v1/session", json={"token": served.token})
        assert refused(page.get(LIMITS, headers={"Authorization": "Bearer no"})) == (401, "no_token")


def test_the_cookie_of_another_server_opens_nothing(served: Served, tmp_path: Path) -> None:
    with serving(tmp_path) as other, other.stranger() as page:
        page.post("/api/v1/session", json={"token": other.token})
        cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
    with served.stranger(Cookie=cookie) as stranger:
        assert refused(stranger.get(LIMITS)) == (401, "no_token")


def test_a_link_from_elsewhere_opens_the_page_and_nothing_else(served: Served) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    with served.client(**link) as client:
        assert client.get("/").status_code == 200
        assert refused(client.get(LIMITS)) == (403, "wrong_origin")
        assert refused(client.get("/", headers={"Sec-Fetch-Dest": "iframe"})) == (403, "wrong_origin")
        assert refused(client.get("/static/start.js")) == (403, "wrong_origin")


def test_no_page_of_another_origin_is_ever_allowed_to_read(client: httpx.Client) -> None:
    answer = client.get(LIMITS)
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("name", ["Authorization", "Origin", "Content-Type"])
def test_a_header_that_is_there_twice_is_refused(served: Served, name: str) -> None:
    given = [("Host", f"127.0.0.1:{served.port}"), ("Authorization", f"Bearer {served.token}")]
    twice = [(name, "x"), (name, "x")] if name not in dict(given) else [(name, dict(given)[name])]
    with httpx.Client(base_url=served.url, verify=False) as client:
        assert refused(client.get(LIMITS, headers=[*given, *twice])) == (400, "bad_request")


def test_an_address_that_is_too_long_is_refused(client: httpx.Client) -> None:
    assert refused(client.get("/api/v1/runs", params={"before": "x" * 9_000})) == (414, "too_large")


def test_a_method_without_a_body_gets_none(client: httpx.Client) -> None:
    for method in ("GET", "DELETE"):
        answer = client.request(method, LIMITS, content=b"{}", headers={"Content-Type": "application/json"})
        assert refused(answer) == (400, "bad_request")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"\r\n\r\n\x00\x01\x02", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTX/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: \x00\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: " + b"x" * 40_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 400_000, 431),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
    ],
)
def test_what_is_no_http_gets_an_answer_in_our_shape(served: Served, said: bytes, status: int) -> None:
    head, _, body = spoken(served.port, said).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 ")
    assert int(head.split()[1]) == status
    assert b"nosniff" in head
    assert set(json.loads(body)["error"]) == {"code", "message"}


def test_a_body_without_a_length_is_counted(served: Served) -> None:
    def large() -> "object":
        for _ in range(9 * 16):
            yield b" " * 65_536

    with served.client(**{"Content-Type": "application/json"}) as client:
        assert refused(client.post("/api/v1/check", content=large())) == (413, "too_large")  # type: ignore[arg-type]


def test_a_body_that_does_not_arrive_in_time_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path, environment={"PROMPTOGRAPH_RECEIPT": "0.5"}) as server:
        head = (
            f"POST /api/v1/check HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.token}\r\n"
            "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
        )
        began = time.monotonic()
        heard = spoken(server.port, head.encode(), seconds=10)
        assert heard.startswith(b"HTTP/1.1 408 ")
        assert b'"too_slow"' in heard
        assert time.monotonic() - began < 3
        # and headers that never end
        began = time.monotonic()
        assert spoken(server.port, b"GET / HTTP/1.1\r\nHost: loc", seconds=10) == b""
        assert time.monotonic() - began < 3


def test_above_the_limit_the_next_request_is_told_to_come_again(tmp_path: Path) -> None:
    with serving(tmp_path, environment={"PROMPTOGRAPH_REQUESTS": "1"}) as server:
        head = (
            f"POST /api/v1/check HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.token}\r\n"
            "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
        )
        with socket.create_connection(("127.0.0.1", server.port)) as slow, server.client() as client:
            slow.sendall(head.encode())
            time.sleep(0.3)
            answer = client.get(LIMITS)
            assert refused(answer) == (503, "unavailable")
            assert answer.headers["retry-after"] == "1"
            assert client.get("/health").status_code == 200
        with server.client() as client:
            time.sleep(0.3)
            assert client.get(LIMITS).status_code == 200


def test_a_browser_at_another_port_of_this_machine_is_another_origin(served: Served) -> None:
    with served.client(Origin="http://localhost:3000") as client:
        assert refused(client.get(LIMITS)) == (403, "wrong_origin")


def test_an_origin_that_was_listed_may_ask(tmp_path: Path) -> None:
    with serving(tmp_path, "--allow-origin", "https://pictures.example") as server:
        with server.client(Origin="https://pictures.example") as client:
            assert client.get(LIMITS).status_code == 200
        with server.client(Origin="https://pictures.example.evil") as client:
            assert refused(client.get(LIMITS)) == (403, "wrong_origin")


# Websockets


def handshake(served: Served, query: str = "", **headers: str) -> tuple[int, int | None]:
    """Open a socket; give the status of the handshake, and the code that it was closed with at once."""
    address = served.url.replace("http", "ws", 1) + f"/api/v1/ws{query}"
    try:
        with connect(address, additional_headers=headers, user_agent_header=None) as wire:
            try:
                wire.recv(timeout=2)
            except ConnectionClosed as closed:
                return 101, closed.rcvd.code if closed.rcvd else None
            return 101, None
    except InvalidStatus as refused_:
        answer = refused_.response
    assert set(json.loads(answer.body or b"{}")) == {"error"}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer.status_code, None


def test_a_socket_needs_the_token_and_an_origin_of_ours(served: Served) -> None:
    bearer = {"Authorization": f"Bearer {served.token}"}
    assert handshake(served, Origin=served.url, **bearer) == (101, None)
    assert handshake(served, f"?token={served.token}", Origin=served.url) == (101, None)
    assert handshake(served, Origin=served.url) == (101, 4401)
    assert handshake(served, "?token=" + "x" * 43, Origin=served.url) == (101, 4401)
    assert handshake(served, **bearer) == (403, None)
    for origin in ("http://evil.example", "null", "http://localhost:1"):
        assert handshake(served, Origin=origin, **bearer) == (403, None)
    assert handshake(served, Origin=served.url, **bearer, **{"Sec-Fetch-Site": "cross-site"}) == (403, None)


def test_a_socket_of_a_page_brings_its_cookie(served: Served) -> None:
    with served.stranger(Origin=served.url) as page:
        page.post("/api/v1/session", json={"token": served.token})
        cookie = "; ".join(f"{name}={value}" for name, value in page.cookies.items())
    assert handshake(served, Origin=served.url, Cookie=cookie) == (101, None)
    assert handshake(served, Origin="http://evil.example", Cookie=cookie) == (403, None)


def test_a_socket_of_another_host_is_refused(served: Served) -> None:
    said = (
        f"GET /api/v1/ws?token={served.token} HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    heard = spoken(served.port, said.encode())
    assert heard.startswith(b"HTTP/1.1 421 ")
    assert b'"wrong_host"' in heard
