"""Runs, from their submission to their end.

The way of a run: queued -> running -> done | failed | cancelled; queued -> cancelled; running -> queued (put back).
"""

from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy import ColumnElement, Connection, select

from server.database import counters, endings, leases, line, removal, settings, submissions
from server.database.orders import Append, Appended, Cancelled, Key, Lease, Submission, SweepSubmission
from server.database.pages import number_of
from server.database.readers import Readers
from server.database.rows import row_of, run_record
from server.database.tables import QUEUED, document, run
from server.database.writer import Writer
from server.records import Counts, Fault, Output, Page, Run, RunStatus, Sweep


class Runs:
    """The store of runs."""

    def __init__(self, writer: Writer, readers: Readers) -> None:
        self._writer = writer
        self._readers = readers

    # Submitting

    async def submit(self, order: Submission, key: Key | None = None) -> tuple[Run, bool]:
        """Put a run into the queue; False where the key had done so before."""
        return await self._writer.do(lambda connection: submissions.submit(connection, order, key))

    async def submit_sweep(self, order: SweepSubmission, key: Key | None = None) -> tuple[Sweep, bool]:
        """Put all cells of a sweep into the queue; False where the key had done so before."""
        return await self._writer.do(lambda connection: submissions.submit_sweep(connection, order, key))

    async def retry(self, id: str, key: Key | None = None) -> Run:
        """Run again what has ended, as a new run."""
        return await self._writer.do(lambda connection: submissions.retry(connection, id, key))

    # Reading

    async def get(self, id: str) -> Run:
        """Give a run."""
        return await self._readers.do(lambda connection: run_record(row_of(connection, id)))

    async def snapshot(self, id: str) -> str:
        """Give the graph that the run was submitted with, as canonical JSON."""
        return await self._readers.do(lambda connection: _document_of(connection, id))

    async def page(
        self,
        *,
        status: RunStatus | None = None,
        sweep: str | None = None,
        graph: str | None = None,
        before: str | None = None,
        limit: int = 50,
    ) -> Page:
        """Give some runs, newest first; `before` is the `next` of the page before."""
        wanted: dict[ColumnElement[str], str | None] = {run.c.status: status, run.c.sweep: sweep, run.c.graph: graph}
        conditions = [column == value for column, value in wanted.items() if value is not None]
        if before is not None:
            conditions.append(run.c.number < number_of(before))
        return await self._readers.do(lambda connection: _page(connection, conditions, limit))

    async def queue(self, limit: int = 100) -> list[Run]:
        """Give the first waiting runs, in the order in which they will be taken."""
        return await self._readers.do(lambda connection: _queue(connection, limit))

    async def candidates(self, limit: int = 100) -> list[Run]:
        """Give the first runs that may be taken now: none while the queue is paused."""
        return await self._readers.do(
            lambda connection: [] if settings.is_paused(connection) else _queue(connection, limit)
        )

    async def counts(self) -> dict[RunStatus, int]:
        """Say how many runs are in each state."""
        return await self._readers.do(counters.run_counts)

    # Running

    async def lease(self, id: str, worker: str) -> Lease | None:
        """Give a waiting run to a worker; None if it waits no more."""
        return await self._writer.do(lambda connection: leases.lease(connection, id, worker))

    async def append(self, batch: Sequence[Append]) -> list[Appended]:
        """Number and keep events of runs that are held, all in one transaction; a run's are refused together."""
        return await self._writer.do(lambda connection: leases.append(connection, batch))

    async def finish(
        self,
        id: str,
        fence: int,
        status: RunStatus,
        counts: Counts,
        outputs: Mapping[str, Output],
        fault: Fault | None = None,
        *,
        seconds: float | None = None,
    ) -> Run:
        """End a run that is held, with its last event; without `seconds` the time since its start is taken."""
        end = partial(endings.finish, status=status, counts=counts, outputs=outputs, fault=fault, seconds=seconds)
        return await self._writer.do(lambda connection: end(connection, endings.held(connection, id, fence)))

    async def interrupt(self, id: str, fence: int, reason: str, *, fault_if_last: Fault) -> Run:
        """Put a run back at the front whose worker was lost; after the last attempt it fails."""
        return await self._writer.do(
            lambda connection: leases.interrupt(connection, endings.held(connection, id, fence), reason, fault_if_last)
        )

    async def release(self, id: str, fence: int, reason: str) -> Run:
        """Put a run back at the front that was stopped on purpose; it costs no attempt."""
        return await self._writer.do(
            lambda connection: leases.release(connection, endings.held(connection, id, fence), reason)
        )

    async def recover(self) -> int:
        """Put back what a server before this one was at; say how many there were."""
        return await self._writer.do(leases.recover)

    # Changing the queue

    async def cancel(self, id: str) -> Run:
        """End a run at once; one that has ended is given as it is."""
        return await self._writer.do(lambda connection: endings.cancel(connection, id))

    async def cancel_all(self) -> Cancelled:
        """End all runs that wait or run."""
        return await self._writer.do(endings.cancel_where)

    async def move(self, id: str, priority: int | None = None, before: str | None = None) -> Run:
        """Give a waiting run another priority, or the place before another."""
        return await self._writer.do(
            lambda connection: run_record(line.move(connection, id, priority=priority, before=before))
        )

    async def pause(self, paused: bool) -> None:
        """Hold the queue back, or let it go on; kept over restarts."""
        await self._writer.do(lambda connection: settings.pause(connection, paused=paused))

    async def paused(self) -> bool:
        """Say whether the queue is held back."""
        return await self._readers.do(settings.is_paused)

    # Forgetting

    async def delete(self, id: str) -> None:
        """Forget a run that has ended."""
        await self._writer.do(lambda connection: removal.remove(connection, id))

    async def prune(self, keep: int) -> int:
        """Forget the oldest runs that have ended, but `keep` and those that are shared; say how many."""
        total = 0
        while removed := await self._writer.do(lambda connection: removal.prune(connection, keep)):
            total += removed
        return total


def _document_of(connection: Connection, id: str) -> str:
    row = row_of(connection, id)
    found = select(document.c.text).where(document.c.digest == row.document)
    return str(connection.execute(found).scalar_one())


def _page(connection: Connection, conditions: Sequence[ColumnElement[bool]], limit: int) -> Page:
    newest = select(run).where(*conditions).order_by(run.c.number.desc()).limit(limit + 1)
    rows = connection.execute(newest).all()
    more = len(rows) > limit
    return Page(runs=tuple(map(run_record, rows[:limit])), next=str(rows[limit - 1].number) if more else None)


def _queue(connection: Connection, limit: int) -> list[Run]:
    rows = connection.execute(select(run).where(QUEUED).order_by(*line.ORDER).limit(limit))
    return [run_record(row) for row in rows]
