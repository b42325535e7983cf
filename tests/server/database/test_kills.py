"""Killed at any moment, the database has all that it acknowledged, and nothing by halves."""

import asyncio
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from server.database import Database
from tests.server.database.examples import types

WRITER = """
import asyncio, itertools, sys
from server.database import Append, Database, Key
from server.records import Axis
from tests.server.database.examples import GRAPH, NOTHING, ONE_RAN, order, started

async def one(db, name):
    for number in itertools.count():
        graph = await db.graphs.create({**GRAPH, "name": f"{name} {number}"}, name)
        print("graph", graph.id, 1, flush=True)
        graph = await db.graphs.save(graph.id, {**GRAPH, "name": f"{name} {number} again"}, name, 1)
        print("graph", graph.id, 2, flush=True)
        key = Key(f"{name} {number} {sys.argv[2]}", "")
        run, _ = await db.runs.submit(order(name, seed=number, text="x" * 3000), key)
        print("run", run.id, "queued", flush=True)
        lease = await db.runs.lease(run.id, "cpu")
        print("run", run.id, "running", flush=True)
        (answer,) = await db.runs.append([Append(run.id, lease.fence, [started(), ONE_RAN])])
        print("run", run.id, "running", answer.last, flush=True)
        await db.runs.finish(run.id, lease.fence, "done", NOTHING, {})
        print("run", run.id, "done", 3, flush=True)

async def main():
    db = await Database.open(sys.argv[1])
    await db.runs.recover()
    await asyncio.gather(*(one(db, f"writer {number}") for number in range(4)))

asyncio.run(main())
"""


@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=[pytest.mark.full, pytest.mark.timeout(3600)])])
def test_nothing_that_was_acknowledged_is_lost_when_the_server_is_killed(database_url: str, kills: int) -> None:
    chance = random.Random(kills)
    acknowledged: dict[tuple[str, str], list[str]] = {}
    for turn in range(kills):
        written = _killed_after(database_url, chance.uniform(0.02, 0.5), str(turn))
        latest = {(kind, id): words for kind, id, *words in written}
        asyncio.run(_check(database_url, latest))
        acknowledged |= latest
    asyncio.run(_check(database_url, acknowledged))
    assert len(acknowledged) > kills


def _killed_after(url: str, seconds: float, turn: str) -> list[list[str]]:
    """Let a process write, kill it so many seconds after its first acknowledgement, and give what it acknowledged."""
    root = Path(__file__).parents[3]
    writer = subprocess.Popen([sys.executable, "-c", WRITER, url, turn], cwd=root, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(seconds)
    writer.kill()
    rest = writer.stdout.read()
    writer.stdout.close()
    assert (writer.wait(60), first[-1:]) == (-9, "\n")
    return [line.split() for line in (first + rest).splitlines(keepends=True) if line.endswith("\n")]


async def _check(url: str, acknowledged: dict[tuple[str, str], list[str]]) -> None:
    db = await Database.open(url)
    for (kind, id), words in acknowledged.items():
        if kind == "graph":
            assert (await db.graphs.get(id, int(words[0]))).revision == int(words[0])
            continue
        run = await db.runs.get(id)
        assert run.last >= int((words[1:] or ["0"])[0])
        assert len(await types(db, id)) == run.last + 1
        assert words[0] != "done" or run.status == "done"
        assert json.loads(await db.runs.snapshot(id))
    counts = await db.runs.counts()
    table = await db.runs._readers.do(
        lambda connection: connection.exec_driver_sql("SELECT status, count(*) FROM run GROUP BY status").all()
    )
    assert {status: count for status, count in counts.items() if count} == {row[0]: row[1] for row in table}
    await db.close()
