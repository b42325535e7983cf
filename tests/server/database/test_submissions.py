"""Putting runs into the queue, on each database."""

import asyncio
import json

import pytest
from pydantic import JsonValue

from server.database import Database, Key, Submission, SweepSubmission, orders, submissions
from server.database.errors import Conflict, KeyReused, NotFound, QueueFull, TooLarge
from server.records import Axis, CellOf, GraphAt
from tests.server.database.examples import DOCUMENT, finished, names, order, submitted, types

pytestmark = pytest.mark.anyio


def sweep(**inputs: JsonValue) -> SweepSubmission:
    """Ask for a sweep of six cells: two inputs go together, and a third is combined with them."""
    axes = (Axis(values={"seed": (1, 2, 3), "word": ("x", "y", "z")}), Axis(values={"steps": (10, 20)}))
    return SweepSubmission(name="mine", document=DOCUMENT, inputs=inputs, axes=axes)


async def test_a_run_is_given_back_as_it_was_submitted(db: Database) -> None:
    wanted = Submission(
        name="Häuser",
        document=DOCUMENT,
        inputs={"prompt": "a \U0001f3e0", "seed": 2**62, "scale": 1.0, "list": [None, True, {"a": 1}]},
        targets=("a.number",),
        priority=3,
        graph=GraphAt(id="g_1", revision=7),
        models=("bauklotz",),
    )
    run, created = await db.runs.submit(wanted)
    assert created
    assert await db.runs.get(run.id) == run
    assert (run.inputs, run.targets, run.models, run.graph) == (
        wanted.inputs,
        wanted.targets,
        wanted.models,
        wanted.graph,
    )
    assert (run.status, run.priority, run.attempt, run.last, run.name) == ("queued", 3, 0, 0, "Häuser")
    assert (run.started, run.finished, run.counts, run.fault, run.outputs) == (None, None, None, None, {})
    assert await db.runs.snapshot(run.id) == DOCUMENT
    assert await types(db, run.id) == ["run_queued"]


async def test_numbers_of_runs_count_up_and_never_come_again(db: Database) -> None:
    first = await finished(db)
    await db.runs.delete(first.id)
    second = await finished(db)
    assert (first.number, second.number) == (1, 2)


async def test_the_same_key_gives_the_same_run(db: Database) -> None:
    answers = await asyncio.gather(*(db.runs.submit(order(), Key("key", "body")) for _ in range(20)))
    assert len({run.id for run, _ in answers}) == 1
    assert sum(created for _, created in answers) == 1
    assert (await db.runs.counts())["queued"] == 1


async def test_a_key_is_refused_for_another_request(db: Database) -> None:
    run, _ = await db.runs.submit(order(), Key("key", "body"))
    await db.runs.submit_sweep(sweep(), Key("other", "body"))
    await db.runs.cancel(run.id)
    for ask in (
        db.runs.submit(order(), Key("key", "else")),
        db.runs.submit_sweep(sweep(), Key("key", "body")),
        db.runs.submit(order(), Key("other", "body")),
        db.runs.retry(run.id, Key("key", "retry")),
    ):
        with pytest.raises(KeyReused):
            await ask


async def test_a_key_goes_with_its_run(db: Database) -> None:
    run, _ = await db.runs.submit(order(), Key("key", "body"))
    await db.runs.cancel(run.id)
    await db.runs.delete(run.id)
    assert (await db.runs.submit(order(), Key("key", "else")))[1]


async def test_a_queue_has_a_limit(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "MAX_WAITING", 8)
    await db.runs.submit_sweep(sweep())
    with pytest.raises(QueueFull):
        await db.runs.submit_sweep(sweep())
    await submitted(db, "seventh", "eighth")
    with pytest.raises(QueueFull) as full:
        await db.runs.submit(order())
    assert (full.value.waiting, full.value.limit) == (8, 8)
    assert (await db.runs.counts())["queued"] == 8


async def test_the_cells_of_a_sweep_are_runs_with_their_exact_inputs(db: Database) -> None:
    made, created = await db.runs.submit_sweep(sweep(prompt="p", steps=1), Key("key", "body"))
    assert (created, made.cells, made.counts["queued"], made.name) == (True, 6, 6, "mine")
    cells = await db.sweeps.results(made.id)
    assert [cell.cell for cell in cells] == [CellOf(sweep=made.id, index=index) for index in range(6)]
    assert [cell.inputs for cell in cells] == [
        {"prompt": "p", "seed": seed, "word": word, "steps": steps}
        for seed, word in ((1, "x"), (2, "y"), (3, "z"))
        for steps in (10, 20)
    ]
    assert [run.id for run in await db.runs.queue()] == [cell.id for cell in cells]
    assert await db.sweeps.results(made.id, after=3, limit=1) == cells[4:5]
    assert await db.runs.submit_sweep(sweep(), Key("key", "body")) == (made, False)
    assert await db.sweeps.get(made.id) == made


