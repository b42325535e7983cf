"""Many websocket clients in one process, as light as can be: bytes are kept as they come, and read afterwards."""

import asyncio
import base64
import json
import os
import struct
import time
from collections.abc import Iterable, Iterator

from tests.server.socket.watching import Words

HANDSHAKE = (
    "GET /api/v1/ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Member(asyncio.Protocol):
    """One client; `open` is done when its handshake is."""

    def __init__(self, port: int) -> None:
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport
        self._port = port
        self._head = b""
        self._came: list[tuple[float, int]] = []  # until when how many bytes had come
        self._bytes = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(HANDSHAKE.format(port=self._port, key=key).encode())

    def data_received(self, data: bytes) -> None:
        if not self.open.done():
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self.open.set_result(None)
        self._bytes += data
        self._came.append((time.time(), len(self._bytes)))

    def ask(self, **words: object) -> None:
        """Send a message of at most 125 or of more bytes, masked with zeros."""
        text = json.dumps(words).encode()
        length = struct.pack("!B", 128 | len(text)) if len(text) < 126 else struct.pack("!BH", 254, len(text))
        self.transport.write(b"\x81" + length + bytes(4) + text)

    def frames(self) -> Iterator[tuple[float, int, bytes]]:
        """Give the frames that have come: when, with which opcode, what."""
        at, data = 0, bytes(self._bytes)
        came = iter(self._came)
        when, until = next(came)
        while at + 1 < len(data):
            opcode, size, at = data[at] & 15, data[at + 1], at + 2
            if size >= 126:
                width = 2 if size == 126 else 8
                size, at = int.from_bytes(data[at : at + width]), at + width
            if at + size > len(data):
                return  # the rest is on its way
            while until < at + size:
                when, until = next(came)
            yield when, opcode, data[at : at + size]
            at += size

    def events(self) -> Iterator[tuple[float, Words]]:
        """Give the state events that have come, and when each did."""
        for when, opcode, text in self.frames():
            if opcode == 1 and text.startswith(b'{"type":"events"'):
                yield from ((when, event) for event in json.loads(text)["events"])


async def gather(port: int, size: int, run: str) -> list[Member]:
    """Connect a crowd, some at a time, and let it subscribe to a run."""
    some = asyncio.Semaphore(100)
    loop = asyncio.get_running_loop()

    async def one() -> Member:
        async with some:
            _, member = await loop.create_connection(lambda: Member(port), "127.0.0.1", port)
            await member.open
        member.ask(type="subscribe", run=run)
        return member

    return list(await asyncio.gather(*(one() for _ in range(size))))


async def leave(crowd: Iterable[Member]) -> None:
    """Cut all connections."""
    for member in crowd:
        member.transport.abort()
    await asyncio.sleep(0.1)
