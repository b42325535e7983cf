"""The errors of the engine.

EngineError
├── SpecError       a function cannot become a node: its signature says why
├── InputError      what a person gave is wrong; the message names the place and the mend
│   └── CacheError  the cache folder cannot be used: unreadable, full, or not ours
├── Missing         a value is not in the cache (any more)
└── NodeFailed      a node's output was asked for, and the node had failed

Cancelled is no error: it is how a node that was told to stop leaves.
"""


class EngineError(Exception):
    """The root of what the engine raises."""


class SpecError(EngineError):
    """A function cannot become a node."""


class InputError(EngineError):
    """Something a person gave is wrong: a file, a model, a value."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(f"{message}; {hint}" if hint else message)
        self.message = message
        self.hint = hint


class CacheError(InputError):
    """The cache folder cannot be used."""


class Missing(EngineError):  # noqa: N818 - a value that is missing is an answer more than an error
    """A value is not in the cache, or not any more."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"no value {digest[:12]} in the cache")
        self.digest = digest


class NodeFailed(EngineError):  # noqa: N818 - the name is the event's name
    """An output was read whose node failed or was blocked."""


class Cancelled(BaseException):
    """The run was cancelled; raised inside a node by `run.check()`."""


def in_a_line(error: Exception) -> str:
    """Give what somebody else's error says, on one line and not too long."""
    return " ".join(str(error).split())[:300]
