"""Opening: one server at a time, of a version that is known, and quickly."""

import asyncio
import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, text

from server.database import Database, engines
from server.database.engines import parse
from server.database.errors import AlreadyOpen, Newer, Unopenable
from tests.server.database.examples import names, submitted
from tests.server.database.postgresql import Server

pytestmark = pytest.mark.anyio


async def test_what_was_kept_is_there_after_a_restart(database_url: str) -> None:
    db = await Database.open(database_url)
    (run,) = await submitted(db, "kept")
    await db.close()
    db = await Database.open(database_url)
    assert await db.runs.get(run.id) == run
    assert (await db.runs.counts())["queued"] == 1
    await db.close()


async def test_a_server_may_start_in_the_moment_when_another_has_stopped(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url.replace("+psycopg", "")) as other:  # it has not been seen yet that it is gone
        other.execute("SELECT pg_advisory_lock(%s)", (engines._LOCK,))
        opening = asyncio.ensure_future(Database.open(postgresql_url))
        await asyncio.sleep(0.5)
        assert not opening.done()
    await (await opening).close()


async def test_a_second_server_is_refused_while_the_first_goes_on(db: Database, database_url: str) -> None:
    with pytest.raises(AlreadyOpen, match="another server uses"):
        await Database.open(database_url)
    await submitted(db, "first")
    assert await names(db) == ["first"]


async def test_a_database_of_a_later_version_is_refused_and_not_touched(database_url: str) -> None:
    await (await Database.open(database_url)).close()
    engine = create_engine(parse(database_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Newer, match="version 9999"):
        await Database.open(database_url)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    engine.dispose()


async def test_tables_of_another_program_are_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "promptograph.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (a INTEGER)")
    with pytest.raises(Unopenable, match="another program"):
        await Database.open(f"sqlite:///{path}")


@pytest.mark.parametrize("content", [b"no database at all, only words" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
async def test_a_file_that_is_no_database_is_refused_and_not_touched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "promptograph.sqlite"
    path.write_bytes(content)
    with pytest.raises(Unopenable, match="damaged, or is no database"):
        await Database.open(f"sqlite:///{path}")
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "url",
    ["", "sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://host/name", "postgresql+pg8000://host/name", "\x00"],
)
async def test_only_sqlite_files_and_postgresql_are_known(url: str) -> None:
    with pytest.raises(Unopenable):
        await Database.open(url)


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unopenable, match="cannot write to"):
        await Database.open(f"sqlite:///{tmp_path}/file/promptograph.sqlite")


async def test_a_postgresql_that_is_not_there_is_said_without_the_password() -> None:
    with pytest.raises(Exception, match="cannot be used now") as error:
        await Database.open("postgresql://me:secret@127.0.0.1:1/none")
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("name", ["a b", "50%", "what?", "a#b", "ä", "x?mode=ro"])
async def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    db = await Database.open(f"sqlite:///{tmp_path}/{name}/promptograph.sqlite")
    await submitted(db, "a")
    await db.close()
    assert (tmp_path / name / "promptograph.sqlite").stat().st_size > 4096


async def test_the_files_are_for_this_user_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        db = await Database.open(f"sqlite:///{tmp_path}/data/promptograph.sqlite")
        await submitted(db, "a")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
        await db.close()
    finally:
        os.umask(before)
    assert set(modes.values()) == {0o600}
    assert "promptograph.sqlite-wal" in modes
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


async def test_sqlite_syncs_each_commit_and_readers_cannot_write(tmp_path: Path) -> None:
    db = await Database.open(f"sqlite:///{tmp_path}/promptograph.sqlite")
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    for store in (db.runs._writer, db.runs._readers):
        assert await store.do(lambda connection: [_pragma(connection, name) for name in pragmas]) == [*pragmas.values()]
    with pytest.raises(Exception, match="cannot be used"):
        await db.runs._readers.do(lambda connection: connection.exec_driver_sql("DELETE FROM run"))
    await db.close()


async def test_postgresql_acknowledges_after_its_sync_and_readers_cannot_write(postgresql_url: str) -> None:
    db = await Database.open(postgresql_url)
    found = await db.runs._writer.do(lambda connection: connection.exec_driver_sql("SHOW synchronous_commit").one())
    assert found[0] == "on"
    with pytest.raises(Exception, match="cannot be used"):
        await db.runs._readers.do(lambda connection: connection.exec_driver_sql("DELETE FROM run"))
    await db.close()


async def test_a_server_that_was_killed_leaves_no_lock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/promptograph.sqlite"
    code = (
        "import asyncio, os, sys; from server.database import Database\n"
        "async def main():\n    await Database.open(sys.argv[1]); os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())"
    )
    ended = subprocess.run([sys.executable, "-c", code, url], timeout=60)
    assert ended.returncode == -9
    await (await Database.open(url)).close()


async def test_a_start_without_a_step_to_take_needs_no_alembic_and_little_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/promptograph.sqlite"
    await (await Database.open(url)).close()
    code = (
        "import asyncio, sys, time; from server.database import Database\n"
        "async def main():\n"
        "    before = time.perf_counter(); db = await Database.open(sys.argv[1])\n"
        "    print(time.perf_counter() - before); await db.close()\n"
        "asyncio.run(main()); print(*({'alembic', 'psycopg', 'torch', 'nodes'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code, url], timeout=60, capture_output=True, text=True, check=True)
    seconds, loaded = ended.stdout.split("\n")[:2]
    assert float(seconds) < 1
    assert loaded == ""


async def test_sqlite_is_one_file_again_when_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "promptograph.sqlite"
    db = await Database.open(f"sqlite:///{path}")
    await submitted(db, "a")
    await db.close()
    assert {found.name for found in tmp_path.iterdir()} == {"promptograph.sqlite", "promptograph.sqlite.lock"}
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_postgresql_that_was_started_again_is_used_again(
    postgresql_url: str, postgresql_server: Server
) -> None:
    db = await Database.open(postgresql_url)
    await submitted(db, "before")
    assert await names(db) == ["before"]
    name = postgresql_url.partition("@/")[2].partition("?")[0]
    postgresql_server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    until = time.monotonic() + 10
    await submitted(db, "after")
    assert await names(db) == ["before", "after"]
    assert time.monotonic() < until
    with pytest.raises(AlreadyOpen):  # the lock was taken again with the connection
        await Database.open(postgresql_url)
    await db.close()


def _pragma(connection: Connection, name: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()
