"""How sockets end: dead peers are cut, and those who live are told when the server stops."""

import asyncio
import time

import pytest

from tests.server.socket.conftest import Serve
from tests.server.socket.crowd import gather, leave
from tests.server.socket.stage import Served
from tests.server.socket.watching import close_code, watcher


async def gone_after(server: Served, run: str, *, reads: bool) -> float:
    """Say how long a client is kept that answers no ping."""
    idle = server.tell("facts")["connections"]
    [dead] = await gather(server.port, 1, run)
    begun = time.monotonic()
    await asyncio.sleep(0.1)
    if not reads:
        dead.transport.pause_reading()
        await asyncio.to_thread(server.tell, "pictures", run=run, node="a", size=400_000, count=30)
    while server.tell("facts")["connections"] > idle:
        await asyncio.sleep(0.05)
    await leave([dead])
    return time.monotonic() - begun


@pytest.mark.parametrize("reads", [True, False])
def test_a_peer_that_answers_no_ping_is_gone_soon(serve: Serve, reads: bool) -> None:
    server = serve(ping_seconds=1, send_seconds=60)
    run, _ = server.taken("a")
    assert 1.5 < asyncio.run(gone_after(server, run, reads=reads)) < 4


@pytest.mark.full
@pytest.mark.parametrize("reads", [True, False])
def test_a_dead_peer_is_gone_in_40_seconds(serve: Serve, reads: bool) -> None:
    server = serve(send_seconds=100)
    run, _ = server.taken("a")
    assert asyncio.run(gone_after(server, run, reads=reads)) < 40


def test_a_peer_that_only_answers_pings_is_kept(serve: Serve) -> None:
    server = serve(ping_seconds=0.3)
    run, _ = server.taken("a")

    async def wait() -> list[int]:
        async with watcher(server.url, run) as client:
            reading = asyncio.create_task(client.until_event(1))
            await asyncio.sleep(2)
            server.tell("finish", run=run)
            await reading
            return client.numbers

    assert asyncio.run(wait()) == [0, 1]


def test_a_server_that_stops_says_so_and_waits_for_nobody(server: Served) -> None:
    run, _ = server.taken("a")

    async def stop() -> tuple[int | None, float]:
        async with watcher(server.url, run) as client:
            deaf = await gather(server.port, 3, run)
            await asyncio.sleep(0.1)
            for member in deaf:
                member.transport.pause_reading()
            await asyncio.to_thread(server.tell, "pictures", run=run, node="a", size=400_000, count=20)
            stopping = asyncio.create_task(asyncio.to_thread(server.stop))
            code = await close_code(client.socket)
            seconds = await stopping
            await leave(deaf)
            return code, seconds

    code, seconds = asyncio.run(stop())
    assert code == 1001
    assert seconds < 4
    server.start()
