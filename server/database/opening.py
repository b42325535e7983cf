"""Open a database: one server at a time, of a version that this program knows.

Guarantees
1. A second server on the same database is refused before it has read anything.
2. A database of a later version is refused and not touched.
3. A step from an older version is taken whole or not at all.
"""

import fcntl
import os
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect
from sqlalchemy.exc import DatabaseError as DriverError

from server.database.errors import AlreadyOpen, Newer, Unopenable
from server.database.faults import is_trouble, unavailable
from server.database.migrations import HEAD, VERSIONS

_MAKE = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC


def take_lock(url: URL) -> int | None:
    """Take the lock beside a SQLite file, to be held until it is closed; PostgreSQL's is held by the connection."""
    if url.drivername != "sqlite":
        return None
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, _MAKE, 0o600))  # for this user alone; SQLite gives its other files the same mode
        lock = os.open(f"{path}.lock", _MAKE, 0o600)
        _sync(path.parent)
    except OSError as error:
        raise Unopenable(f"cannot write to {path.parent}: {error.strerror}; name another folder") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise AlreadyOpen(f"another server uses {path}; stop it, or name another folder") from None
    return lock


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def bring_up_to_date(engine: Engine) -> None:
    """Check the version of the tables, and take the steps that are missing."""
    try:
        with engine.begin() as connection:
            if version(connection) != HEAD:
                _migrate(connection)
    except DriverError as error:
        if is_trouble(error) and not _is_no_database(error):
            raise unavailable(error) from error
        raise Unopenable("the database is damaged, or is no database; restore it from a backup") from error


def version(connection: Connection) -> str | None:
    """Give the version of the tables, None where there are none yet."""
    names = inspect(connection).get_table_names()
    if "alembic_version" not in names:
        if names:
            raise Unopenable("the database holds tables of another program; name an empty one")
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    if found is not None and found not in VERSIONS:
        raise Newer(f"the database is of version {found}, and this program knows up to {HEAD}; install a later one")
    return found


def _migrate(connection: Connection) -> None:
    from alembic import command  # takes longer to import than everything else here together
    from alembic.config import Config

    steps = Config(attributes={"connection": connection})
    steps.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    command.upgrade(steps, "head")


def _is_no_database(error: DriverError) -> bool:
    words = str(error.orig)
    return "not a database" in words or "malformed" in words or "unsupported file format" in words
