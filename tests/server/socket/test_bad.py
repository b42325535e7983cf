"""Whatever a client sends gets a refusal or a clean close; the server and the others go on."""

import asyncio
import json
import time
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.server.socket.conftest import Serve
from tests.server.socket.crowd import gather, leave
from tests.server.socket.stage import Served
from tests.server.socket.watching import close_code, watcher

REFUSED = {
    "": "bad_json",
    "{": "bad_json",
    "nul": "bad_json",
    "NaN": "bad_json",
    "1e999": "bad_json",
    "﻿{}": "bad_json",
    '"\\ud800"': "bad_json",
    '"\\u0000"': "bad_json",
    "1" * 5_000: "bad_json",
    "[" * 9_000: "bad_json",
    '{"a":' * 2_000: "bad_json",
    "[" * 9 + "]" * 9: "bad_json",
    json.dumps(list(range(100))): "bad_json",
    '{"type":"ping","type":"ping"}': "bad_json",
    '{"type":"ping"} {"type":"ping"}': "bad_json",
    "[]": "bad_message",
    "null": "bad_message",
    "true": "bad_message",
    '"ping"': "bad_message",
    "17": "bad_message",
    "{}": "unknown_type",
    '{"type":null}': "unknown_type",
    '{"type":17}': "unknown_type",
    '{"type":["ping"]}': "unknown_type",
    '{"type":{"a":1}}': "unknown_type",
    '{"type":"pong"}': "unknown_type",
    '{"type":"PING"}': "unknown_type",
    '{"type":"__class__"}': "unknown_type",
    '{"type":"ping","more":1}': "bad_message",
    '{"type":"subscribe"}': "bad_message",
    '{"type":"subscribe","run":null}': "bad_message",
    '{"type":"subscribe","run":17}': "bad_message",
    '{"type":"subscribe","run":["r"]}': "bad_message",
    json.dumps({"type": "subscribe", "run": "r" * 65}): "bad_message",
    '{"type":"subscribe","run":"r","after":-2}': "bad_message",
    '{"type":"subscribe","run":"r","after":"0"}': "bad_message",
    '{"type":"subscribe","run":"r","after":1.5}': "bad_message",
    '{"type":"subscribe","run":"r","after":true}': "bad_message",
    '{"type":"subscribe","run":"r","after":9223372036854775808}': "bad_json",
    '{"type":"subscribe","run":"r","previews":"no"}': "bad_message",
    '{"type":"subscribe","run":"r","previews":0}': "bad_message",
    '{"type":"subscribe","run":""}': "unknown_run",
    '{"type":"subscribe","run":"r_0000000000000000000000"}': "unknown_run",
    '{"type":"subscribe","run":"../../etc/passwd"}': "unknown_run",
    '{"type":"subscribe","run":"\' OR 1=1 --"}': "unknown_run",
    '{"type":"subscribe","run":"r","after":9223372036854775807}': "unknown_run",
    json.dumps({"type": "subscribe", "run": "\u202e\u0007𐏿"}): "unknown_run",
    '{"type":"unsubscribe","run":17}': "bad_message",
}


def test_each_bad_message_is_refused_and_the_socket_stays_open(shared: Served) -> None:
    async def send_all() -> dict[str, Any]:
        found = {}
        async with watcher(shared.url) as client:
            for text in REFUSED:
                await client.socket.send(text)
                found[text] = (await client.until("refused"))["code"]
            for binary in (b"", b"\x00" * 100, b'{"type":"ping"}'):
                await client.socket.send(binary)
                assert (await client.until("refused"))["code"] == "binary"
            await client.ask("unsubscribe", run="never subscribed")
            await client.ask("ping")
            await client.until("pong")
            assert max(len(message.get("message", "")) for message in client.messages) <= 400
        return found

    assert asyncio.run(send_all()) == REFUSED


def frame(opcode: int, payload: bytes, *, masked: bool = True) -> bytes:
    """Make a frame of at most 125 bytes, masked with zeros."""
    return bytes([opcode, (128 if masked else 0) | len(payload)]) + (bytes(4) if masked else b"") + payload


CLOSED = {
    "not masked": (frame(0x81, b"{}", masked=False), 1002),
    "a reserved bit": (frame(0xC1, b"{}"), 1002),
    "an unknown opcode": (frame(0x83, b"{}"), 1002),
    "a continuation of nothing": (frame(0x80, b"{}"), 1002),
    "a ping in pieces": (frame(0x09, b"x"), 1002),
    "not UTF-8": (frame(0x81, b"\xff\xfe"), 1007),
    "a message that says it is enormous": (b"\x81\xff" + (2**62).to_bytes(8, "big") + bytes(4), 1009),
    "a negative length": (b"\x81\xff" + (2**64 - 1).to_bytes(8, "big") + bytes(4), 1009),
    "too many empty pieces": (frame(0x01, b"") + frame(0x00, b"") * 10_000, 1009),
    "too large in pieces": (frame(0x01, b" " * 125) + frame(0x00, b" " * 125) * 200, 1009),
    "a close code that does not exist": (frame(0x88, (999).to_bytes(2, "big")), 1002),
    "a close of one byte": (frame(0x88, b"\x03"), 1002),
}


