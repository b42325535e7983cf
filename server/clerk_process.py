"""One clerk, seen from the server: a child process at the other end of a pair of sockets."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from server.pipe import Frame, FrameError, Line
from server.processes.confine import environment

_ALONE = {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}  # it downloads nothing, and computes little
_ENDING = 1.0  # seconds from the end of its socket to that of the process
_START = 60.0  # seconds in which a clerk has to be ready; importing is slow on a machine that is busy


class GoneError(Exception):
    """The clerk has ended, or sends what nobody can read."""


class Clerk:
    """A clerk that is ready. It is asked one thing at a time."""

    def __init__(self, process: asyncio.subprocess.Process, line: Line) -> None:
        self._process = process
        self._line = line

    @classmethod
    async def hire(cls, order: Mapping[str, Any]) -> "Clerk":
        """Start a process and wait until it is ready. Raises GoneError, or TimeoutError."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = await _start(theirs.fileno())
        clerk = cls(process, await Line.open(ours))
        try:
            await clerk.ask({**order, "parent": os.getpid()}, b"", deadline=_START)
        except BaseException:
            await clerk.dismiss()
            raise
        return clerk

    @property
    def pid(self) -> int:
        return self._process.pid

    async def ask(self, header: Mapping[str, Any], payload: bytes, *, deadline: float) -> Frame:
        """Send a question and wait for its answer. Raises GoneError, or TimeoutError after so many seconds."""
        async with asyncio.timeout(deadline):
            try:
                await self._line.send(header, payload)
                frame = await self._line.receive()
            except (OSError, FrameError) as error:
                raise GoneError from error
        if frame is None:
            raise GoneError
        return frame

    async def was_killed(self) -> bool:
        """Say whether somebody else has ended it: its memory is bounded, so that no question can have."""
        try:
            async with asyncio.timeout(_ENDING):
                return await self._process.wait() == -signal.SIGKILL
        except TimeoutError:
            return False

    async def dismiss(self) -> None:
        """End the process at once, and everything that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        await self._line.close()


async def _start(descriptor: int) -> asyncio.subprocess.Process:
    command: Sequence[str] = (sys.executable, "-P", "-m", "server.clerk", str(descriptor))
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        pass_fds=[descriptor],
        process_group=0,
        env=environment(os.environ) | _ALONE,
    )
