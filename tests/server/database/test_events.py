"""The event log, on each database."""

import json

import pytest
from pydantic import JsonValue, TypeAdapter

from server.database import Append, Database
from server.messages import NodeState, RunEvent
from tests.server.database.examples import LOST, NOTHING, ONE_RAN, append, running, started, submitted, types

pytestmark = pytest.mark.anyio
EVENT: TypeAdapter[RunEvent] = TypeAdapter(RunEvent)
Event = dict[str, JsonValue]


async def test_events_are_numbered_and_read_back_as_they_are_sent(db: Database) -> None:
    lease = await running(db)
    (answer,) = await db.runs.append([Append(lease.run.id, lease.fence, [started(), ONE_RAN])])
    assert (answer.last, answer.refused) == (2, None)
    assert await db.events.after(lease.run.id, 0) == answer.events
    assert [EVENT.validate_json(text).n for text in answer.events] == [1, 2]
    assert (await db.runs.get(lease.run.id)).last == 2
    assert await db.events.after(lease.run.id, 2) == []
    assert await db.events.after(lease.run.id, -1, 1) == (await db.events.after(lease.run.id))[:1]


async def test_the_events_of_many_runs_are_kept_together_and_each_is_refused_alone(db: Database) -> None:
    good, late, broken = await running(db, "good"), await running(db, "late"), await running(db, "broken")
    (waiting,) = await submitted(db, "waiting")
    await db.runs.cancel(late.run.id)
    nonsense: list[Event] = [started(), {"type": "nonsense"}]
    answers = await db.runs.append(
        [
            Append(good.run.id, good.fence, [started()]),
            Append(late.run.id, late.fence, [started()]),
            Append(broken.run.id, broken.fence, nonsense),
            Append(waiting.id, 0, [started()]),
            Append(good.run.id, good.fence, [ONE_RAN]),
        ]
    )
    assert [answer.refused for answer in answers] == [None, "stale", "invalid", "stale", None]
    assert await types(db, good.run.id) == ["run_queued", "run_started", "node_finished"]
    assert await types(db, broken.run.id) == ["run_queued"]


async def test_events_of_a_run_that_is_gone_are_stale(db: Database) -> None:
    lease = await running(db)
    await db.runs.cancel(lease.run.id)
    await db.runs.delete(lease.run.id)
    assert await append(db, lease, started()) == "stale"


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"type": 1},
        {"type": ["node_started"]},
        {"type": "node_started"},
        {"type": "node_started", "node": "a", "more": 1},
        {"type": "node_started", "node": 1},
        {"type": "run_started", "attempt": 1, "nodes": 1, "at": "now"},
    ],
)
async def test_what_is_no_event_is_refused(db: Database, event: Event) -> None:
    lease = await running(db)
    assert await append(db, lease, event) == "invalid"
    assert await append(db, lease, started()) is None


async def test_strange_words_of_a_node_are_kept(db: Database) -> None:
    lease = await running(db)
    words = "half \ud83d, none \x00, whole \U0001f3e0"
    failed: Event = {"type": "node_failed", "node": "a", "message": words, "blame": "node"}
    unbounded: Event = {**ONE_RAN, "summaries": {"d1": {"mean": float("nan"), "max": float("inf")}}}
    assert await append(db, lease, failed, unbounded) is None
    texts = [json.loads(text) for text in await db.events.after(lease.run.id, 0)]
    assert texts[0]["message"] == "half ?, none \x00, whole \U0001f3e0"
    assert texts[1]["summaries"] == {"d1": {"mean": None, "max": None}}


async def test_the_counts_of_a_run_follow_its_events(db: Database) -> None:
    lease = await running(db)
    cached: Event = {"type": "node_cached", "node": "b", "tier": "disk", "outputs": {}}
    blocked: Event = {"type": "node_blocked", "node": "d", "by": "c"}
    failed: Event = {"type": "node_failed", "node": "c", "message": "", "blame": "node"}
    await append(db, lease, started(), ONE_RAN, cached, failed, blocked, blocked)
    run = await db.runs.get(lease.run.id)
    assert run.counts == NOTHING.model_copy(update={"ran": 1, "cached": 1, "failed": 1, "blocked": 2})
    await db.runs.release(run.id, lease.fence, "stopped")
    again = await db.runs.lease(run.id, "cpu")
    assert again is not None
    assert again.run.counts == NOTHING


async def test_a_snapshot_is_what_the_events_add_up_to(db: Database) -> None:
    lease = await running(db)
    mapped: list[Event] = [
        {"type": "node_started", "node": "m", "items": 3},
        {"type": "item_finished", "node": "m", "item": 0, "tier": None, "seconds": 0.1, "outputs": {}},
        {"type": "item_finished", "node": "m", "item": 1, "tier": "disk", "seconds": 0.0, "outputs": {}},
    ]
    rest: list[Event] = [
        {"type": "node_cached", "node": "b", "tier": "disk", "outputs": {"number": ["d1", "d2"]}},
        {"type": "node_failed", "node": "c", "message": "no", "blame": "input"},
        {"type": "node_blocked", "node": "d", "by": "c"},
    ]
    await append(db, lease, started(), ONE_RAN, *mapped, *rest)
    snapshot = await db.events.snapshot(lease.run.id)
    assert snapshot.n == snapshot.run.last == 8
    assert snapshot.run == await db.runs.get(lease.run.id)
    done = NodeState(status="done", seconds=0.5, outputs={"number": "d1"}, summaries={"d1": {"mean": 1.5}})
    assert snapshot.nodes == {
        "a": done,
        "m": NodeState(status="running", items=3, finished_items=2),
        "b": NodeState(status="cached", tier="disk", outputs={"number": ["d1", "d2"]}),
        "c": NodeState(status="failed", message="no"),
        "d": NodeState(status="blocked", by="c"),
    }
    mapped_done: Event = {**ONE_RAN, "node": "m", "outputs": {}, "summaries": {}, "ran": 2, "cached": 1}
    await append(db, lease, mapped_done)
    assert (await db.events.snapshot(lease.run.id)).nodes["m"] == NodeState(
        status="done", seconds=0.5, items=3, finished_items=2
    )


async def test_after_a_loss_what_was_finished_stays_and_the_rest_waits(db: Database) -> None:
    lease = await running(db)
    await append(db, lease, started(), ONE_RAN, {"type": "node_started", "node": "b"})
    await db.runs.interrupt(lease.run.id, lease.fence, "lost", fault_if_last=LOST)
    assert list((await db.events.snapshot(lease.run.id)).nodes) == ["a"]


async def test_a_snapshot_of_a_long_run_is_whole(db: Database) -> None:
    lease = await running(db)
    await append(db, lease, *({**ONE_RAN, "node": f"n{number}"} for number in range(1203)))
    assert len((await db.events.snapshot(lease.run.id)).nodes) == 1203
