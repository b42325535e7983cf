"""The server's end of a zygote: ask for a child, learn how it ended."""

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from server.processes.confine import PACKET


class CannotForkError(Exception):
    """A child could not be made; another attempt may go well."""


@dataclass(frozen=True, slots=True, eq=False)
class Forked:
    """A process that a zygote has forked; `ended` gives its exit code, the negative number of a signal, or None."""

    pid: int
    ended: "asyncio.Future[int | None]"

    def kill(self) -> None:
        """End it and all of its group, if it has not ended."""
        if not self.ended.done():  # its number is its own until the zygote has told that it ended
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)


@dataclass(eq=False)
class Forker:
    """One zygote, reached by a socket."""

    control: socket.socket
    warm: bool
    ready: "asyncio.Future[int]" = field(init=False)  # the threads it has
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: "dict[int, asyncio.Future[Forked]]" = field(default_factory=dict)
    _children: dict[int, Forked] = field(default_factory=dict)
    _number: int = 0

    def __post_init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.ready = self._loop.create_future()
        self.control.setblocking(False)
        self._loop.add_reader(self.control, self._read)

    async def fork(self, role: str, setting: dict[str, Any], fds: Sequence[int]) -> Forked:
        """Have a child forked that takes over these files: its socket, where it prints to, and what its role wants."""
        self._number += 1
        number = self._number
        order = json.dumps({"id": number, "role": role, "setting": setting}).encode()
        answer: asyncio.Future[Forked] = self._loop.create_future()
        self._asked[number] = answer
        try:
            socket.send_fds(self.control, [order], fds)
            return await answer
        except OSError as error:
            raise CannotForkError(f"the zygote does not answer: {error}") from error
        finally:
            self._asked.pop(number, None)

    def close(self) -> None:
        """Let the zygote and its children end."""
        if self.gone.is_set():
            return
        self._loop.remove_reader(self.control)
        self.control.close()
        self.gone.set()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(CannotForkError("the zygote has ended"))
        for child in self._children.values():
            child.ended.set_result(None)
        self._children.clear()
        self.ready.cancel()

    def _read(self) -> None:
        try:
            packet = self.control.recv(PACKET)
        except BlockingIOError:
            return
        except OSError:
            packet = b""
        if packet:
            self._hear(json.loads(packet))
        else:
            self.close()

    def _hear(self, message: dict[str, Any]) -> None:
        match message:
            case {"told": "ready", "threads": int(threads)}:
                self.ready.set_result(threads)
            case {"told": "forked", "id": int(number), "pid": int(pid)}:
                self._children[pid] = child = Forked(pid, self._loop.create_future())
                if (answer := self._asked.get(number)) is not None and not answer.done():
                    answer.set_result(child)
                else:
                    child.kill()  # nobody waits for it any more
            case {"told": "refused", "id": int(number), "why": str(why)}:
                if (answer := self._asked.get(number)) is not None and not answer.done():
                    answer.set_exception(CannotForkError(why))
            case {"told": "ended", "pid": int(pid), "status": int(status)}:
                if pid in self._children:
                    self._children.pop(pid).ended.set_result(status)
            case _:
                raise ValueError(f"a zygote tells what nobody knows: {message}")
