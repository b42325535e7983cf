"""The log: one JSON object a line, and no secret in it."""

import json
import logging
import socket
from pathlib import Path

import pytest

from server.logs import LONGEST, Line
from tests.server.http.orders import submitted
from tests.server.served import serving

SECRET = "s" * 43


def line(message: str, *arguments: object, **more: object) -> str:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, message, arguments, None)
    record.__dict__.update(more)
    return Line([SECRET]).format(record)


@pytest.mark.parametrize(
    "message",
    [
        f"the token is {SECRET}",
        "Authorization: Bearer abcdefgh",
        "GET /api/v1/ws?token=abcdefgh HTTP/1.1",
        "http://127.0.0.1/#token=abcdefgh",
        "Cookie: promptograph_0a1b2c3d=abcdefgh",
        "cookie: abcdefgh",
    ],
)
def test_secrets_are_left_out(message: str) -> None:
    written = line(message) + line("%s", message) + line("x", extra=message)
    assert SECRET not in written
    assert "abcdefgh" not in written
    assert "[secret]" in written


def test_a_line_is_one_json_object_of_a_bounded_length() -> None:
    for text in ("a\nb\r\n{", "\x00\x1b[31m", "\ud800", "ü" * 100_000, '"' * 100_000, "\x00" * 100_000):
        written = line(text, more=text, other=text)
        assert len(written) <= LONGEST
        assert "\n" not in written
        assert json.loads(written)["level"] == "info"


def test_a_server_logs_requests_and_runs_without_the_token(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        with server.stranger() as stranger:
            stranger.get("/api/v1/runs", params={"token": server.token})
            stranger.post("/api/v1/session", json={"token": server.token})
            cookie = next(iter(stranger.cookies.values()))
            stranger.get(f"/s/{'A' * 43}")
        with server.client() as client:
            run = submitted(client, wait=30)
            client.get("/api/v1/runs/%0a%1b[31m")
        handshake = f"GET /api/v1/ws?token={server.token} HTTP/1.1\r\nHost: localhost\r\nUpgrade: nonsense\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.port)) as wire:
            wire.sendall(handshake.encode())
            wire.recv(1_000)
    lines = [json.loads(each) for each in server.log.splitlines()]
    asked = [(each.get("method"), each.get("path"), each.get("status")) for each in lines]
    assert ("POST", "/api/v1/session", 204) in asked
    assert ("GET", "/api/v1/runs/\n\x1b[31m", 404) in asked
    assert run["id"] in {each.get("run") for each in lines}
    assert server.token not in server.log
    assert cookie not in server.log
    assert "A" * 43 not in server.log
    assert {"at", "level", "log", "message"} <= set(lines[0])
