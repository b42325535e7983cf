"""Files that people brought; the bytes lie in the folder of assets, under their digest."""

from sqlalchemy import Connection, insert, select

from server.database import counters
from server.database.errors import NotFound
from server.database.pages import number_of
from server.database.readers import Readers
from server.database.tables import asset
from server.database.writer import Writer
from server.records import Asset

_COLUMNS = [asset.c[name] for name in Asset.model_fields]


class Assets:
    """The store of what is known about files."""

    def __init__(self, writer: Writer, readers: Readers) -> None:
        self._writer = writer
        self._readers = readers

    async def put(self, found: Asset) -> Asset:
        """Keep an asset whose file is on the disk; if its content is known already, give what is kept."""
        return await self._writer.do(lambda connection: _put(connection, found))

    async def get(self, digest: str) -> Asset:
        """Give an asset."""
        return await self._readers.do(lambda connection: _get(connection, digest))

    async def page(self, after: str | None = None, limit: int = 50) -> tuple[list[Asset], str | None]:
        """Give some assets, newest first, with what to ask for next."""
        start = None if after is None else number_of(after)
        return await self._readers.do(lambda connection: _page(connection, start, limit))


def _put(connection: Connection, found: Asset) -> Asset:
    known = _find(connection, found.digest)
    if known is None:
        connection.execute(insert(asset).values(number=counters.take(connection, "asset"), **found.model_dump()))
    return known or found


def _get(connection: Connection, digest: str) -> Asset:
    found = _find(connection, digest)
    if found is None:
        raise NotFound("asset", digest)
    return found


def _find(connection: Connection, digest: str) -> Asset | None:
    row = connection.execute(select(*_COLUMNS).where(asset.c.digest == digest)).one_or_none()
    return None if row is None else Asset(**row._mapping)


def _page(connection: Connection, after: int | None, limit: int) -> tuple[list[Asset], str | None]:
    newest = select(asset.c.number, *_COLUMNS).order_by(asset.c.number.desc()).limit(limit + 1)
    if after is not None:
        newest = newest.where(asset.c.number < after)
    rows = connection.execute(newest).all()
    more = len(rows) > limit
    found = [Asset(**dict(zip(Asset.model_fields, row[1:], strict=True))) for row in rows[:limit]]
    return found, str(rows[limit - 1].number) if more else None
