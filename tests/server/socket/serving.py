"""A server process with a real database, hub and websockets: told over HTTP what a worker would tell."""

import argparse
import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute

from server.database import Append, Database, Submission
from server.hub import Hub
from server.records import Counts
from server.socket import PATH, Sockets, uvicorn_options
from server.socket_limits import SocketLimits

Words = dict[str, Any]


class Stage:
    """Plays the part of the journal: commits events, then publishes them."""

    def __init__(self, url: str, limits: SocketLimits) -> None:
        self.url = url
        self.hub = Hub(limits)
        self.db: Database
        self.sockets: Sockets
        self.fences: dict[str, int] = {}
        self.watched: list[list[object]] = []
        self.late = 0.0  # the longest time that the loop was held
        self.hub.on_watch(lambda run, now: self.watched.append([run, now]))

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self.db = await Database.open(self.url)
        await self.db.runs.recover()
        self.sockets = Sockets(self.hub, self.db)
        app.router.routes.append(WebSocketRoute(PATH, self.sockets.serve))
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(self._watch_loop())
            yield
            watching.cancel()
        await self.db.close()

    async def control(self, request: Request) -> JSONResponse:
        words = await request.json()
        return JSONResponse(await getattr(self, words.pop("do"))(**words))

    async def submit(self, name: str = "x") -> Words:
        run, _ = await self.db.runs.submit(Submission(name=name, document="{}"))
        self.hub.queue_changed(run)
        return {"id": run.id, "number": run.number}

    async def take(self, run: str, nodes: list[str]) -> Words:
        lease = await self.db.runs.lease(run, "worker")
        assert lease is not None
        self.fences[run] = lease.fence
        self.hub.nodes(run, nodes)
        self.hub.queue_changed(lease.run)
        return {}

    async def say(self, run: str, events: list[Words]) -> Words:
        """Commit events and tell them; `spent` is what telling took."""
        [kept] = await self.db.runs.append([Append(run, self.fences[run], events)])
        begun = time.perf_counter()
        self.hub.publish(run, kept.events, kept.last)
        return {"last": kept.last, "spent": time.perf_counter() - begun}

    async def end_after_step(self, run: str, node: str) -> Words:
        """A node's last progress is told right before its end."""
        ended: Words = {"type": "node_finished", "seconds": 1.0, "peak": None, "outputs": {}, "summaries": {}}
        [kept] = await self.db.runs.append([Append(run, self.fences[run], [{**ended, "node": node}])])
        self.hub.progress(run, {"node": node, "step": 1, "total": 1})
        self.hub.preview(run, node, None, b"last", "image/png")
        self.hub.publish(run, kept.events, kept.last)
        return {}

    async def finish(self, run: str) -> Words:
        ended = await self.db.runs.finish(
            run, self.fences[run], "done", Counts(ran=1, cached=0, failed=0, blocked=0), {}
        )
        self.hub.publish(run, await self.db.events.after(run, ended.last - 1), ended.last, final=True)
        self.hub.queue_changed(ended)
        return {"last": ended.last}

    async def play(self, run: str, nodes: int, batch: int, pause: float) -> Words:
        """Run nodes one after the other, committing so many events at once; `at` is when they were told."""
        events = [event for node in range(nodes) for event in _node(node)]
        spent = []
        for first in range(0, len(events), batch):
            part = [{**event, "at": time.time()} for event in events[first : first + batch]]
            spent.append((await self.say(run, part))["spent"])
            await asyncio.sleep(pause)
        return {"spent": sorted(spent)[len(spent) // 2], "most": max(spent), "late": self.late}

    async def step(self, run: str, node: str, steps: int, pause: float) -> Words:
        """Make progress in a node, and show a picture at each step."""
        for step in range(1, steps + 1):
            self.hub.progress(run, {"node": node, "step": step, "total": steps, "rate": float("inf"), "at": 1.0})
            self.hub.preview(run, node, None, b"%d" % step, "image/jpeg")
            await asyncio.sleep(pause)
        return {}

    async def pictures(self, run: str, node: str, size: int, count: int) -> Words:
        for _ in range(count):
            self.hub.preview(run, node, 3, b"x" * size, "image/webp")
            await asyncio.sleep(0.02)
        return {}

    async def queue(self, do_pause: bool) -> Words:
        await self.db.runs.pause(do_pause)
        self.hub.queue_changed(None)
        return {}

    async def changed(self, runs: list[str]) -> Words:
        """Tell of changes one after the other, before anybody is woken."""
        for run in [await self.db.runs.get(id) for id in runs]:
            self.hub.queue_changed(run)
        return {}

    async def log(self, run: str) -> Words:
        return {"events": [json.loads(event) for event in await self.db.events.after(run, -1, 100_000)]}

    async def facts(self) -> Words:
        late, self.late = self.late, 0.0
        return {
            "memory": int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"),
            "open": self.sockets.open,
            "connections": sum(_is_socket(each) for each in Path("/proc/self/fd").iterdir()),
            "late": late,
            "topics": len(self.hub._topics),
            "watched": self.watched,
        }

    async def _watch_loop(self) -> None:
        while True:
            begun = time.monotonic()
            await asyncio.sleep(0.01)
            self.late = max(self.late, time.monotonic() - begun - 0.01)


def _is_socket(descriptor: Path) -> bool:
    try:
        return os.readlink(descriptor).startswith("socket:")
    except FileNotFoundError:
        return False  # it was the one that lists the others


def _node(number: int) -> list[Words]:
    """Give the events of a node as a worker tells them: with a digest and a summary of what it made."""
    name = f"node_{number:04}"
    digest = f"{number:064x}"
    summary = {"shape": [1, 3, 512, 512], "dtype": "float32", "min": -1.0, "max": 1.0, "mean": 0.123456, "std": 0.3}
    return [
        {"type": "node_started", "node": name},
        {
            "type": "node_finished",
            "node": name,
            "seconds": 0.123456,
            "peak": None,
            "outputs": {"image": digest},
            "summaries": {"image": {**summary, "nan": 0}},
        },
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("port", type=int)
    parser.add_argument("limits", type=json.loads)
    asked = parser.parse_args()
    stage = Stage(asked.url, SocketLimits(**asked.limits))
    app = Starlette(routes=[Route("/control", stage.control, methods=["POST"])], lifespan=stage.lifespan)
    options = uvicorn_options(stage.hub.limits)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=asked.port,
        log_level="warning",
        timeout_graceful_shutdown=5,
        backlog=2048,
        **options,
    )


if __name__ == "__main__":
    main()
