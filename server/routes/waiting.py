"""Wait for a run to end, on behalf of who asked with `?wait=`.

Guarantees
1. Waiting ends with the run, the time, the server, or the client's leaving.
2. Who waits takes no room from who asks: beyond half of the requests that are answered at once, nobody waits.
"""

import asyncio
from collections.abc import Awaitable

from starlette.requests import Request

from server.records import FINAL, Run
from server.services import Services

LOOK_AGAIN = 2.0  # seconds, where nobody tells


async def ended(run: Run, parts: Services, asking: Request, *, seconds: float) -> Run:
    """Give a run once it has ended, or as it stands when waiting is over."""
    if not seconds or run.status in FINAL or parts.waiting.locked():
        return run
    async with parts.waiting:
        await _first(asyncio.wait_for(_end(run, parts), seconds), _left(asking), parts.leaving.wait())
    return await parts.db.runs.get(run.id)


async def _end(run: Run, parts: Services) -> None:
    wake = asyncio.Event()
    topic = parts.hub.watch(run.id, wake, previews=False)
    try:
        while True:
            wake.clear()  # before looking: what is told from here on is not missed
            if not topic.live and (await parts.db.runs.get(run.id)).status in FINAL:
                return
            await _first(wake.wait(), asyncio.sleep(LOOK_AGAIN))
    finally:
        parts.hub.leave(run.id, wake)


async def _left(asking: Request) -> None:
    """Wait until the client has closed its connection."""
    while (await asking.receive())["type"] != "http.disconnect":
        pass


async def _first(*awaited: Awaitable[object]) -> None:
    """Wait for one of these, and let go of the others."""
    tasks = [asyncio.ensure_future(each) for each in awaited]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
