"""Tell after a crash which node it was: memory that outlives the worker, written before each call.

An event of a node that has started may still be on its way when the node takes the whole process down.
"""

import faulthandler
import mmap
import os
import re
import threading
from dataclasses import dataclass

_SLOTS = 64
_SLOT = 256
_SIZE = _SLOTS * _SLOT
_DUMP = 16_384
_CURRENT = re.compile(rb"Current thread 0x0*([0-9a-f]+) ")


@dataclass(frozen=True, slots=True)
class Calls:
    """What was called last in each thread, by its number; the thread that crashed, if it was one; where it was."""

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

    def clear(self) -> None:
        """Forget the calls of the run before; none of them goes on."""
        with self._lock:
            self._memory[:] = bytes(_SIZE)

    def note(self, node: str) -> None:
        """Say that this thread calls a node now."""
        thread = threading.get_ident()
        text = f"{thread:x} {node}".encode()[: _SLOT - 1]
        with self._lock:
            at = self._slots.setdefault(thread, len(self._slots) % _SLOTS) * _SLOT
            self._memory[at : at + _SLOT] = text.ljust(_SLOT, b"\0")


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
