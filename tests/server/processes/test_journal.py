"""Events on their way: committed before they are told, in order, held back while the database cannot be written."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest

from server.database import Database, Lease, Submission
from server.hub import Hub
from server.journal import Journal

pytestmark = pytest.mark.anyio
NODE = {"type": "node_started", "at": 1.0, "items": None}


async def held(db: Database) -> Lease:
    """Give a run that a worker holds."""
    run, _ = await db.runs.submit(Submission(name="a", document="{}"))
    lease = await db.runs.lease(run.id, "worker")
    assert lease is not None
    return lease


async def test_events_are_told_in_order_after_they_are_committed(tmp_path: Path) -> None:
    db = await Database.open(f"sqlite:///{tmp_path}/db.sqlite")
    hub = Hub()
    wake = asyncio.Event()
    lease = await held(db)
    topic = hub.watch(lease.run.id, wake, previews=False)
    topic.ring.reach(lease.run.last)
    journal = Journal(db, hub)
    await journal.start()
    for at in range(3000):
        await journal.add(lease.run.id, lease.fence, {**NODE, "node": f"n{at}"})
        if at % 500 == 0:
            await asyncio.sleep(0.01)
            kept = await db.events.after(lease.run.id, topic.ring.last - 1, 1)
            assert len(kept) == 1  # what was told is there
    await journal.settled(lease.run.id)
    found = [json.loads(event) for event in await db.events.after(lease.run.id, lease.run.last, 10_000)]
    assert [event["node"] for event in found] == [f"n{at}" for at in range(3000)]
    assert topic.ring.last == found[-1]["n"] == 3000
    await journal.stop()
    await db.close()


async def test_events_wait_while_the_database_is_locked_and_so_do_those_who_tell_many(tmp_path: Path) -> None:
    db = await Database.open(f"sqlite:///{tmp_path}/db.sqlite", busy=0.05)
    lease = await held(db)
    journal = Journal(db, Hub())
    await journal.start()
    locking = sqlite3.connect(tmp_path / "db.sqlite", isolation_level=None)
    locking.execute("BEGIN IMMEDIATE")
    told = 0

    async def tell() -> None:
        nonlocal told
        for at in range(10_000):
            await journal.add(lease.run.id, lease.fence, {**NODE, "node": f"n{at}"})
            told += 1

    telling = asyncio.create_task(tell())
    await asyncio.sleep(0.5)
    assert 1000 < told < 4000
    locking.execute("ROLLBACK")
    locking.close()
    await telling
    await journal.settled(lease.run.id)
    found = [json.loads(event)["node"] for event in await db.events.after(lease.run.id, lease.run.last, 20_000)]
    assert found == [f"n{at}" for at in range(10_000)]
    await journal.stop()
    await db.close()


async def test_the_events_of_many_runs_are_kept_in_few_transactions(tmp_path: Path) -> None:
    db = await Database.open(f"sqlite:///{tmp_path}/db.sqlite")
    leases = [await held(db) for _ in range(20)]
    journal = Journal(db, Hub())
    await journal.start()
    for at in range(20):
        for lease in leases:
            await journal.add(lease.run.id, lease.fence, {**NODE, "node": f"n{at}"})
    for lease in leases:
        await journal.settled(lease.run.id)
        assert len(await db.events.after(lease.run.id, lease.run.last)) == 20
    await journal.stop()
    await db.close()
