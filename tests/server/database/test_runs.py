"""Runs from the queue to their end, on each database."""

import asyncio
import json

import pytest

from server.database import Database, Lease, Submission, SweepSubmission
from server.database.errors import Conflict, NotFound, Stale
from server.database.leases import MAX_ATTEMPTS
from server.records import Axis, Counts, Fault, GraphAt, Output
from tests.server.database.examples import (
    DOCUMENT,
    LOST,
    NOTHING,
    ONE_RAN,
    append,
    finished,
    names,
    order,
    running,
    started,
    submitted,
    types,
)

pytestmark = pytest.mark.anyio


# The order of the queue


async def test_runs_are_taken_by_priority_then_in_order(db: Database) -> None:
    await submitted(db, "a", "b")
    await submitted(db, "urgent", priority=5)
    await submitted(db, "c")
    await submitted(db, "later", priority=-1)
    assert await names(db) == ["urgent", "a", "b", "c", "later"]
    assert await db.runs.candidates(2) == await db.runs.queue(2)


async def test_a_run_is_moved_before_another_or_to_another_priority(db: Database) -> None:
    a, b, c = await submitted(db, "a", "b", "c")
    await db.runs.move(c.id, before=a.id)
    assert await names(db) == ["c", "a", "b"]
    await db.runs.move(c.id, before=b.id)
    assert await names(db) == ["a", "c", "b"]
    assert (await db.runs.move(b.id, priority=1)).priority == 1
    assert await names(db) == ["b", "a", "c"]
    moved = await db.runs.move(c.id, before=b.id)
    assert (moved.priority, await names(db)) == (1, ["c", "b", "a"])
    await db.runs.move(c.id, priority=0)
    assert await names(db) == ["b", "a", "c"]
    for unchanged in (db.runs.move(a.id), db.runs.move(a.id, priority=0), db.runs.move(a.id, before=a.id)):
        assert (await unchanged).id == a.id
    assert await names(db) == ["b", "a", "c"]


async def test_runs_can_be_moved_any_number_of_times(db: Database) -> None:
    _, b, c = await submitted(db, "a", "b", "c")
    for _ in range(15):  # each move halves the room behind the first, until it is made anew
        await db.runs.move(c.id, before=b.id)
        assert await names(db) == ["a", "c", "b"]
        await db.runs.move(b.id, before=c.id)
        assert await names(db) == ["a", "b", "c"]
    await submitted(db, "d")
    assert await names(db) == ["a", "b", "c", "d"]


async def test_only_what_waits_is_moved(db: Database) -> None:
    ended = await finished(db)
    waiting, urgent = *(await submitted(db, "waiting")), *(await submitted(db, "urgent", priority=1))
    with pytest.raises(Conflict) as conflict:
        await db.runs.move(ended.id, priority=1)
    assert conflict.value.current == ended
    for wrong in (db.runs.move(waiting.id, before=ended.id), db.runs.move(waiting.id, priority=0, before=urgent.id)):
        with pytest.raises(Conflict):
            await wrong
    with pytest.raises(NotFound):
        await db.runs.move(waiting.id, before="r_unknown")


async def test_a_paused_queue_gives_no_candidates_also_after_a_restart(database_url: str) -> None:
    db = await Database.open(database_url)
    await submitted(db, "a")
    await db.runs.pause(True)
    await db.runs.pause(True)
    await db.close()
    db = await Database.open(database_url)
    assert (await db.runs.paused(), await db.runs.candidates(), await names(db)) == (True, [], ["a"])
    await db.runs.pause(False)
    assert (await db.runs.paused(), len(await db.runs.candidates())) == (False, 1)
    await db.close()


# Holding a run


async def test_a_run_is_leased_once(db: Database) -> None:
    (run,) = await submitted(db, "a")
    leases = await asyncio.gather(*(db.runs.lease(run.id, worker) for worker in ("cpu", "cuda:0", "cuda:1")))
    (lease,) = [lease for lease in leases if lease is not None]
    assert (lease.run.status, lease.run.attempt, lease.run.counts) == ("running", 1, NOTHING)
    assert lease.run.started is not None
    assert lease.run == await db.runs.get(run.id)
    assert (await names(db), (await db.runs.counts())["running"]) == ([], 1)


async def test_a_run_ends_with_its_counts_outputs_and_last_event(db: Database) -> None:
    lease = await running(db)
    counts = Counts(ran=2, cached=1, failed=1, blocked=3)
    fault = Fault(code="node_failed", message="no such file", node="a")
    outputs = {"image": Output(link="a.image", type="Image", digests=("d1", "d2"), many=True)}
    run = await db.runs.finish(lease.run.id, lease.fence, "failed", counts, outputs, fault, seconds=1.5)
    assert (run.status, run.counts, run.outputs, run.fault, run.last) == ("failed", counts, outputs, fault, 1)
    assert run == await db.runs.get(run.id)
    assert run.finished is not None
    last = json.loads((await db.events.after(run.id))[-1])
    assert last.pop("at") > 0
    assert last == {
        "type": "run_finished",
        "n": 1,
        "status": "failed",
        "seconds": 1.5,
        "counts": counts.model_dump(),
        "outputs": {"image": outputs["image"].model_dump(mode="json")},
        "fault": fault.model_dump(),
    }


