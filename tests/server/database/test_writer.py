"""The one thread that writes, on each database."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Connection, event

from server.database import Database, writer
from server.database.errors import DatabaseError, Unavailable, Unkeepable
from tests.server.database.examples import names, order, running, submitted

pytestmark = pytest.mark.anyio


async def test_writes_that_wait_are_committed_together(db: Database) -> None:
    commits = 0

    def count(_: Connection) -> None:
        nonlocal commits
        commits += 1

    event.listen(db.runs._writer._engine, "commit", count)
    gate = threading.Event()
    held = asyncio.ensure_future(db.runs._writer.do(lambda _: gate.wait(10)))
    await asyncio.sleep(0.05)
    writes = [asyncio.ensure_future(db.runs.submit(order(str(number)))) for number in range(100)]
    await asyncio.sleep(0.05)
    gate.set()
    await asyncio.gather(held, *writes)
    assert commits == 2
    assert await names(db) == [str(number) for number in range(100)]


async def test_one_that_is_refused_takes_nothing_away_from_those_beside_it(db: Database) -> None:
    def fail(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO setting (name, value) VALUES ('half', 'written')")
        raise ValueError("refused")

    writes = [db.runs.submit(order("a")), db.runs._writer.do(fail), db.runs.submit(order("b"))]
    answers = await asyncio.gather(*writes, return_exceptions=True)
    assert [isinstance(answer, ValueError) for answer in answers] == [False, True, False]
    assert await names(db) == ["a", "b"]
    assert await rows_of_setting(db) == 0


async def test_an_answer_is_given_after_the_commit(db: Database) -> None:
    async def submit_and_read() -> None:
        (run,) = await submitted(db, "a")
        assert (await db.runs.get(run.id)).id == run.id

    await asyncio.gather(*(submit_and_read() for _ in range(50)))


async def test_a_write_that_is_given_up_before_its_turn_stays_out(db: Database) -> None:
    gate = threading.Event()
    held = asyncio.ensure_future(db.runs._writer.do(lambda _: gate.wait(10)))
    await asyncio.sleep(0.05)
    gone = asyncio.ensure_future(db.runs.submit(order("gone")))
    await asyncio.sleep(0.01)
    gone.cancel()
    await asyncio.sleep(0.01)
    gate.set()
    await held
    await submitted(db, "stays")
    assert await names(db) == ["stays"]


async def test_no_more_than_so_many_writes_wait(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "WAITING", 3)
    gate = threading.Event()
    held = asyncio.ensure_future(db.runs._writer.do(lambda _: gate.wait(10)))
    await asyncio.sleep(0.05)
    waiting = [asyncio.ensure_future(db.runs.submit(order())) for _ in range(5)]
    await asyncio.sleep(0.01)
    gate.set()
    answers = await asyncio.gather(held, *waiting, return_exceptions=True)
    assert sum(isinstance(answer, Unavailable) for answer in answers) == 2


async def test_a_closed_database_takes_what_waits_and_nothing_more(database_url: str) -> None:
    db = await Database.open(database_url)
    writes = [asyncio.ensure_future(db.runs.submit(order())) for _ in range(20)]
    await asyncio.sleep(0)
    await db.close()
    assert len(await asyncio.gather(*writes)) == 20
    with pytest.raises(Unavailable, match="closed"):
        await db.runs.submit(order())
    with pytest.raises(Unavailable, match="closed"):
        await db.runs.counts()
    db = await Database.open(database_url)
    assert (await db.runs.counts())["queued"] == 20
    await db.close()


@pytest.mark.parametrize("text", ["half \ud800", "none \x00", "r_" + "x" * 10_000, "' OR 1=1 --", "%s", "\U0001f3e0"])
async def test_strange_texts_are_kept_or_refused_in_words(db: Database, text: str) -> None:
    run = (await running(db)).run
    asks: list[Callable[[], Awaitable[object]]] = [
        lambda: db.runs.get(text),
        lambda: db.runs.cancel(text),
        lambda: db.runs.page(graph=text),
        lambda: db.runs.submit(order(text, prompt=text)),
        lambda: db.runs.lease(text, text),
        lambda: db.graphs.create({"name": text}, text),
        lambda: db.graphs.get(text),
        lambda: db.shares.find(text),
        lambda: db.assets.get(text),
        lambda: db.sweeps.get(text),
    ]
    for ask in asks:
        words = await refusal(ask())
        assert "INSERT" not in words
        assert "SELECT" not in words
    assert (await db.runs.get(run.id)).status == "running"


@pytest.mark.parametrize("number", [2**31, 2**63, 2**80, -(2**80)])
async def test_numbers_that_are_too_large_are_refused_in_words(db: Database, number: int) -> None:
    (run,) = await submitted(db, "a")
    made = await db.graphs.create({}, "a")
    for ask in (
        db.runs.submit(order(priority=number)),
        db.runs.move(run.id, priority=number),
        db.graphs.get(made.id, number),
        db.graphs.save(made.id, {"a": 1}, "a", number),
        db.graphs.revisions(made.id, number),
        db.events.after(run.id, number),
    ):
        assert "now" not in await refusal(ask)
    assert (await db.runs.counts())["queued"] >= 1


async def test_what_cannot_be_kept_is_not_the_fault_of_the_database(db: Database) -> None:
    with pytest.raises(Unkeepable):
        await db.runs.submit(order(priority=2**70))


async def refusal(ask: Awaitable[object]) -> str:
    """Say in which words something is refused, if it is."""
    try:
        await ask
    except DatabaseError as refused:
        return str(refused)
    return ""


async def rows_of_setting(db: Database) -> int:
    ask = "SELECT count(*) FROM setting"
    return int(await db.runs._readers.do(lambda connection: connection.exec_driver_sql(ask).scalar_one()))
