"""A websocket client for tests: it remembers all that it was sent, and when."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

Words = dict[str, Any]


class Watcher:
    """Reads one socket; `events` are the state events of all runs, `late` how old each was when it came."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.messages: list[Words] = []
        self.frames: list[bytes] = []
        self.events: list[Words] = []
        self.late: list[float] = []
        self.size = 0

    async def ask(self, type_: str, **words: object) -> None:
        await self.socket.send(json.dumps({"type": type_, **words}))

    async def next(self) -> Words | bytes:
        """Read one message."""
        frame = await asyncio.wait_for(self.socket.recv(), 30)
        if isinstance(frame, bytes):
            self.frames.append(frame)
            return frame
        message: Words = json.loads(frame)
        self.messages.append(message)
        if message["type"] == "events":
            self.size += len(frame)
            now = time.time()
            self.events += message["events"]
            self.late += [now - event["at"] for event in message["events"]]
        return message

    async def until(self, type_: str) -> Words:
        """Read until a message of this type comes."""
        while True:
            message = await self.next()
            if isinstance(message, dict) and message["type"] == type_:
                return message

    async def until_event(self, n: int) -> None:
        """Read until the state event of this number is there."""
        while not self.events or self.events[-1]["n"] < n:
            await self.next()

    @property
    def numbers(self) -> list[int]:
        return [event["n"] for event in self.events]


@asynccontextmanager
async def watcher(url: str, *runs: str, **words: object) -> AsyncIterator[Watcher]:
    """Connect, and subscribe to runs."""
    async with connect(url, compression=None, open_timeout=30, max_size=None, proxy=None) as socket:
        made = Watcher(socket)
        await made.until("welcome")
        for run in runs:
            await made.ask("subscribe", run=run, **words)
            await made.until("subscribed")
        yield made


async def close_code(socket: ClientConnection) -> int | None:
    """Read all that is left, and give the code with which the server closed."""
    with suppress(ConnectionClosed):
        while True:
            await asyncio.wait_for(socket.recv(), 30)
    return socket.close_code
