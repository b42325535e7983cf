"""Links that show a run to whoever holds them.

Guarantees
1. The token of a link is given once and not kept: who reads the database cannot follow the links.
2. A link that was revoked is not found.
"""

import secrets
import time
from typing import Any

from blake3 import blake3
from sqlalchemy import Connection, Row, Select, insert, select, update

from server.database import counters
from server.database.errors import NotFound
from server.database.pages import number_of
from server.database.readers import Readers
from server.database.rows import new_id, row_of
from server.database.tables import run, share
from server.database.writer import Writer
from server.records import Share


class Shares:
    """The store of share links."""

    def __init__(self, writer: Writer, readers: Readers) -> None:
        self._writer = writer
        self._readers = readers

    async def create(self, run: str) -> tuple[Share, str]:
        """Make a link to a run, and give its token, which nobody can ask for later."""
        token = secrets.token_urlsafe(32)
        return await self._writer.do(lambda connection: _create(connection, run, token)), token

    async def find(self, token: str) -> Share:
        """Give what a token shows."""
        return await self._readers.do(lambda connection: _find(connection, token))

    async def revoke(self, id: str) -> Share:
        """Make a link useless; doing so again changes nothing."""
        return await self._writer.do(lambda connection: _revoke(connection, id))

    async def page(self, after: str | None = None, limit: int = 50) -> tuple[list[Share], str | None]:
        """Give some links, newest first, with what to ask for next."""
        start = None if after is None else number_of(after)
        return await self._readers.do(lambda connection: _page(connection, start, limit))


def _create(connection: Connection, run_id: str, token: str) -> Share:
    row = row_of(connection, run_id)
    made = Share(id=new_id("s"), run=run_id, created=time.time())
    number = counters.take(connection, "share")
    values = {"id": made.id, "number": number, "run": row.number, "token": _digest(token), "created": made.created}
    connection.execute(insert(share).values(values))
    return made


def _find(connection: Connection, token: str) -> Share:
    found = _shares().where(share.c.token == _digest(token), share.c.revoked.is_(None))
    row = connection.execute(found).one_or_none()
    if row is None:
        raise NotFound("share", "")
    return _share(row)


def _revoke(connection: Connection, id: str) -> Share:
    change = update(share).where(share.c.id == id, share.c.revoked.is_(None)).values(revoked=time.time())
    connection.execute(change)
    row = connection.execute(_shares().where(share.c.id == id)).one_or_none()
    if row is None:
        raise NotFound("share", id)
    return _share(row)


def _page(connection: Connection, after: int | None, limit: int) -> tuple[list[Share], str | None]:
    newest = _shares().order_by(share.c.number.desc()).limit(limit + 1)
    if after is not None:
        newest = newest.where(share.c.number < after)
    rows = connection.execute(newest).all()
    more = len(rows) > limit
    return [_share(row) for row in rows[:limit]], str(rows[limit - 1].number) if more else None


def _shares() -> Select[Any]:
    return select(share, run.c.id.label("run_id")).join_from(share, run)


def _share(row: Row[Any]) -> Share:
    return Share(id=row.id, run=row.run_id, created=row.created, revoked=row.revoked)


def _digest(token: str) -> str:
    return blake3(token.encode("utf-8", "replace")).hexdigest()
