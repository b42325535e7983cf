"""Start a process to which a folder is a small disk; a full one is real, and needs no rights of the machine's owner."""

import os
import subprocess
from pathlib import Path

import pytest

_MOUNTED = 'mount -t tmpfs -o "size=$1" tmpfs "$0" && head -c "$2" /dev/zero > "$0/filler" && shift 2 && exec "$@"'


def on_a_small_disk(folder: Path, *, size: int, filled: int = 0) -> list[str]:
    """Give what goes before a command, so that it alone sees a disk of `size` bytes in `folder`."""
    folder.mkdir(exist_ok=True)
    namespace = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    prefix = [*namespace, "sh", "-c", _MOUNTED, str(folder), str(size), str(filled)]
    tried = subprocess.run([*prefix, "true"], capture_output=True, text=True)
    if tried.returncode:
        reason = f"cannot mount a small tmpfs: {tried.stderr.strip()}"
        if os.environ.get("PROMPTOGRAPH_NO_MOUNT"):
            pytest.skip(f"{reason} (PROMPTOGRAPH_NO_MOUNT is set)")
        pytest.fail(f"{reason}; run as root or allow user namespaces, or set PROMPTOGRAPH_NO_MOUNT=1 to go without")
    return prefix
