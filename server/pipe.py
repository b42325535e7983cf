"""Carry frames over a socket between the server and its children: a JSON header, and bytes that belong to it.

A frame is the length of the header and that of the payload, each in four bytes, big endian, and then the two.

Guarantees
1. A frame arrives whole or not at all: what ends within one is the end of the pipe.
2. No length is trusted: a frame beyond the limits is refused before memory is taken for it.
"""

import asyncio
import contextlib
import json
import socket
import struct
import threading
from collections.abc import Mapping
from typing import Any, NamedTuple

MAX_HEADER = 16 << 20
MAX_PAYLOAD = 256 << 20
_LENGTHS = struct.Struct(">II")


class Frame(NamedTuple):
    """What is sent: a JSON object, and bytes."""

    header: dict[str, Any]
    payload: bytes = b""


class FrameError(Exception):
    """The other side sent what is no frame; nothing more can be read from it."""


def encoded(header: Mapping[str, Any], payload: bytes = b"") -> bytes:
    """Write a frame; raise FrameError if it is beyond the limits. Halves of characters, which no text has, are lost."""
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    head = text.encode(errors="replace")
    _check(len(head), len(payload))
    return b"".join((_LENGTHS.pack(len(head), len(payload)), head, payload))


class Channel:
    """The child's end: blocking, and safe to send on from several threads."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._send_lock = threading.Lock()

    def send(self, header: Mapping[str, Any], payload: bytes = b"") -> None:
        """Send a frame; raises OSError when nobody is there any more."""
        self.send_encoded(encoded(header, payload))

    def send_encoded(self, frames: bytes) -> None:
        """Send frames that are written already, one after another."""
        with self._send_lock:
            self._sock.sendall(frames)

    def receive(self) -> Frame | None:
        """Wait for a frame; None when the other end is closed."""
        lengths = self._exactly(_LENGTHS.size)
        if lengths is None:
            return None
        header, payload = _LENGTHS.unpack(lengths)
        _check(header, payload)
        body = self._exactly(header + payload)
        return None if body is None else _frame(body, header)

    def close(self) -> None:
        self._sock.close()

    def _exactly(self, count: int) -> bytes | None:
        parts = bytearray(count)
        view = memoryview(parts)
        while view:
            try:
                got = self._sock.recv_into(view)
            except ConnectionError:
                return None
            if got == 0:
                return None
            view = view[got:]
        return bytes(parts)


class Line:
    """The server's end, on the event loop."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, sock: socket.socket) -> "Line":
        """Take over a connected socket."""
        return cls(*await asyncio.open_unix_connection(sock=sock))

    async def send(self, header: Mapping[str, Any], payload: bytes = b"") -> None:
        """Send a frame; raises OSError when nobody is there any more."""
        self._writer.write(encoded(header, payload))
        await self._writer.drain()

    def post(self, header: Mapping[str, Any], payload: bytes = b"") -> None:
        """Send a frame as soon as the other end takes it, without waiting."""
        self._writer.write(encoded(header, payload))

    async def receive(self) -> Frame | None:
        """Wait for a frame; None when the other end is closed."""
        try:
            header, payload = _LENGTHS.unpack(await self._reader.readexactly(_LENGTHS.size))
            _check(header, payload)
            return _frame(await self._reader.readexactly(header + payload), header)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):  # it is closed, whatever became of what was not sent
            await self._writer.wait_closed()


def _frame(body: bytes, header: int) -> Frame:
    try:
        head = json.loads(body[:header])
    except (ValueError, RecursionError) as error:
        raise FrameError("the header of a frame is not JSON") from error
    if not isinstance(head, dict):
        raise FrameError("the header of a frame is not a JSON object")
    return Frame(head, body[header:])


def _check(header: int, payload: int) -> None:
    if header > MAX_HEADER or payload > MAX_PAYLOAD:
        raise FrameError(f"a frame of {header:,} and {payload:,} bytes is too large")
