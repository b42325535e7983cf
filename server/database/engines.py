"""The two SQLAlchemy engines of a database: one connection that writes, a few that read.

Guarantees
1. What is committed is on the disk: SQLite syncs its log with each commit, PostgreSQL acknowledges after its sync.
2. A reader sees one moment of the database from its first statement to its last.
3. A reader cannot write.
"""

import contextlib
import time

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from server.database.errors import AlreadyOpen, Unopenable

READERS = 4
_LOCK = 0x50474F  # the advisory lock on PostgreSQL: one server for each database
_PATIENCE = 3.0  # seconds in which PostgreSQL sees that a server which was stopped or killed is gone


def parse(url: str) -> URL:
    """Read the address of a database; only SQLite files and PostgreSQL are known."""
    scheme, _, path = url.partition(":///")
    if scheme == "sqlite" and path not in ("", ":memory:"):
        return URL.create("sqlite", database=path)  # as it is: a folder may have any name
    with contextlib.suppress(ArgumentError, ValueError):
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgresql+psycopg"):
            return parsed.set(drivername="postgresql+psycopg")
    raise Unopenable("the database is named by sqlite:////folder/file or postgresql://user@host/name")


def writing_engine(url: URL, *, busy: float) -> Engine:
    """Give the engine of the one connection that writes; it waits `busy` seconds for locks of others."""
    if url.drivername == "sqlite":
        return _sqlite(url, busy, begin="BEGIN IMMEDIATE", readers=1)
    engine = _postgresql(url, busy, connections=1)
    event.listen(engine, "connect", _hold_lock)  # of each new connection, so that none writes without it
    return engine


def reading_engine(url: URL, *, busy: float) -> Engine:
    """Give the engine of the connections that only read."""
    if url.drivername == "sqlite":
        engine = _sqlite(url, busy, begin="BEGIN", readers=READERS)
        event.listen(engine, "connect", _refuse_writes)
        return engine
    return _postgresql(url, busy, connections=READERS).execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )


def _sqlite(url: URL, busy: float, *, begin: str, readers: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=readers,
        max_overflow=0,
        hide_parameters=True,  # what people write is not for the log
        connect_args={"timeout": busy, "check_same_thread": False},
    )

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "trusted_schema = OFF",
            "cache_size = -8000",  # kB; ids are random, so a run touches pages all over the file
            "wal_autocheckpoint = 8000",  # pages; one in some hundred commits pays for it, not one in fifty
            "journal_size_limit = 67108864",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin_transaction)
    return engine


def _refuse_writes(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()


def _postgresql(url: URL, busy: float, *, connections: int) -> Engine:
    options = f"-c lock_timeout={int(busy * 1000)} -c synchronous_commit=on -c timezone=UTC"
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        pool_pre_ping=True,  # PostgreSQL may have been started again
        connect_args={"options": options, "connect_timeout": 10, "application_name": "promptograph"},
    )


def _hold_lock(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    until = time.monotonic() + _PATIENCE
    while not _locked(connection):
        if time.monotonic() > until:
            connection.close()
            raise AlreadyOpen("another server uses this PostgreSQL database; stop it, or name another with --database")
        time.sleep(0.05)


def _locked(connection: DBAPIConnection) -> bool:
    cursor = connection.cursor()
    cursor.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,))
    row = cursor.fetchone()
    cursor.close()
    connection.commit()
    return row is not None and bool(row[0])
