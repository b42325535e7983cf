"""A database in trouble: nothing is half written, reading goes on, writing comes back, the thread lives."""

import asyncio
import contextlib
import os
import sqlite3
import subprocess
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from server.database import Append, Database, Key
from server.database.errors import Unavailable
from tests.server.database.examples import GRAPH, LOST, NOTHING, ONE_RAN, names, order, running, started, submitted
from tests.server.database.test_submissions import sweep

pytestmark = pytest.mark.anyio


@pytest.fixture
async def impatient(database_url: str) -> AsyncIterator[Database]:
    """Open a database that waits for the locks of others only shortly."""
    db = await Database.open(database_url, busy=0.2)
    yield db
    await db.close()


@contextlib.contextmanager
def locked(url: str) -> Iterator[None]:
    """Hold the lock for writing, as another program would."""
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(url.replace("+psycopg", "")) as other_one:
            other_one.execute("LOCK TABLE run, counter, document IN EXCLUSIVE MODE")
            yield


async def test_a_locked_database_refuses_writes_answers_reads_and_comes_back(
    impatient: Database, database_url: str
) -> None:
    (run,) = await submitted(impatient, "before")
    with locked(database_url):
        for _ in range(2):
            answers = await asyncio.gather(*(impatient.runs.submit(order()) for _ in range(20)), return_exceptions=True)
            assert {str(answer) for answer in answers} == {"the database is locked by another program"}
            assert all(isinstance(answer, Unavailable) and not answer.full for answer in answers)
            assert await impatient.runs.get(run.id) == run
    await submitted(impatient, "after")
    assert await names(impatient) == ["before", "after"]


async def test_a_full_database_refuses_writes_answers_reads_and_comes_back(tmp_path: Path) -> None:
    db = await Database.open(f"sqlite:///{tmp_path}/promptograph.sqlite")
    (run,) = await submitted(db, "before")
    await _limit_pages(db, 1)
    for _ in range(3):
        with pytest.raises(Unavailable) as full:
            await db.runs.submit(order(prompt="x" * 100_000))
        assert full.value.full
    assert await db.runs.get(run.id) == run
    await _limit_pages(db, 2**30)
    await submitted(db, "after")
    assert await names(db) == ["before", "after"]
    await db.close()


async def _limit_pages(db: Database, pages: int) -> None:
    """Let the file grow to no more than so many pages (or to its size, if that is more): SQLite says it is full."""
    await db.runs._writer.do(lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}").close())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder]).returncode:
        pytest.skip("NOT RUN: only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


async def test_a_full_disk_refuses_writes_answers_reads_and_comes_back(small_disk: Path) -> None:
    db = await Database.open(f"sqlite:///{small_disk}/data/promptograph.sqlite")
    (run,) = await submitted(db, "before")
    (small_disk / "ballast").write_bytes(b"x" * 400_000)
    answers = [await refusal(db.runs.submit(order(prompt="x" * 100_000))) for _ in range(20)]
    kept = answers.count(None)
    assert 0 < kept < 20
    assert all(answer is None or answer.full for answer in answers)
    for _ in range(20):
        with pytest.raises(Unavailable):
            await db.runs.submit(order(prompt="x" * 200_000))
        assert await db.runs.get(run.id) == run
        assert (await db.runs.counts())["queued"] == 1 + kept
    (small_disk / "ballast").unlink()
    await submitted(db, "after")
    await db.close()
    db = await Database.open(f"sqlite:///{small_disk}/data/promptograph.sqlite")
    assert len(await names(db)) == 2 + kept
    await db.close()


async def test_a_database_that_cannot_be_written_refuses_writes_and_answers_reads(tmp_path: Path) -> None:
    db = await Database.open(f"sqlite:///{tmp_path}/promptograph.sqlite")
    await submitted(db, "before")
    await db.runs._writer.do(lambda connection: connection.exec_driver_sql("PRAGMA query_only = ON").close())
    with pytest.raises(Unavailable):
        await submitted(db, "refused")
    assert await names(db) == ["before"]
    await db.close()


async def refusal(ask: Awaitable[object]) -> Unavailable | None:
    """Give the error with which something is refused, if it is."""
    try:
        await ask
    except Unavailable as refused:
        return refused
    return None


class Fault:
    """Makes the n-th statement of a writer fail, or its n-th commit, as a broken disk would."""

    def __init__(self, engine: Engine, n: int) -> None:
        self.left = n
        self.engine = engine

    def __enter__(self) -> "Fault":
        event.listen(self.engine, "before_cursor_execute", self._count)
        event.listen(self.engine, "commit", self._count)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._count)
        event.remove(self.engine, "commit", self._count)

    def _count(self, *_: object) -> None:
        self.left -= 1
        if self.left == 0:
            raise OperationalError("a statement", {}, sqlite3.OperationalError("disk I/O error"))


Change = Callable[[Database], Coroutine[Any, Any, object]]


async def _submit(db: Database) -> object:
    return await db.runs.submit(order("new", seed=1), Key("key", "body"))


async def _submit_sweep(db: Database) -> object:
    return await db.runs.submit_sweep(sweep(), Key("key", "body"))


async def _save(db: Database) -> object:
    return await db.graphs.create({**GRAPH, "name": "x"}, "x")


async def _cancel_all(db: Database) -> object:
    return await db.runs.cancel_all()


async def _recover(db: Database) -> object:
    return await db.runs.recover()


CHANGES: list[Change] = [_submit, _submit_sweep, _save, _cancel_all, _recover]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
async def test_whichever_statement_or_commit_fails_nothing_is_half_written(db: Database, change: Change) -> None:
    await submitted(db, "waits")
    await running(db)
    before = await _everything(db)
    for n in range(1, 200):
        with Fault(db.runs._writer._engine, n) as fault:
            try:
                await change(db)
            except Unavailable:
                assert await _everything(db) == before
                continue
        assert fault.left > 0
        break
    assert n > 5
    assert await _everything(db) != before
    await submitted(db, "after")


async def test_whichever_statement_fails_a_run_goes_on_as_if_it_had_not_been_asked(db: Database) -> None:
    lease = await running(db)
    append = Append(lease.run.id, lease.fence, [started(), ONE_RAN])
    for ask in (
        lambda: db.runs.append([append]),
        lambda: db.runs.finish(lease.run.id, lease.fence, "done", NOTHING, {}),
        lambda: db.runs.interrupt(lease.run.id, lease.fence, "x", fault_if_last=LOST),
    ):
        before = await _everything(db)
        for n in range(1, 6):
            with Fault(db.runs._writer._engine, n), pytest.raises(Unavailable):
                await ask()
            assert await _everything(db) == before
    (answer,) = await db.runs.append([append])
    assert answer.last == 2


async def _everything(db: Database) -> list[list[Any]]:
    """Read all tables."""
    tables = ("run", "event", "document", "graph", "revision", "sweep", "key", "counter")

    def read(connection: Any) -> list[list[Any]]:
        return [sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {table}"))) for table in tables]

    return await db.runs._readers.do(read)


async def test_the_thread_that_writes_outlives_every_fault(db: Database) -> None:
    def exhausted(connection: object) -> None:
        raise MemoryError

    def broken(connection: object) -> None:
        raise RuntimeError("a mistake of ours")

    for work in (exhausted, broken) * 3:
        with pytest.raises((MemoryError, RuntimeError)):
            await db.runs._writer.do(work)
    await submitted(db, "after")
    assert "database-writer" in {thread.name for thread in threading.enumerate()}
