"""Tell after a crash which node it was: memory that outlives the worker, written before each call.

An event of a node that has started may still be on its way when the node takes the whole process down.
"""

import contextlib
import faulthandler
import mmap
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

_SLOTS = 64
_SLOT = 256
_SIZE = _SLOTS * _SLOT
_DUMP = 16_384
_CURRENT = re.compile(rb"Current thread 0x0*([0-9a-f]+) ")


@dataclass(frozen=True, slots=True)
class Calls:
    """What each thread was calling, by its number; the thread that crashed, if it was one; where it was."""

    nodes: dict[int, str]
    crashed: int | None
    trace: str


def blank() -> int:
    """Make a black box; give its file descriptor."""
    box = os.memfd_create("calls")
    os.truncate(box, _SIZE)
    os.lseek(box, _SIZE, os.SEEK_SET)
    return box


class Recorder:
    """The worker's hand on the black box."""

    def __init__(self, box: int) -> None:
        self._memory = mmap.mmap(box, _SIZE)
        self._slots: dict[int, int] = {}
        self._lock = threading.Lock()
        faulthandler.enable(box, all_threads=True)

    @contextlib.contextmanager
    def calling(self, node: str) -> Iterator[None]:
        """Say that this thread calls a node, for as long as it does."""
        thread = threading.get_ident()
        at = self._slot(thread) * _SLOT
        self._memory[at : at + _SLOT] = f"{thread:x} {node}".encode()[: _SLOT - 1].ljust(_SLOT, b"\0")
        try:
            yield
        finally:
            self._memory[at : at + _SLOT] = bytes(_SLOT)

    def _slot(self, thread: int) -> int:
        with self._lock:
            return self._slots.setdefault(thread, len(self._slots) % _SLOTS)


def opened(box: int) -> Calls:
    """Read a black box."""
    slots = os.pread(box, _SIZE, 0)
    dump = os.pread(box, _DUMP, _SIZE)
    nodes: dict[int, str] = {}
    for at in range(0, _SIZE, _SLOT):
        thread, _, node = slots[at : at + _SLOT].rstrip(b"\0").partition(b" ")
        if node:
            nodes[int(thread, 16)] = node.decode(errors="replace")
    current = _CURRENT.search(dump)
    return Calls(nodes, int(current[1], 16) if current else None, dump.decode(errors="replace"))
