"""What can go wrong with what is kept.

Exception
└── DatabaseError
    ├── NotFound          there is no such thing
    ├── Conflict          it has changed, or is in a state that does not allow this; carries what it is now
    ├── KeyReused         an Idempotency-Key was used for another request
    ├── QueueFull         too many runs wait
    ├── TooLarge          a submission asks for more than is kept
    ├── Unkeepable        a number or a text that no database holds
    │   └── BadCursor     a page is asked for after something that is no cursor
    ├── Stale             the run is another's by now: it was cancelled, finished or taken again
    ├── Unavailable       locked, full, read-only or gone; nothing was written
    └── Unopenable        the database cannot be used at all
        ├── Newer         it is of a later version of this program
        └── AlreadyOpen   another server has it open
"""

from server.records import Run, SavedGraph

# ruff: noqa: N818 - each name says what is wrong; that it is an error is said by the tree


class DatabaseError(Exception):
    """Something that is kept cannot be given or changed."""


class NotFound(DatabaseError):
    """There is no such graph, run, sweep, asset or share."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"there is no {kind} {name[:80]!r}")
        self.kind = kind


class Conflict(DatabaseError):
    """It is not as the caller thinks; `current` is what it is."""

    def __init__(self, message: str, current: SavedGraph | Run) -> None:
        super().__init__(message)
        self.current = current


class KeyReused(DatabaseError):
    """An Idempotency-Key came again with another request."""

    def __init__(self) -> None:
        super().__init__("this Idempotency-Key was used for another request")


class QueueFull(DatabaseError):
    """The queue has no room for what was submitted."""

    def __init__(self, waiting: int, limit: int) -> None:
        super().__init__(f"{waiting:,} runs wait, and at most {limit:,} may")
        self.waiting = waiting
        self.limit = limit


class TooLarge(DatabaseError):
    """A submission is larger than what is kept."""


class Unkeepable(DatabaseError):
    """A value can neither be kept nor be looked for: a number of over 64 bits, a text with NUL or half a character."""

    def __init__(self, message: str = "a number is too large, or a text holds what is no character") -> None:
        super().__init__(message)


class BadCursor(Unkeepable):
    """A page was asked for by something that is no cursor of ours."""

    def __init__(self, cursor: str) -> None:
        super().__init__(f"{cursor[:80]!r} is not the `next` of a page")


class Stale(DatabaseError):
    """The run was cancelled, finished or taken by another worker since."""

    def __init__(self, run: str) -> None:
        super().__init__(f"run {run[:80]} is no longer held with this fence")


class Unavailable(DatabaseError):
    """The database cannot be read or written now; nothing of the request was kept. `full`: there is no space left."""

    def __init__(self, message: str, *, full: bool = False) -> None:
        super().__init__(message)
        self.full = full


class Unopenable(DatabaseError):
    """The database cannot be used; the message says why and what to do."""


class Newer(Unopenable):
    """The database was written by a later version of this program."""


class AlreadyOpen(Unopenable):
    """Another server has this database open."""
