"""A network that breaks: connections to a server are cut after some bytes, in the middle of anything."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

PIECE = 700


class Cutting:
    """Passes bytes on to a server, and cuts; `cuts` counts how often."""

    def __init__(self, port: int, patience: Callable[[], int]) -> None:
        self.cuts = 0
        self.port = 0
        self._server_port = port
        self._patience = patience  # bytes until the next cut
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator["Cutting"]:
        listening = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = listening.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            listening.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._carry(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._server_port)
        except OSError:
            return
        left = self._patience()

        async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            nonlocal left
            while (data := await source.read(min(PIECE, max(1, left)))) and left > 0:
                target.write(data)
                await target.drain()
                left -= len(data)

        with suppress(OSError):
            ways = [asyncio.create_task(pass_on(reader, back)), asyncio.create_task(pass_on(there, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        self.cuts += left <= 0
        back.transport.abort()


def at_random(seed: int, shortest: int, longest: int) -> Callable[[], int]:
    """Give lengths between two bounds."""
    dice = random.Random(seed)
    return lambda: dice.randint(shortest, longest)
