"""The numbered events of runs: added in the transaction of what they tell, read back as they are sent."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select

from server.database.tables import event
from server.messages import RunEvent

_EVENT: TypeAdapter[RunEvent] = TypeAdapter(RunEvent)
_AT_ONCE = 500
Numbered = Mapping[str, object]


def number(events: Iterable[Numbered], *, after: int) -> list[bytes]:
    """Number events after `after`, and write them as they are sent. Raises ValueError for what is no event."""
    now = time.time()
    return [_text({"at": now, **found, "n": n}) for n, found in enumerate(events, after + 1)]


def _text(found: Numbered) -> bytes:
    raw = json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")  # a node's words may hold half a character
    return _EVENT.dump_json(_EVENT.validate_json(raw))


def add(connection: Connection, texts: Iterable[tuple[int, int, bytes]]) -> None:
    """Keep events: the number of the run, the number of the event, and its text."""
    rows = [{"run": run, "n": n, "text": text.decode()} for run, n, text in texts]
    if rows:
        connection.execute(insert(event), rows)


def after(connection: Connection, run: int, *, n: int, limit: int) -> Sequence[bytes]:
    """Give the events of a run after number `n`."""
    found = select(event.c.text).where(event.c.run == run, event.c.n > n).order_by(event.c.n).limit(limit)
    return [text.encode() for text in connection.scalars(found)]


def every(connection: Connection, run: int) -> Iterator[bytes]:
    """Give all events of a run, a few at a time."""
    last = -1
    while texts := after(connection, run, n=last, limit=_AT_ONCE):
        yield from texts
        last += len(texts)
