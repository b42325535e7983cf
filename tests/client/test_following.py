"""Following a run over a network that breaks and a server that is killed: no gap, no duplicate."""

import asyncio
import random
import signal
import time
from collections.abc import Callable
from functools import partial

import pytest

from client import backoff
from client.address import Address
from client.errors import RefusedError, UnreachableError
from client.following import Followed, Following, NodePreview
from client.schema import Progress, Snapshot
from tests.client.cutting import Cutting, at_random
from tests.server.socket.conftest import Serve
from tests.server.socket.stage import Served

SEEDS = [range(2), pytest.param(range(2, 40), marks=pytest.mark.full)]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cuts come faster here than in any network: wait less after each."""
    monkeypatch.setattr(backoff, "SHORTEST", 0.01)
    monkeypatch.setattr(backoff, "LONGEST", 0.1)


def story(server: Served, run: str, seed: int, *, kills: int) -> None:
    """Let a run go on in steps of all sizes; now and then the server is killed and started again."""
    dice = random.Random(seed)
    fatal = set(dice.sample(range(5, 55), kills))
    for step in range(60):
        if step in fatal:
            server.stop(signal.SIGKILL)
            server.start()
            server.tell("take", run=run, nodes=["a"])
        events = [{"type": "node_started", "node": f"node_{step % 8}"} for _ in range(dice.choice([1, 1, 2, 5, 30]))]
        server.tell("say", run=run, events=events)
        time.sleep(dice.choice([0, 0, 0.01, 0.05]))
    server.tell("finish", run=run)


async def follow(
    server: Served, run: str, patience: Callable[[], int], tell: Callable[[], None]
) -> tuple[list[Followed], int]:
    """Follow a run through a network that breaks, while it goes on."""
    async with Cutting(server.port, patience).listening() as network:
        following = Following(Address(f"http://127.0.0.1:{network.port}"), run, patience=30)
        telling = asyncio.create_task(asyncio.to_thread(tell))
        found = [message async for message in following.messages()]
        await telling
        return found, network.cuts


@pytest.mark.parametrize("seeds", SEEDS)
def test_no_gap_and_no_duplicate_over_cuts_and_kills(serve: Serve, seeds: range) -> None:
    server = serve(ring_events=50, page_events=40)
    cuts = 0
    for seed in seeds:
        run, _ = server.taken("a")
        tell = partial(story, server, run, seed, kills=1)
        found, more = asyncio.run(follow(server, run, at_random(seed, 300, 9_000), tell))
        events = [message.model_dump() for message in found if not isinstance(message, NodePreview | Progress)]
        assert events == server.tell("log", run=run)["events"]
        cuts += more
    print(f"{cuts} cuts")
    assert cuts > 10 * len(seeds)


@pytest.mark.parametrize("seeds", SEEDS)
def test_state_goes_on_after_snapshots_over_cuts_and_kills(serve: Serve, seeds: range) -> None:
    server = serve(ring_events=5, page_events=5, replay_events=20)
    snapshots = 0
    for seed in seeds:
        run, _ = server.taken("a")
        tell = partial(story, server, run, seed, kills=1)
        found, _ = asyncio.run(follow(server, run, at_random(seed, 2_000, 12_000), tell))
        snapshots += check_state(found, server.tell("log", run=run)["events"])
    print(f"{snapshots} snapshots")
    assert snapshots > 0


def test_a_server_that_had_nothing_to_tell_was_there_all_the_time(serve: Serve) -> None:
    server = serve()
    run, _ = server.taken("a")
    cuts = iter([4_000])

    def tell() -> None:
        time.sleep(1.5)  # longer than the patience below
        server.tell("say", run=run, events=[{"type": "node_started", "node": "a"}] * 200)
        server.tell("finish", run=run)

    async def watch() -> list[Followed]:
        async with Cutting(server.port, lambda: next(cuts, 1_000_000)).listening() as network:
            following = Following(Address(f"http://127.0.0.1:{network.port}"), run, patience=1)
            telling = asyncio.create_task(asyncio.to_thread(tell))
            found = [message async for message in following.messages()]
            await telling
            assert network.cuts == 1
            return found

    assert len(asyncio.run(watch())) == len(server.tell("log", run=run)["events"])


def check_state(found: list[Followed], log: list[dict[str, object]]) -> int:
    """Each event follows the event or the snapshot before it, up to the last; say how many snapshots there were."""
    n, snapshots = -1, 0
    for message in found:
        assert not isinstance(message, NodePreview | Progress)
        if isinstance(message, Snapshot):
            assert message.n > n
            snapshots += 1
        else:
            assert message.n == n + 1
            assert message.model_dump() == log[message.n]
        n = message.n
    assert n == len(log) - 1
    return snapshots


def test_previews_and_progress_come_by_the_name_of_their_node(server: Served) -> None:
    run, _ = server.taken("a", "b")

    async def watch() -> list[Followed]:
        following = Following(Address(f"http://127.0.0.1:{server.port}"), run, previews=True, patience=5)
        found: list[Followed] = []
        async for message in following.messages():
            found.append(message)
            if len(found) == 1:
                await asyncio.to_thread(server.tell, "step", run=run, node="b", steps=7, pause=0)
            if isinstance(message, NodePreview):
                await asyncio.to_thread(server.tell, "finish", run=run)
        return found

    found = asyncio.run(watch())
    assert [message for message in found if isinstance(message, NodePreview)] == [
        NodePreview("b", None, "image/jpeg", b"7")
    ]
    assert [(message.node, message.step) for message in found if isinstance(message, Progress)] == [("b", 7)]


def test_a_run_that_does_not_exist_is_an_error(server: Served) -> None:
    with pytest.raises(RefusedError, match="there is no such run"):
        asyncio.run(follow(server, "r_none", lambda: 10**9, lambda: None))


def test_a_server_that_stays_away_is_an_error() -> None:
    async def watch() -> None:
        async for _ in Following(Address("http://127.0.0.1:9"), "r", patience=0.3).messages():
            pass

    begun = time.monotonic()
    with pytest.raises(UnreachableError, match="does not answer"):
        asyncio.run(watch())
    assert 0.3 < time.monotonic() - begun < 3
