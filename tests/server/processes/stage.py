"""A crew at work on a database and a hub of its own, and graphs for it to run."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.database import Database, Submission
from server.dispatcher import Dispatcher
from server.hub import Hub
from server.journal import Journal
from server.processes.crew import Crew
from server.processes.terms import Terms
from server.records import FINAL, Run

TOYS = "tests.server.toys:CATALOG"


@dataclass(frozen=True)
class Stage:
    """The parts of a server that runs need."""

    terms: Terms
    db: Database
    hub: Hub
    journal: Journal
    crew: Crew
    dispatcher: Dispatcher

    async def submit(self, nodes: dict[str, Any], *, targets: tuple[str, ...] = (), **more: Any) -> Run:
        """Put a graph of these nodes into the queue."""
        document = {"format": "promptograph/1", "nodes": nodes, **more.pop("document", {})}
        order = Submission(name="test", document=json.dumps(document), targets=targets, **more)
        run, _ = await self.db.runs.submit(order)
        self.dispatcher.submitted()
        return run

    async def ended(self, run: Run, seconds: float = 20.0) -> Run:
        """Wait for a run to end."""
        return await self.when(run, lambda run: run.status in FINAL, seconds)

    async def when(self, run: Run, condition: Callable[[Run], bool], seconds: float = 20.0) -> Run:
        """Wait until a run is as wanted."""
        deadline = time.monotonic() + seconds
        while not condition(found := await self.db.runs.get(run.id)):
            assert time.monotonic() < deadline, (found, await self.events(found))
            await asyncio.sleep(0.01)
        return found

    async def run(self, nodes: dict[str, Any], *, seconds: float = 20.0, **more: Any) -> Run:
        return await self.ended(await self.submit(nodes, **more), seconds)

    async def events(self, run: Run) -> list[dict[str, Any]]:
        return [json.loads(event) for event in await self.db.events.after(run.id, -1, 10_000)]

    async def story(self, run: Run) -> list[tuple[str, str | None]]:
        """Tell in short what happened in a run."""
        return [(event["type"], event.get("node")) for event in await self.events(run)]

    async def idle(self, seconds: float = 20.0) -> None:
        """Wait until all workers have nothing to do."""
        await until(lambda: len(self.crew.idle()) == len(self.terms.devices), seconds)

    def pid(self, device: int = 0) -> int:
        found = self.crew.members()[device].pid
        assert found is not None
        return found


def alive(pid: int) -> bool:
    """Say whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def soon(seconds: float) -> float:
    """Give a bound with room for what else this machine does now."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.005)


def terms(folder: Path, **changes: Any) -> Terms:
    """Give terms with folders below this one."""
    return Terms(cache=folder / "cache", data=folder / "data", **{"catalog": TOYS, **changes})


@asynccontextmanager
async def stage(folder: Path, **changes: Any) -> AsyncIterator[Stage]:
    """Put the parts together, and take them apart as a server does."""
    agreed = terms(folder, **changes)
    db = await Database.open(f"sqlite:///{folder / 'data' / 'promptograph.sqlite'}")
    await db.runs.recover()
    hub = Hub()
    journal = Journal(db, hub)
    crew = Crew(agreed, db, hub, journal)
    dispatcher = Dispatcher(agreed, db, hub, journal, crew)
    await journal.start()
    await crew.start()
    await dispatcher.start()
    try:
        yield Stage(agreed, db, hub, journal, crew, dispatcher)
    finally:
        await dispatcher.stop()
        await crew.stop()
        await journal.stop()
        await db.close()
