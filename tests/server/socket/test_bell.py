"""Waking a crowd: nobody is left out, nobody else waits."""

import asyncio
import time

from server.bell import HANDFUL, Bell


def test_everybody_who_waits_is_woken() -> None:
    async def ring() -> int:
        bell, wakes = Bell(), [asyncio.Event() for _ in range(5 * HANDFUL + 3)]
        for wake in wakes:
            bell.join(wake)
        bell.leave(wakes[0])
        bell.ring()
        await asyncio.sleep(0.01)
        return sum(wake.is_set() for wake in wakes[1:]) - sum(wake.is_set() for wake in wakes[:1])

    assert asyncio.run(ring()) == 5 * HANDFUL + 2


def test_ringing_all_the_time_leaves_nobody_out() -> None:
    async def ring() -> bool:
        bell, wakes = Bell(), [asyncio.Event() for _ in range(10 * HANDFUL)]
        for wake in wakes:
            bell.join(wake)
        for _ in range(15):
            bell.ring()
            await asyncio.sleep(0)
        return wakes[-1].is_set()

    assert asyncio.run(ring())


def test_who_waits_when_it_rings_again_is_woken_again() -> None:
    async def ring() -> bool:
        bell, first, last = Bell(), asyncio.Event(), asyncio.Event()
        for wake in (first, *(asyncio.Event() for _ in range(3 * HANDFUL)), last):
            bell.join(wake)
        bell.ring()
        while not first.is_set():
            await asyncio.sleep(0)
        first.clear()
        bell.ring()
        await asyncio.sleep(0.01)
        return first.is_set()

    assert asyncio.run(ring())


def test_the_loop_does_other_things_between_two_handfuls() -> None:
    async def busy(wake: asyncio.Event) -> None:
        await wake.wait()
        time.sleep(0.001)

    async def ring() -> float:
        bell = Bell()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(20 * HANDFUL):
                wake = asyncio.Event()
                bell.join(wake)
                tasks.create_task(busy(wake))
            await asyncio.sleep(0.05)
            bell.ring()
            longest = 0.0
            for _ in range(20):
                begun = time.monotonic()
                await asyncio.sleep(0)
                longest = max(longest, time.monotonic() - begun)
        return longest

    assert asyncio.run(ring()) < 10 * HANDFUL * 0.001


def test_ringing_costs_the_same_however_many_wait() -> None:
    async def seconds(crowd: int) -> float:
        bell = Bell()
        for _ in range(crowd):
            bell.join(asyncio.Event())
        bell.ring()
        begun = time.perf_counter()
        for _ in range(10_000):
            bell.ring()
        return time.perf_counter() - begun

    assert min(asyncio.run(seconds(20_000)) for _ in range(3)) < 0.05
