"""Fill a server's database as many days of use would: runs that wait, and runs that have ended, with their events."""

import asyncio
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from server.database import Database
from server.database.engines import parse, writing_engine
from server.database.tables import counter, document, event, run

_DIGEST = "d" * 64
_AT_ONCE = 1_000
_EVENTS: tuple[dict[str, Any], ...] = (
    {"type": "run_queued"},
    {"type": "run_started", "attempt": 1, "nodes": 1},
    {"type": "node_started", "node": "count"},
    {"type": "node_finished", "node": "count", "seconds": 0.5, "peak": None, "outputs": {"number": "d1"}},
    {"type": "run_finished", "status": "done"},
)


def fill(folder: Path, graph: dict[str, Any], *, waiting: int, ended: int) -> None:
    """Make the database of a server in its data folder, with a queue that is paused."""
    folder.mkdir(parents=True, mode=0o700)
    url = f"sqlite:///{folder / 'promptograph.sqlite'}"
    asyncio.run(_pause(url))
    engine = writing_engine(parse(url), busy=5)
    with engine.begin() as connection:
        connection.execute(insert(document).values(digest=_DIGEST, text=json.dumps(graph)))
        numbers = {"run": ended + waiting, "done": ended, "queued": waiting}
        connection.execute(insert(counter), [{"name": name, "value": value} for name, value in numbers.items()])
        rows = _rows(waiting, ended)
        while some := list(itertools.islice(rows, _AT_ONCE)):
            connection.execute(insert(run), some)
            connection.execute(insert(event), [each for row in some for each in _events(row)])
    engine.dispose()


async def _pause(url: str) -> None:
    db = await Database.open(url)
    await db.runs.pause(True)
    await db.close()


def _rows(waiting: int, ended: int) -> Iterator[dict[str, Any]]:
    for number in range(1, ended + waiting + 1):
        over = number <= ended
        yield {
            "number": number,
            "id": f"r_{number:022}",
            "status": "done" if over else "queued",
            "name": "Count",
            "priority": 0,
            "place": number * 2**20,
            "document": _DIGEST,
            "inputs": json.dumps({"a": number}),
            "targets": "[]",
            "models": "[]",
            "last": len(_EVENTS) - 1 if over else 0,
            "created": 1.0 + number,
        }


def _events(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for n, told in enumerate(_EVENTS[: row["last"] + 1]):
        yield {"run": row["number"], "n": n, "text": json.dumps({"n": n, "at": row["created"], **told})}
