"""Cursors of pages: the number of the last item that was seen."""

from server.database.errors import BadCursor

_LARGEST = 2**63 - 1


def number_of(cursor: str) -> int:
    """Read a cursor that came back from outside."""
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 20) or int(cursor) > _LARGEST:
        raise BadCursor(cursor)
    return int(cursor)
