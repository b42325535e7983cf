"""Many clients on one run: each gets every state event in order, soon, and costs little."""

import asyncio
import os
import time

import pytest

from tests.server.socket.conftest import Serve
from tests.server.socket.crowd import Member, gather, leave

CROWDS = [100, pytest.param(1_000, marks=pytest.mark.full)]
BATCHES, BATCH = 20, 10


@pytest.mark.parametrize("size", CROWDS)
def test_a_crowd_gets_every_state_event_in_order_and_soon(serve: Serve, size: int) -> None:
    server = serve(ping_seconds=60)
    run, _ = server.taken()
    last = BATCHES * BATCH
    figures: dict[str, float] = {}

    async def watch() -> list[Member]:
        before = server.tell("facts")["memory"]
        begun = time.monotonic()
        crowd = await gather(server.port, size, run)
        while server.tell("facts")["open"] < size:
            await asyncio.sleep(0.05)
        figures["connect"] = time.monotonic() - begun
        await asyncio.sleep(1)
        figures["bytes each"] = (server.tell("facts")["memory"] - before) / size
        played = await asyncio.to_thread(server.tell, "play", run=run, nodes=last // 2, batch=BATCH, pause=0.25)
        figures["publish"], figures["late loop"] = played["most"], played["late"]
        await asyncio.sleep(2)
        await leave(crowd)
        return crowd

    crowd = asyncio.run(watch())
    came = [list(member.events()) for member in crowd]
    assert [[event["n"] for _, event in events] for events in came] == [list(range(last + 1))] * size
    figures["event to all"] = max(when - event["at"] for events in came for when, event in events[1:])
    print(f"{size} clients: {figures}", os.getloadavg())
    assert figures["connect"] < 10
    assert figures["event to all"] < 1
    assert figures["bytes each"] < 100_000