@pytest.mark.parametrize("case", CLOSED)
def test_what_is_no_message_closes_the_socket_cleanly(shared: Served, case: str) -> None:
    sent, code = CLOSED[case]

    async def send() -> int:
        idle = shared.tell("facts")["connections"]
        async with watcher(shared.url) as other:
            [member] = await gather(shared.port, 1, "none")
            member.transport.write(sent)
            async with asyncio.timeout(20):
                while not (closes := [payload for _, opcode, payload in member.frames() if opcode == 8]):
                    await asyncio.sleep(0.05)
            await leave([member])
            await other.ask("ping")
            await other.until("pong")
        async with asyncio.timeout(20):
            while shared.tell("facts")["connections"] > idle:
                await asyncio.sleep(0.05)
        return int.from_bytes(closes[0][:2], "big")

    assert asyncio.run(send()) == code


def test_a_message_that_is_too_large_closes_the_socket(shared: Served) -> None:
    async def send() -> int | None:
        async with watcher(shared.url) as client:
            await client.ask("ping", more="x" * 20_000)
            return await close_code(client.socket)

    assert asyncio.run(send()) == 1009


def test_a_client_of_another_version_is_closed_with_4409(shared: Served) -> None:
    async def ask(version: str) -> int | None:
        async with connect(f"{shared.url}?version={version}", proxy=None) as socket:
            return await close_code(socket)

    assert asyncio.run(ask("2")) == 4409
    assert asyncio.run(ask("")) == 4409


def test_there_is_a_limit_to_sockets_and_one_that_leaves_makes_room(serve: Serve) -> None:
    server = serve(sockets=3)

    async def connect_all() -> tuple[int, bytes | bytearray]:
        async with watcher(server.url), watcher(server.url):
            async with watcher(server.url):
                with pytest.raises(InvalidStatus) as refused:
                    await watcher(server.url).__aenter__()
            while server.tell("facts")["open"] > 2:
                await asyncio.sleep(0.05)
            async with watcher(server.url):
                pass
            return refused.value.response.status_code, refused.value.response.body

    status, body = asyncio.run(connect_all())
    assert (status, json.loads(body)["error"]["code"]) == (503, "too_many_sockets")


def test_there_is_a_limit_to_subscriptions(serve: Serve) -> None:
    server = serve(subscriptions=2)
    runs = [server.tell("submit")["id"] for _ in range(3)]

    async def subscribe() -> dict[str, Any]:
        async with watcher(server.url, runs[0], runs[1]) as client:
            await client.ask("subscribe", run=runs[2])
            refused = await client.until("refused")
            await client.ask("subscribe", run=runs[0])
            await client.until("subscribed")
            await client.ask("unsubscribe", run=runs[0])
            await client.ask("subscribe", run=runs[2])
            await client.until("subscribed")
            return refused

    assert asyncio.run(subscribe()) == {
        "type": "refused",
        "code": "too_many_subscriptions",
        "message": "a socket has at most 2 subscriptions; unsubscribe from others first",
        "run": runs[2],
    }


def test_there_is_a_limit_to_the_runs_that_all_watch_together(serve: Serve) -> None:
    server = serve(topics=2)
    runs = [server.tell("submit")["id"] for _ in range(3)]

    async def subscribe() -> tuple[str, str]:
        async with watcher(server.url, runs[0]), watcher(server.url, runs[1]) as client:
            await client.ask("subscribe", run=runs[2])
            refused = await client.until("refused")
            await client.ask("subscribe", run=runs[0])
            await client.until("subscribed")
            return refused["code"], refused["run"]

    assert asyncio.run(subscribe()) == ("too_many_subscriptions", runs[2])


def test_a_client_that_asks_too_much_is_slowed_down_and_the_others_are_not(serve: Serve) -> None:
    server = serve(burst=50, messages_per_second=100)

    async def flood() -> tuple[float, float]:
        async with watcher(server.url) as greedy, watcher(server.url) as other:
            begun = time.monotonic()
            for _ in range(150):
                await greedy.ask("ping")
            await other.ask("ping")
            await other.until("pong")
            others = time.monotonic() - begun
            for _ in range(150):
                await greedy.until("pong")
            return time.monotonic() - begun, others

    greedy, other = asyncio.run(flood())
    assert 0.9 < greedy < 3
    assert other < 0.1
