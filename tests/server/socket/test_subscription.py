"""What one client gets next of one run."""

import asyncio
from typing import cast

from server.database import Database
from server.frames import HEADER
from server.hub import Hub
from server.latest import Frame
from server.socket_limits import SocketLimits
from server.subscription import Subscription

UNASKED = cast(Database, None)  # all that is needed here is held in memory


def test_of_the_previews_of_several_nodes_one_is_given_and_then_the_newest_of_the_next() -> None:
    limits = SocketLimits(pace_seconds=0.01)

    async def pull() -> list[tuple[int, bytes]]:
        hub = Hub(limits)
        topic = hub.watch("r", asyncio.Event(), previews=True)
        topic.number = 7
        hub.nodes("r", ["a", "b"])
        subscription = Subscription(topic, limits, after=-1, previews=True)
        frames: list[Frame] = await subscription.next(UNASKED)
        for node, image in (("a", b"1"), ("b", b"2"), ("b", b"3")):
            hub.preview("r", node, None, image, "image/png")
            await asyncio.sleep(0.05)
            if image != b"2":
                frames += await subscription.next(UNASKED)
        return [(HEADER.unpack(frame[:20])[6], frame[20:]) for frame in frames if isinstance(frame, bytes)]

    assert asyncio.run(pull()) == [(0, b"1"), (1, b"3")]


def test_previews_that_wait_are_given_one_at_a_time() -> None:
    limits = SocketLimits(pace_seconds=0.01)

    async def pull() -> list[int]:
        hub = Hub(limits)
        topic = hub.watch("r", asyncio.Event(), previews=True)
        topic.number = 7
        hub.nodes("r", ["a", "b", "c"])
        for node in ("a", "b", "c"):
            hub.preview("r", node, None, b"x", "image/png")
        await asyncio.sleep(0.05)
        subscription = Subscription(topic, limits, after=-1, previews=True)
        return [len(await subscription.next(UNASKED)) for _ in range(5)]

    assert asyncio.run(pull()) == [1, 1, 1, 1, 0]
