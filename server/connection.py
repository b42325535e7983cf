"""One websocket client: what it asks for, and what it is sent.

Guarantees
1. Listening never waits for the database nor for the client to read, unless the client leaves its answers unread.
2. At most one message for each socket waits to be sent; a client that does not take it in time is closed with 4408.
3. Whatever a client sends, it gets an answer or a refusal, and the socket stays open.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import assert_never

from starlette.websockets import WebSocket, WebSocketDisconnect

from server.client_message import read_message
from server.database import Database
from server.database.errors import DatabaseError, NotFound
from server.hub import Hub
from server.latest import Frame
from server.messages import Ping, Pong, Refused, Subscribe, Unsubscribe, WatchQueue
from server.pace import Pace
from server.subscription import Subscription
from server.websocket_protocol import EXTENSION

SLOW, TRY_AGAIN = 4408, 1013


class _SlowError(Exception):
    """The client does not read."""


class Connection:
    """Listens to a client and sends it what is new, each in a task of its own."""

    def __init__(self, websocket: WebSocket, hub: Hub, db: Database) -> None:
        self._websocket = websocket
        self._hub = hub
        self._db = db
        self._limits = hub.limits
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._answers: deque[str] = deque()
        self._subscriptions: dict[str, Subscription] = {}
        self._queue: int | None = None  # the version of the queue that the client knows

    async def run(self) -> None:
        """Serve the client until it leaves or is closed."""
        try:
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(self._send_all())
                await self._listen()
                sending.cancel()
        finally:
            self._hub.queue.bell.leave(self._wake)
            for run in self._subscriptions:
                self._hub.leave(run, self._wake)

    # What it asks for

    async def _listen(self) -> None:
        pace = Pace(rate=self._limits.messages_per_second, burst=self._limits.burst)
        while (message := await self._websocket.receive())["type"] == "websocket.receive":
            await pace.step()
            while len(self._answers) >= self._limits.answers:
                self._room.clear()
                await self._room.wait()
            self._take(message.get("text"))

    def _take(self, text: str | None) -> None:
        if text is None:
            self._answer(Refused(code="binary", message="messages to the server are JSON texts"))
            return
        match read_message(text):
            case Subscribe() as asked:
                self._subscribe(asked)
            case Unsubscribe(run=run):
                self._unsubscribe(run)
            case WatchQueue():
                self._watch_queue()
            case Ping():
                self._answer(Pong())
            case Refused() as refused:
                self._answer(refused)
            case never:
                assert_never(never)

    def _answer(self, answer: Pong | Refused) -> None:
        self._answers.append(answer.model_dump_json(exclude_none=True))
        self._wake.set()

    def _subscribe(self, asked: Subscribe) -> None:
        most = self._limits.subscriptions
        if asked.run not in self._subscriptions and len(self._subscriptions) >= most:
            message = f"a socket has at most {most} subscriptions; unsubscribe from others first"
            self._answer(Refused(code="too_many_subscriptions", message=message, run=asked.run))
            return
        if not self._hub.has_room(asked.run):
            self._answer(Refused(code="too_many_subscriptions", message="too many runs are watched", run=asked.run))
            return
        topic = self._hub.watch(asked.run, self._wake, previews=asked.previews)
        self._subscriptions[asked.run] = Subscription(topic, self._limits, after=asked.after, previews=asked.previews)
        self._wake.set()

    def _unsubscribe(self, run: str) -> None:
        if self._subscriptions.pop(run, None) is not None:
            self._hub.leave(run, self._wake)

    def _watch_queue(self) -> None:
        if self._queue is None:
            self._queue = -1
            self._hub.queue.bell.join(self._wake)
            self._wake.set()

    # What it is sent

    async def _send_all(self) -> None:
        """Send what is new, until the client leaves."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while await self._round():
                    pass
        except _SlowError:
            self._end(SLOW, "too slow; resume from the last event")
        except DatabaseError:
            self._end(TRY_AGAIN, "the database cannot be read now")
        except WebSocketDisconnect:
            pass  # the listener learns it as well

    async def _round(self) -> bool:
        """Send the answers that wait, and a little of everything that is watched; say whether there was anything."""
        sent = bool(self._answers)
        while self._answers:
            await self._send(self._answers.popleft())
            self._room.set()
        for run, subscription in [*self._subscriptions.items()]:
            sent = await self._send_each(await self._next(run, subscription)) or sent
        return await self._send_each(await self._queue_news()) or sent

    async def _next(self, run: str, subscription: Subscription) -> Iterable[Frame]:
        try:
            return await subscription.next(self._db)
        except NotFound:
            if self._subscriptions.get(run) is subscription:
                self._unsubscribe(run)
            refused = Refused(code="unknown_run", message="there is no such run", run=run)
            return [refused.model_dump_json(exclude_none=True)]

    async def _queue_news(self) -> Iterable[Frame]:
        if self._queue is None or self._queue == self._hub.queue.version:
            return ()
        messages, self._queue = await self._hub.queue.messages(self._db.runs, self._queue)
        return messages

    async def _send_each(self, frames: Iterable[Frame]) -> bool:
        sent = False
        for frame in frames:
            await self._send(frame)
            sent = True
        return sent

    async def _send(self, frame: Frame) -> None:
        send = self._websocket.send_text(frame) if isinstance(frame, str) else self._websocket.send_bytes(frame)
        try:
            async with asyncio.timeout(self._limits.send_seconds):
                await send
        except TimeoutError:
            raise _SlowError from None

    def _end(self, code: int, reason: str) -> None:
        self._websocket.scope["extensions"][EXTENSION]["call"](code, reason)
