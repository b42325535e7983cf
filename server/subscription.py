"""What one client has had of one run, and what it gets next.

Guarantees
1. State events come in order, each once and without a hole; or a snapshot replaces them, and events go on after it.
2. State comes before progress and previews.
"""

from server.database import Database
from server.database.errors import NotFound
from server.database.events import Events
from server.latest import Frame
from server.messages import Subscribed
from server.socket_limits import SocketLimits
from server.topic import Topic, events_message


class Subscription:
    """A client's place in a topic: it has had the events up to `n`."""

    def __init__(self, topic: Topic, limits: SocketLimits, *, after: int, previews: bool) -> None:
        self.topic = topic
        self.n = after
        self._limits = limits
        self._nodes: tuple[str, ...] | None = None  # as the client was told
        self._ahead = False  # the client knows of events that do not exist
        self._progress = 0
        self._previews = 0 if previews else None

    async def next(self, db: Database) -> list[Frame]:
        """Give what is to be sent next; nothing if the client has all. Raises NotFound where there is no such run."""
        if self._nodes is None:
            await self._begin(db)
        if self._nodes is not self.topic.nodes:
            return [self._subscribed()]
        if self._ahead or self.n < self.topic.ring.last:
            return [await self._state(db.events)]
        return self._passing()

    async def _begin(self, db: Database) -> None:
        """Learn what of the run is not told to those who come later."""
        topic = self.topic
        if topic.number is None or self.n > topic.ring.last:
            run = await db.runs.get(topic.run)
            topic.number = run.number
            topic.ring.reach(run.last)
        if self.n > topic.ring.last:
            self._ahead = True
            topic.replay.forget()

    def _subscribed(self) -> str:
        self._nodes = self.topic.nodes
        number = self.topic.number or 0
        return Subscribed(run=self.topic.run, number=number, nodes=list(self._nodes)).model_dump_json()

    async def _state(self, log: Events) -> str:
        """Give the next events from memory, else from the database; a snapshot to one who is too far behind."""
        topic = self.topic
        if not self._ahead and (held := topic.events(self.n)) is not None:
            message, self.n = held
            return message
        if self._ahead or topic.ring.last - self.n > self._limits.replay_events:
            message, self.n = await topic.replay.snapshot(log, topic.ring.last)
            self._ahead = False
            return message
        page = await topic.replay.page(log, self.n)
        if not page:
            raise NotFound("run", topic.run)
        self.n += len(page)
        return events_message(topic.run, page)

    def _passing(self) -> list[Frame]:
        """Give the newest progress of all nodes, else one preview: by the next there may be newer ones."""
        if progress := self.topic.progress.since(self._progress):
            self._progress = progress[-1][0]
            return [frame for _, frame in progress]
        if self._previews is None or not (previews := self.topic.previews.since(self._previews)):
            return []
        self._previews, frame = previews[0]
        return [frame]
