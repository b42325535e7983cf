"""Where the server tells what happens, and where websocket clients learn of it.

Those who tell are on the server's loop and never wait. State events are told after they are committed, so that what
a client has seen is never lost.

Guarantees
1. Telling never touches a client, and costs the same however many watch.
2. What nobody watches costs nothing: progress and previews are dropped, and events stay in the database.
"""

import asyncio
import json
import math
import secrets
from collections.abc import Callable, Mapping, Sequence

from server.frames import known
from server.queue_news import QueueNews
from server.records import Run
from server.socket_limits import SOCKET_LIMITS, SocketLimits
from server.topic import Topic

OnWatch = Callable[[str, bool], None]  # a run, and whether somebody wants its previews now
_PROGRESS = ("node", "step", "total", "rate", "left", "item")


class Hub:
    """Holds a topic for each run that is watched or at work."""

    def __init__(self, limits: SocketLimits = SOCKET_LIMITS) -> None:
        self.epoch = secrets.token_urlsafe(12)
        self.limits = limits
        self.queue = QueueNews(limits)
        self._topics: dict[str, Topic] = {}
        self._on_watch: list[OnWatch] = []

    # For those who tell

    def nodes(self, run: str, names: Sequence[str]) -> None:
        """A worker has taken a run; these are the ids of its flat graph, sorted."""
        self._topic(run).begin(names)

    def publish(self, run: str, events: Sequence[bytes], last_n: int, *, final: bool = False) -> None:
        """Tell state events that are committed, each in its JSON form; the last one has number `last_n`."""
        if (topic := self._topics.get(run)) is not None:
            topic.add(events, last_n, final=final)
            self._let_go(topic)

    def progress(self, run: str, message: Mapping[str, object]) -> None:
        """Tell how far a node is: `node`, `step`, `total`, `rate`, `left`, `item`; what else there is, is left out."""
        topic = self._topics.get(run)
        if topic is not None and len(topic.bell):
            topic.step(str(message["node"]), _progress(run, message))

    def preview(self, run: str, node: str, item: int | None, image: bytes, media_type: str) -> None:
        """Show what a node is at: a JPEG, WebP or PNG; or let it be heard: a WAV."""
        topic = self._topics.get(run)
        if topic is not None and topic.previewed_by and known(media_type):
            topic.picture(node, item, image, media_type)

    def followed(self, run: str) -> bool:
        """Say whether anybody wants to hear what happens in a run."""
        return run in self._topics

    def queue_changed(self, run: Run | None) -> None:
        """A run was queued or changed its status; None where many did, or the queue was paused."""
        self.queue.add(run)

    def watched(self, run: str) -> bool:
        """Say whether somebody wants the previews of a run."""
        topic = self._topics.get(run)
        return topic is not None and bool(topic.previewed_by)

    def on_watch(self, callback: OnWatch) -> None:
        """Call this when the first one wants the previews of a run, and when the last one has left."""
        self._on_watch.append(callback)

    # For those who watch

    def has_room(self, run: str) -> bool:
        """Say whether one more may watch this run: there is a limit to the runs that are watched."""
        return run in self._topics or len(self._topics) < self.limits.topics

    def watch(self, run: str, wake: asyncio.Event, *, previews: bool) -> Topic:
        """Set `wake` whenever there is something new of a run."""
        topic = self._topic(run)
        before = bool(topic.previewed_by)
        topic.bell.join(wake)
        (topic.previewed_by.add if previews else topic.previewed_by.discard)(wake)
        self._tell(topic, before)
        return topic

    def leave(self, run: str, wake: asyncio.Event) -> None:
        """Stop watching a run."""
        if (topic := self._topics.get(run)) is not None:
            before = bool(topic.previewed_by)
            topic.bell.leave(wake)
            topic.previewed_by.discard(wake)
            self._tell(topic, before)
            self._let_go(topic)

    def _topic(self, run: str) -> Topic:
        if run not in self._topics:
            self._topics[run] = Topic(run, self.limits)
        return self._topics[run]

    def _let_go(self, topic: Topic) -> None:
        if not topic.live and not len(topic.bell):
            topic.close()
            del self._topics[topic.run]

    def _tell(self, topic: Topic, before: bool) -> None:
        if bool(topic.previewed_by) != before:
            for callback in self._on_watch:
                callback(topic.run, not before)


def _progress(run: str, message: Mapping[str, object]) -> str:
    """Give the message as it is sent; a number that JSON has no word for is left out."""
    known_ = {key: message.get(key) for key in _PROGRESS}
    finite = {
        key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in known_.items()
    }
    return json.dumps({"type": "progress", "run": run, **finite}, ensure_ascii=False, separators=(",", ":"))