async def test_a_sweep_that_is_too_large_is_refused_before_it_is_made(db: Database) -> None:
    seeds = Axis(values={"seed": tuple(range(1000))})
    twice = SweepSubmission(name="", document=DOCUMENT, axes=(seeds, seeds))
    long = SweepSubmission(name="", document=DOCUMENT, axes=(seeds,), inputs={"prompt": "x" * 100_000})
    none = SweepSubmission(name="", document=DOCUMENT, axes=(Axis(values={"seed": ()}),))
    for wanted in (twice, long, none):
        with pytest.raises(TooLarge):
            await db.runs.submit_sweep(wanted)
    uneven = SweepSubmission(name="", document=DOCUMENT, axes=(Axis(values={"a": (1,), "b": (1, 2)}),))
    with pytest.raises(ValueError, match="change together"):
        await db.runs.submit_sweep(uneven)
    assert (await db.runs.counts())["queued"] == 0


def test_the_size_of_a_sweep_is_known_without_making_it() -> None:
    wanted = sweep(prompt="p" * 1000)
    made = sum(len(json.dumps(cell)) for cell in wanted.cells())
    assert made <= wanted.bytes() <= made + 6 * 100
    assert wanted.count() == 6
    assert wanted.bytes() < orders.MAX_SWEEP_BYTES


async def test_what_has_ended_is_run_again_as_a_new_run(db: Database) -> None:
    old, _ = await db.runs.submit(order("again", priority=2, seed=1), None)
    with pytest.raises(Conflict):
        await db.runs.retry(old.id)
    await db.runs.cancel(old.id)
    new = await db.runs.retry(old.id, Key("key", "body"))
    assert (new.status, new.retry_of, new.inputs, new.priority, new.attempt) == ("queued", old.id, {"seed": 1}, 2, 0)
    assert new.number > old.number
    assert await db.runs.snapshot(new.id) == DOCUMENT
    assert await db.runs.retry(old.id, Key("key", "body")) == new
    assert await names(db) == ["again"]
    with pytest.raises(NotFound):
        await db.runs.retry("r_unknown")


async def test_a_cell_that_is_run_again_takes_the_place_of_the_old_one(db: Database) -> None:
    made, _ = await db.runs.submit_sweep(sweep())
    cells = await db.sweeps.results(made.id)
    await db.runs.cancel(cells[2].id)
    new = await db.runs.retry(cells[2].id)
    assert [cell.id for cell in await db.sweeps.results(made.id)] == [
        new.id if cell.id == cells[2].id else cell.id for cell in cells
    ]
    assert (await db.sweeps.get(made.id)).counts["queued"] == 6
    assert (await db.runs.get(cells[2].id)).cell is None


async def test_a_sweep_is_cancelled_without_the_other_runs(db: Database) -> None:
    await submitted(db, "other")
    made, _ = await db.runs.submit_sweep(sweep())
    cells = await db.sweeps.results(made.id)
    await db.runs.lease(cells[0].id, "cpu")
    cancelled = await db.sweeps.cancel(made.id)
    assert cancelled.running == (cells[0].id,)
    assert set(cancelled.waited) == {cell.id for cell in cells[1:]}
    assert (await db.sweeps.get(made.id)).counts["cancelled"] == 6
    assert await names(db) == ["other"]
    for ask in (db.sweeps.get("w_unknown"), db.sweeps.results("w_unknown"), db.sweeps.cancel("w_unknown")):
        with pytest.raises(NotFound):
            await ask


async def test_what_is_unknown_is_not_found(db: Database) -> None:
    for ask in (db.runs.get("r_x"), db.runs.snapshot("r_x"), db.runs.cancel("r_x"), db.runs.delete("r_x")):
        with pytest.raises(NotFound, match="there is no run 'r_x'"):
            await ask
    for events in (db.events.after("r_x"), db.events.snapshot("r_x")):
        with pytest.raises(NotFound):
            await events