async def test_what_is_held_no_longer_cannot_be_written(db: Database) -> None:
    first = await running(db)
    await db.runs.interrupt(first.run.id, first.fence, "lost", fault_if_last=LOST)
    for between in (True, False):  # while it waits, and while another has it
        assert await append(db, first, started()) == "stale"
        for late in (
            db.runs.finish(first.run.id, first.fence, "done", NOTHING, {}),
            db.runs.interrupt(first.run.id, first.fence, "late", fault_if_last=LOST),
            db.runs.release(first.run.id, first.fence, "late"),
        ):
            with pytest.raises(Stale):
                await late
        if between:
            assert await db.runs.lease(first.run.id, "cuda:0") is not None
    assert await types(db, first.run.id) == ["run_queued", "run_interrupted"]


async def test_a_lost_run_waits_at_the_front_and_fails_after_three_attempts(db: Database) -> None:
    lease: Lease | None = await running(db, "lost")
    await submitted(db, "other")
    await submitted(db, "urgent", priority=1)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert lease is not None
        assert lease.run.attempt == attempt
        run = await db.runs.interrupt(lease.run.id, lease.fence, "killed", fault_if_last=LOST)
        if attempt < MAX_ATTEMPTS:
            assert (run.status, run.started, await names(db)) == ("queued", None, ["urgent", "lost", "other"])
            lease = await db.runs.lease(run.id, "cpu")
    assert (run.status, run.fault, run.attempt) == ("failed", LOST, 3)
    assert await types(db, run.id) == ["run_queued", "run_interrupted", "run_interrupted", "run_finished"]


async def test_a_run_that_is_put_back_waits_before_those_submitted_earlier(db: Database) -> None:
    _, b, c = await submitted(db, "a", "b", "c")
    for run in (b, c):
        lease = await db.runs.lease(run.id, "cpu")
        assert lease is not None
        await db.runs.release(run.id, lease.fence, "stopped")
    assert await names(db) == ["c", "b", "a"]


async def test_a_run_that_is_released_has_lost_no_attempt(db: Database) -> None:
    lease = await running(db)
    for _ in range(MAX_ATTEMPTS + 1):
        run = await db.runs.release(lease.run.id, lease.fence, "shutting down")
        assert (run.status, run.attempt) == ("queued", 0)
        again = await db.runs.lease(run.id, "cpu")
        assert again is not None
        lease = again


async def test_restarts_alone_never_use_up_the_attempts_of_a_run_that_gets_on(db: Database) -> None:
    lease = await running(db, "gets on")
    for _ in range(2 * MAX_ATTEMPTS):
        assert await append(db, lease, started(), ONE_RAN) is None
        assert await db.runs.recover() == 1
        again = await db.runs.lease(lease.run.id, "cpu")
        assert again is not None
        lease = again
    assert lease.run.attempt == 1


async def test_restarts_end_a_run_that_never_gets_on(db: Database) -> None:
    lease = await running(db)
    for _ in range(MAX_ATTEMPTS):
        assert await append(db, lease, started(), {"type": "node_started", "node": "a"}) is None
        assert await db.runs.recover() == 1
        lease = await db.runs.lease(lease.run.id, "cpu") or lease
    run = await db.runs.get(lease.run.id)
    assert (run.status, run.fault and run.fault.code) == ("failed", "too_many_attempts")
    assert await db.runs.recover() == 0


async def test_a_restart_costs_the_attempt_that_finished_nothing_whatever_those_before_did(db: Database) -> None:
    lease = await running(db)
    await append(db, lease, started(), ONE_RAN)
    assert await db.runs.recover() == 1
    assert await db.runs.lease(lease.run.id, "cpu") is not None
    assert await db.runs.recover() == 1
    assert (await db.runs.get(lease.run.id)).attempt == 1


async def test_runs_that_were_going_on_at_a_restart_keep_their_order(db: Database) -> None:
    leases = [await running(db, name) for name in "abc"]
    await submitted(db, "d")
    assert await db.runs.recover() == len(leases)
    assert await names(db) == ["a", "b", "c", "d"]


# Cancelling


