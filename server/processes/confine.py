"""Confine a child before it runs anything of ours: what it can take, what it sees, when it ends.

Guarantees
1. A child has a process group of its own, and dies with the process that forked it.
2. It gets the environment variables that are listed here, and no others.
3. It leaves no core dump, and is the first that the kernel kills when memory runs out.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

PACKET = 65_536  # bytes of an order to a zygote, or of what it tells
_PR_SET_PDEATHSIG = 1
_ALLOWED = frozenset({
    "PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH",
    "PROMPTOGRAPH_MODELS", "HF_HOME", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "SSL_CERT_FILE",
    "SSL_CERT_DIR", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "PYTORCH_ALLOC_CONF", "PYTORCH_CUDA_ALLOC_CONF",
})  # fmt: skip
_ALLOWED_BEGINNINGS = ("LC_", "XDG_", "CUDA_", "NVIDIA_", "MALLOC_")
_FORKED_SAFELY = {
    "OPENBLAS_NUM_THREADS": "1",  # or numpy starts threads when it is imported, and what forks must have none
    "PYTORCH_NVML_BASED_CUDA_CHECK": "1",  # or asking for CUDA at import would make it unusable after a fork
}


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of a child: it finds the modules that we find, and knows no secret."""
    kept = {name: value for name, value in ours.items() if name in _ALLOWED or name.startswith(_ALLOWED_BEGINNINGS)}
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return {**kept, **_FORKED_SAFELY, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


def follow(parent: int) -> None:
    """Die when the parent does; at once if it is gone already."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        os._exit(0)


def confine(parent: int, *, memory: int | None) -> None:
    """Take a forked child apart from the process that forked it; `memory` limits what it can ask for."""
    os.setpgid(0, 0)
    follow(parent)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # not every container lets it
        Path("/proc/self/oom_score_adj").write_text("1000")
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
