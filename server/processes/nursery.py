"""Keep a zygote ready, a warm one as soon as there is one, and have children forked.

Guarantees
1. A child can be had before the libraries are imported, and costs a fork from then on.
2. A zygote that dies is replaced, and what it had forked is told to have ended.
"""

import asyncio
import contextlib
import logging
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass

from server.processes.backoff import Backoff
from server.processes.blackbox import blank
from server.processes.confine import environment
from server.processes.forker import CannotForkError, Forked, Forker
from server.processes.printed import Printed
from server.processes.setting import Setting

LOG = logging.getLogger("promptograph.zygote")
_START = 60.0  # seconds to import the catalog
_WARM = 300.0  # seconds to import all libraries
_END = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Child:
    """A worker's process, and the server's ends of what it was given."""

    process: Forked
    sock: socket.socket
    printed: int
    box: int
    warm: bool


class Nursery:
    """The zygotes of a server."""

    def __init__(self, catalog: str) -> None:
        self._catalog = catalog
        self._first: Forker | None = None
        self._second: Forker | None = None
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self.warmed = asyncio.Event()  # there is a zygote that has imported the libraries

    async def start(self) -> None:
        self._task = asyncio.create_task(self._live(), name="nursery")

    async def stop(self) -> None:
        """End the zygotes and all that they have forked."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def worker(self, setting: Setting) -> Child:
        """Fork a worker, from the warm zygote if there is one; waits for a zygote."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._first is not None)
        forker = self._second or self._first
        if forker is None:
            raise CannotForkError("the zygote has ended")
        ours, theirs = socket.socketpair()
        printed, prints = os.pipe()
        box = blank()
        try:
            forked = await forker.fork("worker", asdict(setting), [theirs.fileno(), prints, box])
        except BaseException:
            ours.close()
            os.close(printed)
            os.close(box)
            raise
        finally:
            theirs.close()
            os.close(prints)
        return Child(forked, ours, printed, box, forker.warm)

    async def _live(self) -> None:
        backoff = Backoff()
        while True:
            async with _process(self._catalog) as control:
                forker = Forker(control, warm=False)
                try:
                    async with asyncio.timeout(_START):
                        await _ready(forker)
                    backoff.succeeded()
                    await self._serve(forker)
                except (CannotForkError, TimeoutError) as error:
                    LOG.error("no worker can be started: %s", error or "the catalog is not imported in time")
                finally:
                    forker.close()
            await backoff.wait()

    async def _serve(self, first: Forker) -> None:
        await self._change(first, None)
        warmth = asyncio.create_task(self._keep_warm(first), name="warmth")
        try:
            await first.gone.wait()
        finally:
            warmth.cancel()
            await asyncio.wait([warmth])
            await self._change(None, None)
        raise CannotForkError("the zygote has ended")

    async def _keep_warm(self, first: Forker) -> None:
        backoff = Backoff()
        while True:
            try:
                await self._warm(first)
                backoff.succeeded()
            except (CannotForkError, TimeoutError) as error:
                LOG.warning("workers import the libraries themselves: %s", error or "importing takes too long")
            await backoff.wait()

    async def _warm(self, first: Forker) -> None:
        """Fork the second zygote, and see to it until it ends."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        printed, prints = os.pipe()
        reading = Printed(printed, _log)
        forker = Forker(ours, warm=True)
        try:
            child = await first.fork("zygote", {}, [theirs.fileno(), prints])
            theirs.close()
            try:
                async with asyncio.timeout(_WARM):
                    await _ready(forker)
                await self._change(first, forker)
                await forker.gone.wait()
                await self._change(first, None)
            finally:
                child.kill()
        finally:
            theirs.close()
            os.close(prints)
            forker.close()
            reading.close()

    async def _change(self, first: Forker | None, second: Forker | None) -> None:
        async with self._changed:
            self._first, self._second = first, second
            (self.warmed.clear if second is None else self.warmed.set)()
            self._changed.notify_all()


async def _ready(forker: Forker) -> None:
    """Wait until a zygote is ready; one with more than one thread must not fork."""
    await asyncio.wait([forker.ready])  # which is cancelled when the zygote ends
    if forker.ready.cancelled():
        raise CannotForkError("it ended while it imported; what it printed says why")
    if (threads := forker.ready.result()) > 1:
        raise CannotForkError(f"importing has started {threads - 1} threads, so forking is not safe")


@contextlib.asynccontextmanager
async def _process(catalog: str) -> AsyncIterator[socket.socket]:
    """Start the first zygote, give its control socket, and end it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    printed, prints = os.pipe()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "server.processes.zygote", str(theirs.fileno()), catalog, str(os.getpid())],
            env=environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=prints,
            stderr=prints,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    os.close(prints)
    reading = Printed(printed, _log)
    try:
        yield ours
    finally:
        ours.close()
        try:
            await asyncio.to_thread(process.wait, _END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reading.close()


def _log(line: str) -> None:
    LOG.info("%s", line)
