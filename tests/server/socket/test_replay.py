"""What a client gets that comes late: pages from the database, or a snapshot."""

import asyncio
from typing import Any

from tests.server.socket.conftest import Serve
from tests.server.socket.stage import Served
from tests.server.socket.watching import watcher

NODES = 100
LAST = 2 * NODES


def played(server: Served) -> str:
    run, _ = server.taken(*(f"node_{number:04}" for number in range(NODES)))
    server.tell("play", run=run, nodes=NODES, batch=LAST, pause=0)
    return run


async def all_of(server: Served, run: str, after: int, until: int = LAST) -> tuple[list[str], list[int]]:
    """Subscribe after a number; give the types of the messages and the numbers of the events."""
    async with watcher(server.url, run, after=after) as client:
        while not client.numbers or client.numbers[-1] < until:
            await client.next()
        return [message["type"] for message in client.messages[2:]], client.numbers


def test_a_run_that_is_over_is_read_from_the_database_in_pages(serve: Serve) -> None:
    server = serve(page_events=30, ring_events=10)
    run = played(server)
    types, numbers = asyncio.run(all_of(server, run, after=-1))
    assert numbers == list(range(LAST + 1))
    assert types == ["events"] * 7
    types, numbers = asyncio.run(all_of(server, run, after=150))
    assert numbers == list(range(151, LAST + 1))
    assert types == ["events"] * 2


def test_what_has_left_the_memory_is_read_and_the_rest_follows_without_a_hole(serve: Serve) -> None:
    server = serve(page_events=30, ring_events=10)
    run, _ = server.taken()

    async def watch() -> tuple[list[int], list[int]]:
        async with watcher(server.url, run) as early:
            await asyncio.to_thread(server.tell, "play", run=run, nodes=20, batch=1, pause=0)
            async with watcher(server.url, run) as late:
                await asyncio.to_thread(server.tell, "play", run=run, nodes=20, batch=7, pause=0.01)
                await early.until_event(80)
                await late.until_event(80)
                return early.numbers, late.numbers

    assert asyncio.run(watch()) == (list(range(81)), list(range(81)))


def test_a_client_that_is_too_far_behind_gets_a_snapshot(serve: Serve) -> None:
    server = serve(page_events=30, ring_events=10, replay_events=100)
    run = played(server)

    async def watch() -> tuple[dict[str, Any], list[int]]:
        async with watcher(server.url, run, after=3) as client:
            snapshot = await client.until("snapshot")
            server.tell("finish", run=run)
            await client.until_event(LAST + 1)
            return snapshot, client.numbers

    snapshot, numbers = asyncio.run(watch())
    assert (snapshot["n"], numbers) == (LAST, [LAST + 1])
    assert snapshot["run"]["id"] == run
    assert {node["status"] for node in snapshot["nodes"].values()} == {"done"}
    assert len(snapshot["nodes"]) == NODES


def test_a_client_that_knows_more_than_the_server_gets_a_snapshot(server: Served) -> None:
    run = played(server)

    async def watch() -> tuple[list[str], int]:
        async with watcher(server.url, run, after=LAST + 50) as client:
            snapshot = await client.until("snapshot")
            server.tell("say", run=run, events=[{"type": "node_started", "node": "node_0000"}])
            await client.until("events")
            return [message["type"] for message in client.messages], snapshot["n"]

    assert asyncio.run(watch()) == (["welcome", "subscribed", "snapshot", "events"], LAST)


def test_a_run_of_a_thousand_nodes_sends_less_than_a_megabyte(server: Served) -> None:
    run, _ = server.taken(*(f"node_{number:04}" for number in range(1_000)))

    async def watch() -> int:
        async with watcher(server.url, run) as client:
            playing = asyncio.to_thread(server.tell, "play", run=run, nodes=1_000, batch=20, pause=0)
            await asyncio.gather(playing, client.until_event(2_000))
            return client.size

    size = asyncio.run(watch())
    print(size)
    assert size < 1_000_000


def test_subscribing_again_starts_again(server: Served) -> None:
    run = played(server)

    async def watch() -> list[int]:
        async with watcher(server.url, run, after=LAST - 2) as client:
            await client.until_event(LAST)
            await client.ask("subscribe", run=run, after=LAST - 1)
            await client.until("subscribed")
            await client.until("events")
            return client.numbers

    assert asyncio.run(watch()) == [LAST - 1, LAST, LAST]


def test_nothing_comes_after_unsubscribing_and_nothing_is_kept(server: Served) -> None:
    run, _ = server.taken()

    async def watch() -> tuple[list[int], list[int]]:
        async with watcher(server.url, run) as client:
            await client.until_event(0)
            topics = [server.tell("facts")["topics"]]
            server.tell("finish", run=run)
            await client.until_event(1)
            await client.ask("unsubscribe", run=run)
            await client.ask("ping")
            await client.until("pong")
            return client.numbers, [*topics, server.tell("facts")["topics"]]

    assert asyncio.run(watch()) == ([0, 1], [1, 0])


def test_runs_that_nobody_watches_cost_nothing(server: Served) -> None:
    for _ in range(5):
        run, _ = server.taken("a")
        server.tell("step", run=run, node="a", steps=3, pause=0)
        server.tell("finish", run=run)
        server.tell("step", run=run, node="a", steps=3, pause=0)
    assert server.tell("facts")["topics"] == 0
