"""Follow a run over the websocket, over cuts of the network and restarts of the server.

Guarantees
1. State events come in order, each once and without a hole; or a snapshot replaces them, and events go on after it.
2. A server that is silent for 35 s counts as gone; it is tried again after a wait that grows to 10 s.
3. It ends with the run, and when the server says that trying again is of no use.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import ValidationError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from client.address import Address
from client.backoff import Backoff
from client.errors import ClientError, IncompatibleError, RefusedError, UnreachableError
from client.preview import read_preview
from client.schema import (
    ErrorShape,
    Events,
    FromServer,
    ItemFinished,
    NodeBlocked,
    NodeCached,
    NodeFailed,
    NodeFinished,
    NodeStarted,
    Progress,
    Refused,
    RunFinished,
    RunInterrupted,
    RunQueued,
    RunStarted,
    Snapshot,
    Subscribed,
)

PROTOCOL = 1
PING_SECONDS, PONG_SECONDS = 10.0, 25.0
LARGEST = 256 * 2**20  # of one message: a snapshot of the largest graph is below
FINAL = frozenset({"done", "failed", "cancelled"})

StateEvent = (
    RunQueued
    | RunStarted
    | RunInterrupted
    | NodeStarted
    | ItemFinished
    | NodeCached
    | NodeFinished
    | NodeFailed
    | NodeBlocked
    | RunFinished
)


@dataclass(frozen=True, slots=True)
class NodePreview:
    """A picture of what a node is at, or its words."""

    node: str
    item: int | None
    media_type: str
    image: bytes


Followed = StateEvent | Snapshot | Progress | NodePreview


class _CutError(Exception):
    """The connection is gone, or has a hole; another one goes on."""


class Following:
    """A run as it goes on: iterate over it. `n` is the number of the last event that was given."""

    def __init__(self, address: Address, run: str, *, after: int = -1, previews: bool = False, patience: float) -> None:
        self.n = after
        self._address = address
        self._run = run
        self._wants_previews = previews
        self._patience = patience  # seconds without a server
        self._ended = False
        self._heard = False  # anything over this connection
        self._nodes: list[str] = []
        self._seen: dict[int, int] = {}  # the newest preview of each node

    async def messages(self) -> AsyncGenerator[Followed, None]:
        """Give what happens, until the run has ended."""
        clock = asyncio.get_running_loop().time
        backoff, alone_since = Backoff(), clock()
        while not self._ended:
            self._heard = False
            try:
                async with self._connected() as socket:
                    async for message in self._follow(socket):
                        backoff.reset()
                        yield message
            except _CutError as cut:
                if self._heard:  # it was there until now, even if it had nothing to tell of this run
                    alone_since = clock()
                if clock() - alone_since > self._patience:
                    raise UnreachableError(f"{self._address.origin} does not answer: {cut}") from None
                await asyncio.sleep(backoff.next())

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[ClientConnection]:
        """Connect and subscribe after the last event that was given."""
        try:
            socket = await connect(
                f"{self._address.socket}?version={PROTOCOL}",
                origin=self._address.origin,  # type: ignore[arg-type]
                additional_headers=self._address.headers,
                compression=None,
                max_size=LARGEST,
                ping_interval=PING_SECONDS,
                ping_timeout=PONG_SECONDS,
                proxy=None if self._address.local else True,
            )
        except InvalidStatus as refused:
            raise _refusal(refused) from None
        except (OSError, InvalidHandshake, EOFError) as error:
            raise _CutError(str(error) or type(error).__name__) from None
        async with socket:
            try:
                yield socket
            except ConnectionClosed as closed:
                raise _closing(closed) from None

    async def _follow(self, socket: ClientConnection) -> AsyncIterator[Followed]:
        asked = {"type": "subscribe", "run": self._run, "after": self.n, "previews": self._wants_previews}
        await socket.send(json.dumps(asked))
        async for frame in socket:
            self._heard = True
            for message in self._preview(frame) if isinstance(frame, bytes) else self._told(frame):
                yield message
            if self._ended:
                return
        raise _CutError("the connection was closed")

    def _told(self, text: str) -> Iterator[Followed]:
        match _read(text):
            case Subscribed(nodes=nodes):
                self._nodes = nodes
            case Events(events=events):
                yield from self._events(events)
            case Snapshot() as snapshot:
                self.n = snapshot.n
                self._ended = snapshot.run.status in FINAL
                yield snapshot
            case Progress() as progress:
                yield progress
            case Refused(code=code, message=message):
                raise RefusedError(404 if code == "unknown_run" else 400, ErrorShape(code=code, message=message))
            case _:
                pass  # a greeting, or what was not asked for

    def _events(self, events: Iterable[StateEvent]) -> Iterator[StateEvent]:
        for event in events:
            if event.n != self.n + 1:
                raise _CutError(f"event {event.n} came after {self.n}")
            self.n = event.n
            self._ended = isinstance(event, RunFinished)
            yield event

    def _preview(self, frame: bytes) -> Iterator[NodePreview]:
        preview = read_preview(frame)
        if preview is not None and preview.node < len(self._nodes) and preview.seq > self._seen.get(preview.node, 0):
            self._seen[preview.node] = preview.seq
            yield NodePreview(self._nodes[preview.node], preview.item, preview.media_type, preview.image)


def _read(text: str) -> object:
    try:
        return FromServer.model_validate_json(text).root
    except ValidationError:
        raise IncompatibleError(
            "the server sent a message that this version does not know; update promptograph"
        ) from None


def _refusal(refused: InvalidStatus) -> ClientError | _CutError:
    status, body = refused.response.status_code, bytes(refused.response.body)
    return _CutError(f"HTTP {status}") if status >= 500 else RefusedError.of(status, body)


def _closing(closed: ConnectionClosed) -> ClientError | _CutError:
    """Say whether trying again is of use."""
    if closed.rcvd is None:
        return _CutError("the connection broke")
    match closed.rcvd.code:
        case 4401:
            return RefusedError(401, ErrorShape(code="no_token", message="the server does not know this token"))
        case 4403:
            return RefusedError(403, ErrorShape(code="wrong_origin", message="the server has another address"))
        case 4409:
            return IncompatibleError(f"{closed.rcvd.reason}, this client version {PROTOCOL}")
        case code:
            return _CutError(f"the server closed with {code}")
