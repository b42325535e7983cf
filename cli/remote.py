"""Carry out a run on a server: bring what it needs, submit, follow, fetch, report.

Guarantees
1. The files, the report and the exit code are those of a run on this machine.
2. The first Ctrl-C cancels the run on the server, and the process ends within two seconds.
"""

import asyncio
import os
import re
import signal
import sys
from collections.abc import Coroutine
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any, TextIO

from cli.assignments import assigned
from cli.compose import files
from cli.fetched import fetch
from cli.report import Ending, Reporter
from cli.running import Order, reporter_of
from cli.source import open_graph
from cli.told import Story
from client import Client, ClientError, RefusedError
from engine import Catalog, Files, InputError
from graphs import Graph, GraphError, Problem

CANCEL_SECONDS = 1.5
_ASSET = re.compile(r'"asset:([0-9a-f]{64})"')


def carry_out(order: Order, catalog: Catalog, server: str, *, stdout: TextIO, json: bool, quiet: bool) -> int:
    """Run and give the exit code."""
    if order.checkpoint_every or not order.settings.keep:
        raise InputError("--no-cache and --checkpoint-every do not go with --server", hint="the server decides that")
    here = files()
    graph = assigned(open_graph(order.graph, catalog), order.assignments, catalog, _Lent(here.folder, here.roots))
    run = _Run(order, graph, here.folder / "assets", stdout, json=json, quiet=quiet)
    try:
        return asyncio.run(_until_told(run.carry_out(server)))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    except ClientError as error:
        raise told(error) from None


def told(error: ClientError) -> Exception:
    """Say what a server refused as the command line says it."""
    if not isinstance(error, RefusedError):
        return InputError(str(error), hint="check the address, and that the server runs")
    return GraphError.of(
        Problem(each.message, each.node, each.port or each.field, each.hint or "") for each in error.problems
    )


async def _until_told(work: Coroutine[Any, Any, int]) -> int:
    """Cancel at the first signal, wherever the work is; leave at the second."""
    task = asyncio.create_task(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, _leave, task)
    return await task


def _leave(task: "asyncio.Task[int]") -> None:
    if not task.cancel() or task.cancelling() > 1:
        os._exit(130)


class _Lent(Files):
    """The files of this machine, as far as a server can be lent them."""

    def adopt(self, path: Path) -> str:
        raise InputError(
            f"the model {path.name!r} is on this machine",
            hint="put it below a models folder of the server, and name it",
        )


class _Run:
    """One run on a server, from the document to the files."""

    def __init__(self, order: Order, graph: Graph, assets: Path, stdout: TextIO, *, json: bool, quiet: bool) -> None:
        self._order = order
        self._graph = graph
        self._assets = assets
        self._reporting = reporter_of(stdout, json=json, quiet=quiet)

    async def carry_out(self, server: str) -> int:
        async with Client(server) as client:
            await client.look()
            await self._lend(client)
            run = await client.submit(self._graph, targets=self._order.targets)
            story = Story(run.id)
            with self._reporting as reporter:
                await _watch(client, story, reporter)
            if story.fault:
                print(f"error: {story.fault}", file=sys.stderr, flush=True)
            saved = await fetch(client, await client.run(run.id), self._order.out)
            ordered = {name: saved[name] for name in dict.fromkeys((*self._graph.outputs, *saved)) if name in saved}
            reporter.end(Ending(story.status, ordered, story.nodes, story.seconds))
            return story.code

    async def _lend(self, client: Client) -> None:
        """Bring the assets that the graph names and that are here."""
        for digest in sorted(set(_ASSET.findall(self._graph.dumps()))):
            path = self._assets / digest
            if path.is_file():
                await client.upload(await asyncio.to_thread(path.read_bytes), name=digest[:12])


async def _watch(client: Client, story: Story, reporter: Reporter) -> None:
    """Report a run until it has ended; who leaves earlier cancels it."""
    try:
        await _report(client, story, reporter)
    except asyncio.CancelledError:
        with suppress(ClientError, TimeoutError):
            async with asyncio.timeout(CANCEL_SECONDS):
                await client.cancel(story.run)
                await _report(client, story, reporter)
        reporter.end(Ending("cancelled", {}, story.nodes, story.seconds))
        raise


async def _report(client: Client, story: Story, reporter: Reporter) -> None:
    async with aclosing(client.follow(story.run, after=story.n)) as messages:
        async for message in messages:
            for event in story.told(message):
                reporter.event(event)
