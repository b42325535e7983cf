"""Bound what a websocket client may ask for and cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketLimits:
    """The sizes, counts and seconds of one server's websockets."""

    sockets: int = 2_000
    subscriptions: int = 256  # of one socket
    topics: int = 8_192  # runs that are watched, by all sockets together
    message_bytes: int = 16_384  # from a client
    messages_per_second: float = 50.0  # from a client, after a burst
    burst: int = 512
    answers: int = 64  # that wait to be sent; a client that does not read them is not listened to
    send_seconds: float = 10.0  # for a client to take what is sent
    linger_seconds: float = 5.0  # for a client to read why it is closed
    ping_seconds: float = 10.0  # between pings, and for each answer
    write_buffer_bytes: int = 65_536  # above which a client must read before more is sent
    frame_bytes: int = 131_072  # of events in one message
    ring_events: int = 1_000  # of one run
    ring_bytes: int = 1_048_576
    page_events: int = 200  # of one reading from the database
    replay_events: int = 2_000  # a client further behind gets a snapshot
    pace_seconds: float = 0.05  # between two messages of progress of one node
    progress_bytes: int = 262_144  # of one run
    preview_bytes: int = 4_194_304  # of one run, and so of one picture
    changed_runs: int = 200  # told one by one to those who watch the queue


SOCKET_LIMITS = SocketLimits()
