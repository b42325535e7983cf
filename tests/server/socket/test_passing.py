"""Progress, previews and the queue: the newest only, and not too often."""

import asyncio
import itertools
from typing import Any

from tests.server.socket.conftest import Serve
from tests.server.socket.stage import Served
from tests.server.socket.watching import Watcher, watcher

STEPS = 200


async def until_quiet(client: Watcher) -> None:
    """Read all that comes until nothing has come for a while."""
    try:
        while True:
            async with asyncio.timeout(0.3):
                await client.next()
    except TimeoutError:
        pass


def steps(client: Watcher) -> list[int]:
    return [message["step"] for message in client.messages if message["type"] == "progress"]


def test_progress_is_told_at_most_20_times_a_second_and_the_newest_always(server: Served) -> None:
    run, _ = server.taken("a")

    async def watch() -> tuple[list[int], list[bytes], dict[str, Any]]:
        async with watcher(server.url, run) as client:
            await asyncio.to_thread(server.tell, "step", run=run, node="a", steps=STEPS, pause=0.005)
            await until_quiet(client)
            return steps(client), client.frames, client.messages[-1]

    told, frames, last = asyncio.run(watch())
    assert told == sorted(told)
    assert 5 < len(told) <= 2 + 20 * STEPS * 0.02
    assert last == {**last, "type": "progress", "node": "a", "step": STEPS, "total": STEPS, "rate": None}
    assert len(frames) <= len(told)
    assert frames[-1][20:] == b"%d" % STEPS


def test_previews_are_sent_only_to_those_who_want_them(server: Served) -> None:
    run, _ = server.taken("a")

    async def watch() -> tuple[int, int, list[list[object]]]:
        async with watcher(server.url, run, previews=False) as plain:
            watched = [server.tell("facts")["watched"]]
            async with watcher(server.url, run) as wanting:
                watched += server.tell("facts")["watched"]
                await asyncio.to_thread(server.tell, "step", run=run, node="a", steps=9, pause=0.01)
                await until_quiet(wanting)
            await until_quiet(plain)
            watched += server.tell("facts")["watched"][1:]
            return len(plain.frames), len(wanting.frames), watched

    plain, wanting, watched = asyncio.run(watch())
    assert plain == 0
    assert wanting > 0
    assert watched == [[], [run, True], [run, False]]


def test_a_slow_reader_gets_the_newest_preview_and_not_those_before(serve: Serve) -> None:
    server = serve(preview_bytes=8_388_608)
    run, _ = server.taken("a")

    async def watch() -> list[int]:
        async with watcher(server.url, run) as client:
            client.socket.transport.pause_reading()
            for size in range(60):
                await asyncio.to_thread(server.tell, "pictures", run=run, node="a", size=200_000 + size, count=1)
            client.socket.transport.resume_reading()
            await until_quiet(client)
            return [len(frame) - 20 - 200_000 for frame in client.frames]

    sizes = asyncio.run(watch())
    assert sizes == sorted(sizes)
    assert sizes[-1] == 59
    assert len(sizes) < 40


def test_progress_of_a_node_is_never_told_after_its_end(server: Served) -> None:
    run, _ = server.taken("a", "b")

    async def watch() -> list[str]:
        async with watcher(server.url, run) as client:
            server.tell("step", run=run, node="b", steps=1, pause=0)
            server.tell("end_after_step", run=run, node="a")
            await until_quiet(client)
            assert len(client.frames) == 1
            return [str(message.get("node")) for message in client.messages if message["type"] == "progress"]

    assert asyncio.run(watch()) == ["b"]


def test_a_newcomer_learns_at_once_how_far_nodes_are(server: Served) -> None:
    run, _ = server.taken("a")

    async def watch() -> tuple[list[int], int]:
        async with watcher(server.url, run) as first:
            server.tell("step", run=run, node="a", steps=3, pause=0)
            await until_quiet(first)
            async with watcher(server.url, run) as second:
                await until_quiet(second)
                return steps(second), len(second.frames)

    assert asyncio.run(watch()) == ([3], 1)


def test_nodes_are_told_again_when_a_worker_takes_the_run(server: Served) -> None:
    run = server.tell("submit")["id"]

    async def watch() -> list[Any]:
        async with watcher(server.url, run) as client:
            server.tell("take", run=run, nodes=["a", "b"])
            await until_quiet(client)
            return [message["nodes"] for message in client.messages if message["type"] == "subscribed"]

    assert asyncio.run(watch()) == [[], ["a", "b"]]


def test_the_queue_is_told_as_it_stands_and_then_as_it_changes(server: Served) -> None:
    server.tell("submit")

    async def watch() -> list[Any]:
        async with watcher(server.url) as client:
            await client.ask("watch_queue")
            await client.until("queue_changed")
            ids = [server.tell("submit")["id"]]
            await client.until("queue_changed")
            server.tell("take", run=ids[0], nodes=[])
            await client.until("queue_changed")
            server.tell("queue", do_pause=True)
            await client.until("queue_changed")
            told = [message for message in client.messages if message["type"] == "queue_changed"]
            return [(said["run"] and said["run"]["status"], said["queued"], said["paused"]) for said in told]

    assert asyncio.run(watch()) == [
        (None, 1, False),
        ("queued", 2, False),
        ("running", 1, False),
        (None, 1, True),
    ]


def test_many_changes_of_the_queue_are_told_as_one(serve: Serve) -> None:
    server = serve(changed_runs=5)
    ids = [server.tell("submit")["id"] for _ in range(8)]

    async def changes(runs: list[str]) -> list[Any]:
        async with watcher(server.url) as client:
            await client.ask("watch_queue")
            await client.until("queue_changed")
            server.tell("changed", runs=runs)
            await until_quiet(client)
            return [message["run"] and message["run"]["id"] for message in client.messages[2:]]

    few = [*ids[:3], *ids[:3], ids[1]]
    assert asyncio.run(changes(few)) == [ids[0], ids[2], ids[1]]
    assert asyncio.run(changes(list(itertools.chain(ids, ids)))) == [None]
