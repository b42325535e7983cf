"""What is new of one run: the latest state events, and the newest progress and previews of each node.

Guarantees
1. Telling it something never touches a client, and costs the same however many watch.
2. Progress and previews of a node are shown at most once every `pace_seconds`, and never after the node's end.
"""

import asyncio
import json
from collections.abc import Sequence

from server.bell import Bell
from server.frames import Preview
from server.latest import Latest
from server.replay import Replay
from server.ring import Ring
from server.socket_limits import SocketLimits

_SENSES = ("image", "text", "audio")


class Topic:
    """Is told what happens in a run, and read by those who watch it."""

    def __init__(self, run: str, limits: SocketLimits) -> None:
        self.run = run
        self.number: int | None = None  # known once somebody watches
        self.nodes: tuple[str, ...] = ()  # known once a worker has taken the run
        self.live = False
        self.bell = Bell()
        self.previewed_by: set[asyncio.Event] = set()
        self.ring = Ring(events=limits.ring_events, size=limits.ring_bytes)
        self.progress = Latest(size=limits.progress_bytes)
        self.previews = Latest(size=limits.preview_bytes)
        self.replay = Replay(run, limits)
        self._places: dict[str, int] = {}
        self._seq = 0
        self._pace = limits.pace_seconds
        self._showing: asyncio.TimerHandle | None = None
        self._size = limits.frame_bytes
        self._frame: tuple[int, int, str] | None = None

    def begin(self, nodes: Sequence[str]) -> None:
        """A worker has taken the run; these are its nodes."""
        self.live = True
        if self.nodes == tuple(nodes):
            return
        self.nodes = tuple(nodes)
        self._places = {node: place for place, node in enumerate(nodes)}
        self.bell.ring()

    def add(self, events: Sequence[bytes], last: int, *, final: bool) -> None:
        """State events were committed; the last one has number `last`."""
        self.ring.add(events, last)
        self._frame = None
        if self.progress or self.previews:
            self._settle(events)
        self.live = self.live and not final
        self.bell.ring()

    def step(self, node: str, message: str) -> None:
        """A node is a step further."""
        self.progress.put(node, message)
        self._show_soon()

    def picture(self, node: str, item: int | None, image: bytes, media_type: str) -> None:
        """A node shows what it is at, or lets it be heard."""
        if self.number is None or node not in self._places:
            return
        self._seq += 1
        preview = Preview(
            run=self.number, node=self._places[node], item=item, seq=self._seq, media_type=media_type, image=image
        )
        self.previews.put((node, _sense(media_type)), preview.packed())
        self._show_soon()

    def events(self, after: int) -> tuple[str, int] | None:
        """Give a message of the events after a number with the last one's number; None where they are not held."""
        if self._frame is None or self._frame[0] != after:
            found = self.ring.after(after, size=self._size)
            if not found:
                return None
            self._frame = (after, after + len(found), events_message(self.run, found))
        return self._frame[2], self._frame[1]

    def close(self) -> None:
        """Nobody needs it any more."""
        if self._showing is not None:
            self._showing.cancel()

    def _settle(self, events: Sequence[bytes]) -> None:
        """Forget progress that a node's new state has made old."""
        for event in events:
            if isinstance(node := json.loads(event).get("node"), str):
                self.progress.drop(node)
                for sense in _SENSES:
                    self.previews.drop((node, sense))

    def _show_soon(self) -> None:
        if self._showing is None:
            self._showing = asyncio.get_running_loop().call_later(self._pace, self._show)

    def _show(self) -> None:
        self._showing = None
        progress, previews = self.progress.show(), self.previews.show()
        if progress or previews:
            self.bell.ring()


def _sense(media_type: str) -> str:
    """Say whether it is seen, read or heard: a node may show one of each."""
    return media_type.partition("/")[0]


def events_message(run: str, events: Sequence[bytes]) -> str:
    """Join state events, each in its JSON form, to one message."""
    return f'{{"type":"events","run":{json.dumps(run)},"events":[{b",".join(events).decode()}]}}'
