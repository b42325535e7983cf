"""Frames between the server and its children."""

import asyncio
import os
import socket
import struct
import threading

import pytest

from server.pipe import MAX_HEADER, MAX_PAYLOAD, Channel, Frame, FrameError, Line, encoded


def through(data: bytes) -> Frame | None:
    """Send raw bytes, close, and read as the server does."""

    def send(sock: socket.socket) -> None:
        with sock:
            sock.sendall(data)

    async def read() -> Frame | None:
        ours, theirs = socket.socketpair()
        sender = threading.Thread(target=send, args=(theirs,))
        sender.start()
        line = await Line.open(ours)
        try:
            return await line.receive()
        finally:
            await line.close()
            sender.join()

    return asyncio.run(read())


def test_frames_arrive_as_they_were_sent_in_order_and_in_both_directions() -> None:
    sent = [Frame({"n": at, "text": "ß" * at}, os.urandom(at * 10_000)) for at in range(30)]

    def answer(channel: Channel) -> None:
        while (frame := channel.receive()) is not None:
            channel.send(*frame)
        channel.close()

    async def exchange() -> list[Frame | None]:
        ours, theirs = socket.socketpair()
        child = threading.Thread(target=answer, args=(Channel(theirs),))
        child.start()
        line = await Line.open(ours)
        got = []
        for frame in sent:
            await line.send(*frame)
            got.append(await line.receive())
        await line.close()
        child.join()
        return got

    assert asyncio.run(exchange()) == sent


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 20, -1])
def test_what_ends_within_a_frame_is_the_end(length: int) -> None:
    data = encoded({"a": 1}, b"payload" * 10)
    assert through(data[:length]) is None
    ours, theirs = socket.socketpair()
    theirs.sendall(data[:length])
    theirs.close()
    assert Channel(ours).receive() is None
    ours.close()


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">II", MAX_HEADER + 1, 0),
        struct.pack(">II", 2, MAX_PAYLOAD + 1) + b"{}",
        struct.pack(">II", 0xFFFFFFFF, 0xFFFFFFFF),
        struct.pack(">II", 2, 0) + b"[]",
        struct.pack(">II", 1, 0) + b"{",
        struct.pack(">II", 100_000, 0) + b"[" * 100_000,
        struct.pack(">II", 2, 0) + b"\xff\xfe",
        struct.pack(">II", 0, 0),
    ],
)
def test_what_is_no_frame_is_refused_before_memory_is_taken_for_it(data: bytes) -> None:
    with pytest.raises(FrameError):
        through(data)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        with pytest.raises(FrameError):
            Channel(ours).receive()


def test_half_a_character_is_lost_and_what_is_no_number_is_refused() -> None:
    assert through(encoded({"text": "a\ud83db"})) == Frame({"text": "a?b"})
    with pytest.raises(ValueError, match="JSON"):
        encoded({"rate": float("nan")})


def test_a_frame_beyond_the_limits_is_not_sent() -> None:
    with pytest.raises(FrameError):
        encoded({"text": "x" * MAX_HEADER})


def test_frames_of_several_threads_do_not_mix() -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(theirs)

    def send(by: int) -> None:
        for _ in range(10):
            channel.send({"by": by}, bytes([by]) * 2_000_000)  # more than the socket takes at once

    threads = [threading.Thread(target=send, args=(by,)) for by in range(4)]
    for thread in threads:
        thread.start()
    reader = Channel(ours)
    for _ in range(40):
        frame = reader.receive()
        assert frame is not None
        assert frame.payload == bytes([frame.header["by"]]) * 2_000_000
    for thread in threads:
        thread.join()
    ours.close()
    theirs.close()
