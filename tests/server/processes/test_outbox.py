"""What waits in a worker to be sent."""

import socket
import threading
import time

from server.pipe import Channel, Frame, encoded
from server.processes.outbox import Outbox


def frames(data: bytes) -> list[Frame]:
    """Read frames from bytes."""
    ours, theirs = socket.socketpair()

    def send() -> None:
        with theirs:
            theirs.sendall(data)

    sender = threading.Thread(target=send)
    sender.start()
    channel = Channel(ours)
    found = []
    while (frame := channel.receive()) is not None:
        found.append(frame)
    sender.join()
    channel.close()
    return found


def test_state_is_sent_in_order_and_of_progress_only_the_newest() -> None:
    outbox = Outbox()
    for at in range(100):
        outbox.replace("progress", {"step": at})
        if at % 10 == 0:
            outbox.put({"state": at})
    found = [frame.header for frame in frames(outbox.take())]
    assert [header["state"] for header in found if "state" in header] == list(range(0, 100, 10))
    assert [header for header in found if "step" in header] == [{"step": 99}]


def test_progress_is_never_sent_after_what_was_put_later() -> None:
    outbox = Outbox()
    outbox.replace("a", {"step": 1})
    outbox.put({"state": "a is done"})
    assert [frame.header for frame in frames(outbox.take())] == [{"step": 1}, {"state": "a is done"}]


def test_progress_alone_is_sent_at_most_so_often() -> None:
    outbox = Outbox()
    taken = []
    stop = threading.Event()

    def tell() -> None:
        while not stop.is_set():
            outbox.replace("a", {"step": 1})
            time.sleep(0.001)

    telling = threading.Thread(target=tell)
    telling.start()
    begun = time.monotonic()
    while time.monotonic() - begun < 0.5:
        taken.append(outbox.take())
    stop.set()
    telling.join()
    assert 5 <= len(taken) <= 12


def test_state_does_not_wait_for_the_pace_of_progress() -> None:
    outbox = Outbox()
    outbox.replace("a", {"step": 1})
    outbox.take()
    outbox.put({"state": 1})
    begun = time.monotonic()
    assert outbox.take() == encoded({"state": 1})
    assert time.monotonic() - begun < 0.04


def test_whoever_puts_much_waits_until_it_is_taken() -> None:
    outbox = Outbox()
    count = 0

    def put() -> None:
        nonlocal count
        for at in range(3000):
            outbox.put({"state": at})
            count += 1

    putting = threading.Thread(target=put)
    putting.start()
    time.sleep(0.2)
    assert 500 < count < 1500
    found: list[Frame] = []
    while len(found) < 3000:
        found += frames(outbox.take())
    putting.join()
    assert [frame.header["state"] for frame in found] == list(range(3000))
