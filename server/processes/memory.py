"""Look at the memory of processes and of the machine, as Linux tells it."""

import os
from pathlib import Path

_GROUP = Path("/sys/fs/cgroup/memory.max")


def memory_of(pid: int) -> int:
    """Give the bytes that a process holds beside the files that it has mapped; 0 if it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return 0
    fields = dict(line.split(b":", 1) for line in status.splitlines() if b":" in line)
    return sum(int(fields[name].split()[0]) << 10 for name in (b"RssAnon", b"RssShmem") if name in fields)


def machine_memory() -> int:
    """Give the memory of this machine, or of the container that this process is in."""
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(total, int(_GROUP.read_text()))
    except (OSError, ValueError):  # no container, or one without a limit
        return total


def out_of_memory_kills() -> int:
    """Count the processes that the kernel has killed because the machine, or a container, had no memory left."""
    try:
        lines = Path("/proc/vmstat").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
