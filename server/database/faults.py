"""Tell why the database did not answer, as one of our own errors."""

import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnection

from server.database.errors import Unavailable

UNKEEPABLE = (DataError, OverflowError, UnicodeError)  # a value from outside that the driver or the database refuses
_OURS = (IntegrityError, DataError, ProgrammingError)  # a wrong statement, not a database in trouble
_DISK_FULL = "53100"  # PostgreSQL's word for it


def is_trouble(error: BaseException) -> bool:
    """Say whether an error is the database's, so that nothing more can be done in this transaction."""
    return isinstance(error, NoConnection) or (isinstance(error, DBAPIError) and not isinstance(error, _OURS))


def unavailable(error: BaseException) -> Unavailable:
    """Give the error to show for one of the database's, which may hold paths and statements."""
    causes = list(_chain(error))
    if any(_is_full(cause) for cause in causes):
        return Unavailable("the disk of the database is full", full=True)
    if any(_is_locked(cause) for cause in causes):
        return Unavailable("the database is locked by another program")
    return Unavailable("the database cannot be used now")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error and what it came from: a failed rollback hides why it was rolled back."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_full(error: BaseException) -> bool:
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL or getattr(error, "sqlstate", "") == _DISK_FULL


def _is_locked(error: BaseException) -> bool:
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or getattr(error, "sqlstate", "") == "55P03"
