"""Judge how a worker ended: did its run do it, or was it killed by something else?

Guarantees
1. A node that crashes or ends its process, or takes more memory than it may, fails its run at once, by name.
2. Whatever else ends a worker costs its run one attempt.
"""

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from server.processes.blackbox import Calls
from server.records import Fault

_CRASHES = {
    signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP, signal.SIGSYS
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TooMuchMemory:
    """We have killed it, because it held more than it may."""

    held: int
    allowed: int


@dataclass(frozen=True, slots=True)
class Silent:
    """We have killed it, because it was not heard for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Itself:
    """It ended by itself, with this exit code."""

    code: int


@dataclass(frozen=True, slots=True)
class Signalled:
    """A signal has ended it; `starved`: the kernel has killed a process meanwhile because no memory was left."""

    number: int
    starved: bool = False


@dataclass(frozen=True, slots=True)
class Unseen:
    """It has ended, and nobody has seen how."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The run has failed; `node` is to blame, where it is known to be one."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class Lost:
    """The run is to be tried again; `fault` is what it fails with if it was the last attempt."""

    reason: str
    fault: Fault


Cause = TooMuchMemory | Silent | Itself | Signalled | Unseen


def cause_of(status: int | None) -> Cause:
    """Read how a process that we have not killed has ended: an exit code, or a signal as a negative number."""
    if status is None:
        return Unseen()
    return Itself(status) if status >= 0 else Signalled(-status)


def suspects(calls: Calls) -> Sequence[str]:
    """Name the nodes that may have ended the worker."""
    if calls.crashed in calls.nodes:
        return [calls.nodes[calls.crashed]]
    return sorted(set(calls.nodes.values()))


def verdict(cause: Cause, nodes: Sequence[str]) -> Failed | Lost:
    """Say what becomes of the run that a worker was at when it ended."""
    node = nodes[0] if len(nodes) == 1 else None
    during = f" while {' and '.join(nodes[:8])} ran" if nodes else ""
    match cause:
        case TooMuchMemory(held, allowed):
            message = f"{_size(held)} of memory were in use{during}, and a worker may have {_size(allowed)}"
            return Failed(Fault(code="out_of_memory", message=message, node=node))
        case Silent(seconds):
            return _lost(f"the worker was not heard for {seconds:.0f} s{during}", node)
        case Itself(code):
            message = f"the worker was ended from within, with exit code {code},{during or ' by nobody knows what'}"
            return Failed(Fault(code="worker_crashed", message=message, node=node))
        case Signalled(signal.SIGKILL, starved=True):
            message = f"the machine has run out of memory{during}"
            return Failed(Fault(code="out_of_memory", message=message, node=node))
        case Signalled(number) if number in _CRASHES:
            message = f"the worker crashed with {_name(number)}{during}"
            return Failed(Fault(code="worker_crashed", message=message, node=node))
        case Signalled(number):
            return _lost(f"the worker was killed with {_name(number)}{during}", node)
        case Unseen():
            return _lost(f"the worker was lost{during}", node)
        case _:
            assert_never(cause)


def said(judged: Failed | Lost) -> str:
    """Say in a sentence why a worker has ended."""
    return judged.reason if isinstance(judged, Lost) else judged.fault.message


def _lost(reason: str, node: str | None) -> Lost:
    message = f"{reason}; it was the last attempt, and the run is not tried again"
    return Lost(reason, Fault(code="too_many_attempts", message=message, node=node))


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