async def test_cancelling_is_final_at_once_whoever_has_the_run(db: Database) -> None:
    (waiting,) = await submitted(db, "waiting")
    lease = await running(db)
    await append(db, lease, started(), ONE_RAN)
    for id, counts in ((waiting.id, NOTHING), (lease.run.id, NOTHING.model_copy(update={"ran": 1}))):
        run = await db.runs.cancel(id)
        assert (run.status, run.counts) == ("cancelled", counts)
        assert await db.runs.cancel(id) == run
        assert (await types(db, id))[-1] == "run_finished"
    assert await append(db, lease, ONE_RAN) == "stale"
    with pytest.raises(Stale):
        await db.runs.finish(lease.run.id, lease.fence, "done", NOTHING, {})
    assert await db.runs.lease(waiting.id, "cpu") is None


async def test_a_run_that_has_ended_is_not_cancelled(db: Database) -> None:
    run = await finished(db)
    assert await db.runs.cancel(run.id) == run


async def test_all_are_cancelled_together(db: Database) -> None:
    done = await finished(db)
    lease = await running(db)
    await db.runs.submit_sweep(seeds(1200))
    waiting = [run.id for run in await db.runs.queue(1200)]
    cancelled = await db.runs.cancel_all()
    assert cancelled.running == (lease.run.id,)
    assert list(cancelled.waited) == waiting
    assert await db.runs.counts() == {"queued": 0, "running": 0, "done": 1, "failed": 0, "cancelled": 1201}
    assert await db.runs.get(done.id) == done
    assert await types(db, waiting[-1]) == ["run_queued", "run_finished"]
    assert (await db.runs.cancel_all()).waited == ()


# Reading and forgetting


async def test_pages_give_every_run_once_and_the_newest_first(db: Database) -> None:
    runs = await submitted(db, *"abcdefg")
    await db.runs.cancel(runs[2].id)
    page = await db.runs.page(limit=3)
    await submitted(db, "newer")
    seen = [run.name for run in page.runs]
    while page.next is not None:
        page = await db.runs.page(before=page.next, limit=3)
        seen += [run.name for run in page.runs]
    assert seen == list("gfedcba")
    assert [run.name for run in (await db.runs.page(status="cancelled")).runs] == ["c"]
    assert (await db.runs.page(status="running")).runs == ()


async def test_pages_are_of_one_status_one_sweep_or_one_graph(db: Database) -> None:
    made, _ = await db.runs.submit_sweep(seeds(6))
    of_graph = Submission(name="of g", document=DOCUMENT, graph=GraphAt(id="g_1", revision=1))
    run, _ = await db.runs.submit(of_graph)
    assert (await db.runs.page(graph="g_1")).runs == (run,)
    assert (await db.runs.page(graph="g_2")).runs == ()
    cells = (await db.runs.page(sweep=made.id, status="queued")).runs
    assert [cell.cell.index for cell in cells if cell.cell] == [5, 4, 3, 2, 1, 0]
    assert (await db.runs.page(sweep=made.id, graph="g_1")).runs == ()


async def test_only_what_has_ended_is_forgotten_and_nothing_of_it_stays(db: Database) -> None:
    run = await finished(db)
    (waiting,) = await submitted(db, "waiting")
    with pytest.raises(Conflict):
        await db.runs.delete(waiting.id)
    await db.shares.create(run.id)
    await db.runs.delete(run.id)
    await db.runs.cancel(waiting.id)
    await db.runs.delete(waiting.id)
    assert set((await db.runs.counts()).values()) == {0}
    for table in ("run", "event", "document", "share"):
        assert await rows(db, table) == 0


async def test_the_oldest_are_forgotten_but_not_those_that_are_shared(db: Database) -> None:
    shared, revoked = await finished(db, "shared"), await finished(db, "revoked")
    await db.shares.create(shared.id)
    await db.shares.revoke((await db.shares.create(revoked.id))[0].id)
    await db.runs.submit_sweep(seeds(6))
    await db.runs.cancel_all()
    await finished(db, "newest")
    await submitted(db, "waiting")
    assert await db.runs.prune(100) == 0
    assert await db.runs.prune(2) == 7
    assert [run.name for run in (await db.runs.page()).runs] == ["waiting", "newest", "shared"]
    assert await rows(db, "sweep") == 0
    assert await db.runs.prune(0) == 1


async def test_counts_are_those_of_the_table(db: Database) -> None:
    await submitted(db, *"abc")
    await running(db)
    await finished(db)
    await db.runs.submit(order())
    counted = await db.runs._readers.do(
        lambda connection: dict(
            tuple(row) for row in connection.exec_driver_sql("SELECT status, count(*) FROM run GROUP BY status")
        )
    )
    assert {status: count for status, count in (await db.runs.counts()).items() if count} == counted


async def rows(db: Database, table: str) -> int:
    """Count the rows of a table."""
    return int(
        await db.runs._readers.do(
            lambda connection: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
        )
    )


def seeds(count: int) -> SweepSubmission:
    """Ask for as many runs as wanted."""
    return SweepSubmission(name="many", document=DOCUMENT, axes=(Axis(values={"seed": tuple(range(count))}),))
