"""Pass on what a child prints, line by line, to the server's log.

Guarantees
1. A child that prints without end costs a bounded part of a second of the server's, and a bounded number of lines.
2. A line is cut at a bounded length, and characters that could forge other lines are escaped.
"""

import asyncio
import os
import time
from collections.abc import Callable

_READ = 65_536
_PAUSE = 0.02  # seconds between two reads
_LINE = 2_000  # characters
_BURST = 200  # lines
_PER_SECOND = 50


class Printed:
    """Reads a pipe until its end."""

    def __init__(self, pipe: int, on_line: Callable[[str], None]) -> None:
        self._pipe = pipe
        self._on_line = on_line
        self._rest = b""
        self._allowed = float(_BURST)
        self._counted = time.monotonic()
        self._left_out = 0
        self._closed = False
        self._loop = asyncio.get_running_loop()
        os.set_blocking(pipe, False)
        self._loop.add_reader(pipe, self._read)

    def close(self) -> None:
        """Read what is there still, and let the pipe go."""
        if not self._closed:
            self._take()
            self._end()

    def _read(self) -> None:
        self._loop.remove_reader(self._pipe)
        if self._take():
            self._loop.call_later(_PAUSE, self._again)
        else:
            self._end()

    def _again(self) -> None:
        if not self._closed:
            self._loop.add_reader(self._pipe, self._read)

    def _take(self) -> bool:
        """Read once; False at the end."""
        try:
            read = os.read(self._pipe, _READ)
        except BlockingIOError:
            return True
        *lines, rest = (self._rest + read).split(b"\n")
        for line in lines:
            self._say(line)
        self._rest = rest[:_LINE]
        return bool(read)

    def _end(self) -> None:
        self._closed = True
        self._loop.remove_reader(self._pipe)
        os.close(self._pipe)
        if self._rest:
            self._say(self._rest)
        self._tell_left_out()

    def _say(self, line: bytes) -> None:
        now = time.monotonic()
        self._allowed = min(_BURST, self._allowed + (now - self._counted) * _PER_SECOND)
        self._counted = now
        if self._allowed < 1:
            self._left_out += 1
            return
        self._tell_left_out()
        text = line[: 4 * _LINE].decode(errors="backslashreplace")[:_LINE]
        if text.strip():
            self._allowed -= 1
            self._on_line("".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in text))

    def _tell_left_out(self) -> None:
        if self._left_out:
            self._on_line(f"({self._left_out:,} more lines were printed)")
            self._left_out = 0
