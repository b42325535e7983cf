"""A client that does not read delays nobody, costs little, and is told to resume."""

import asyncio
import json
import time

from websockets.asyncio.client import connect

from tests.server.socket.conftest import Serve
from tests.server.socket.crowd import gather, leave
from tests.server.socket.watching import close_code, watcher

FLOOD = 40  # pictures of 256 kB


def test_a_client_that_stops_reading_delays_nobody_and_costs_less_than_4_mb(serve: Serve) -> None:
    server = serve(send_seconds=60, ping_seconds=60)
    run, _ = server.taken("node_0000")

    async def watch() -> tuple[list[float], int]:
        slow = await gather(server.port, 5, run)
        await asyncio.sleep(0.2)
        before = server.tell("facts")["memory"]
        for member in slow:
            member.transport.pause_reading()
        async with watcher(server.url, run, previews=False) as good:
            await asyncio.to_thread(server.tell, "pictures", run=run, node="node_0000", size=262_144, count=FLOOD)
            late = []
            for last in (100, 200, 300):  # what is late each time is not late because the machine is busy
                good.late.clear()
                reading = asyncio.create_task(good.until_event(last))
                await asyncio.to_thread(server.tell, "play", run=run, nodes=50, batch=4, pause=0.02)
                await reading
                late.append(max(good.late[1:]))
            facts = server.tell("facts")
            assert facts["open"] == 6
            await leave(slow)
            return late, (facts["memory"] - before) // 5

    late, each = asyncio.run(watch())
    print(late, each)
    assert min(late) < 0.1
    assert each < 4_000_000


def test_a_client_that_does_not_read_in_time_is_closed_with_4408_and_may_resume(serve: Serve) -> None:
    server = serve(send_seconds=0.5)
    run, _ = server.taken("node_0000")

    async def watch() -> tuple[int | None, list[int], int]:
        async with connect(server.url, compression=None, max_queue=1, max_size=None, proxy=None) as slow:
            await slow.send(json.dumps({"type": "subscribe", "run": run}))
            await asyncio.sleep(0.2)
            slow.transport.pause_reading()
            await asyncio.to_thread(server.tell, "pictures", run=run, node="node_0000", size=524_288, count=FLOOD)
            await asyncio.sleep(1)
            assert server.tell("facts")["watched"][-1] == [run, False]
            slow.transport.resume_reading()
            closed = await close_code(slow)
        await asyncio.to_thread(server.tell, "play", run=run, nodes=5, batch=1, pause=0)
        async with watcher(server.url, run, after=0) as again:
            await again.until_event(10)
            return closed, again.numbers, server.tell("facts")["open"]

    assert asyncio.run(watch()) == (4408, list(range(1, 11)), 1)


def test_a_client_that_never_reads_again_is_gone_all_the_same(serve: Serve) -> None:
    server = serve(send_seconds=0.5, linger_seconds=0.5)
    run, _ = server.taken("node_0000")

    async def watch() -> float:
        idle = server.tell("facts")["connections"]
        [slow] = await gather(server.port, 1, run)
        await asyncio.sleep(0.2)
        slow.transport.pause_reading()
        await asyncio.to_thread(server.tell, "pictures", run=run, node="node_0000", size=524_288, count=FLOOD)
        begun = time.monotonic()
        while server.tell("facts")["connections"] > idle:
            await asyncio.sleep(0.1)
            assert time.monotonic() < begun + 10
        await leave([slow])
        return time.monotonic() - begun

    assert asyncio.run(watch()) < 3


def test_a_client_that_sends_pings_and_does_not_read_the_answers_is_cut(serve: Serve) -> None:
    server = serve(ping_seconds=300)
    ping = b"\x89\xfd" + bytes(4) + b"x" * 125
    most = 32 * 2**20  # bytes; far more than what the kernel holds on both sides

    async def flood() -> tuple[bool, int]:
        [rude] = await gather(server.port, 1, "none")
        await asyncio.sleep(0.1)
        rude.transport.pause_reading()
        sent, give_up = 0, time.monotonic() + 60
        while sent < most and not rude.transport.is_closing() and time.monotonic() < give_up:
            if rude.transport.get_write_buffer_size() < 1_000_000:
                rude.transport.write(ping * 1_000)
                sent += 1_000 * len(ping)
            await asyncio.sleep(0)
        cut, memory = rude.transport.is_closing(), server.tell("facts")["memory"]
        await leave([rude])
        return cut, int(memory)

    before = server.tell("facts")["memory"]
    cut, after = asyncio.run(flood())
    assert cut
    assert after - before < 8_000_000
