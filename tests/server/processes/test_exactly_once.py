"""Kills at any moment change no byte: what a graph gives is the same as without them, and is there once."""

import asyncio
import os
import random
import signal
from pathlib import Path
from typing import Any

import pytest

from engine import Cache
from tests.server.processes.stage import Stage, alive, stage, until
from tests.server.toys import CATALOG, Bytes

pytestmark = pytest.mark.anyio


def graph(seed: int) -> dict[str, Any]:
    """Draw a graph whose values are large enough to be files."""
    nodes: dict[str, Any] = {
        f"b{at}": {"type": "Blob", "params": {"seed": 10 * seed + at, "seconds": 0.021}} for at in range(4)
    }
    for at in range(3):
        left = f"m{at - 1}.bytes" if at else "b3.bytes"
        wired = {"a": left, "b": f"b{at}.bytes"}
        nodes[f"m{at}"] = {"type": "Mixed", "params": {"seconds": 0.021}, "inputs": wired}
    return nodes


def expected(seed: int) -> bytes:
    blobs = [random.Random(10 * seed + at).randbytes(20_000) for at in range(4)]
    value = blobs[3]
    for at in range(3):
        value = bytes(left ^ right for left, right in zip(value, blobs[at], strict=True))
    return value


async def kill_at_random(at_work: Stage, times: int, chance: random.Random) -> None:
    for _ in range(times):
        await asyncio.sleep(chance.uniform(0.0, 0.3))
        members = [member for member in at_work.crew.members() if member.pid is not None and member.state == "busy"]
        if members:
            os.kill(chance.choice(members).pid or 0, signal.SIGKILL)


@pytest.mark.parametrize("kills", [12, pytest.param(1000, marks=pytest.mark.full)])
@pytest.mark.timeout(1800)
async def test_no_byte_differs_after_kills(tmp_path: Path, kills: int) -> None:
    """Each run is killed at most twice, so that it is done in the end."""
    chance = random.Random(7)
    killed = 0
    async with stage(tmp_path) as at_work:
        await at_work.idle()
        seed = 0
        while killed < kills:
            seed += 1
            run = await at_work.submit(graph(seed), document={"outputs": {"it": "m2.bytes"}})
            killing = asyncio.create_task(kill_at_random(at_work, 2, chance))
            run = await at_work.ended(run)
            killing.cancel()
            await asyncio.wait([killing])
            await until(lambda: all(alive(member.pid or 0) for member in at_work.crew.members()))
            killed += run.attempt - 1
            assert run.status == "done", run.fault
            (digest,) = run.outputs["it"].digests
            cache = Cache(at_work.terms.cache)
            found = cache.value(digest, CATALOG.codecs)
            assert cache.disk is not None
            if seed % 50 == 1:
                assert cache.disk.verify() == []
            cache.close()
            assert found == Bytes(expected(seed))
