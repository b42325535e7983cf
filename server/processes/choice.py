"""Choose which run goes to which worker.

Guarantees
1. A run of a higher priority is never passed over for one of a lower.
2. Where it makes no such difference, a run goes to a worker that has its models loaded.
3. The first in the queue is passed over a bounded number of times.
"""

from collections.abc import Sequence

from server.processes.member import Member
from server.records import Run

AHEAD = 16  # runs that are looked at
_PASSES = 4


class Chooser:
    """Remembers how often the first in the queue was passed over."""

    def __init__(self) -> None:
        self._first = ""
        self._passes = 0

    def choose(self, runs: Sequence[Run], idle: Sequence[Member]) -> tuple[Run, Member]:
        """Give the next run, of some that wait in order, and its worker, of some that are idle."""
        first = runs[0]
        if first.id != self._first:
            self._first, self._passes = first.id, 0
        for run in runs:
            if run.priority != first.priority or (run is not first and self._passes >= _PASSES):
                break
            if (member := _fitting(run, idle)) is not None:
                self._passes += run is not first
                return run, member
        return first, min(idle, key=lambda member: len(member.models))


def _fitting(run: Run, idle: Sequence[Member]) -> Member | None:
    """Give the worker that has a run's models and the fewest others; where it needs none, any will do."""
    fitting = [member for member in idle if member.models.issuperset(run.models)]
    return min(fitting, key=lambda member: len(member.models), default=None)
