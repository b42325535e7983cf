"""Saved graphs, on each database."""

import asyncio

import pytest
from pydantic import JsonValue

from server.database import Database, Submission
from server.database import graphs as graphs_module
from server.database.documents import canonical
from server.database.errors import BadCursor, Conflict, NotFound
from server.records import SavedGraph
from tests.server.database.examples import GRAPH

pytestmark = pytest.mark.anyio


async def test_a_graph_is_given_back_as_it_was_saved(db: Database) -> None:
    made = await db.graphs.create({**GRAPH, "name": "Häuser \U0001f3e0"}, "Häuser \U0001f3e0")
    assert await db.graphs.get(made.id) == made
    assert made.document == {**GRAPH, "name": "Häuser \U0001f3e0"}
    assert (made.revision, made.name, made.id[:2], len(made.id)) == (1, "Häuser \U0001f3e0", "g_", 24)


async def test_every_revision_can_be_read(db: Database) -> None:
    made = await db.graphs.create(GRAPH, "first")
    saved = await db.graphs.save(made.id, {**GRAPH, "name": "x"}, "second", expected=1)
    assert saved.revision == 2
    assert await db.graphs.get(made.id, 1) == made
    assert await db.graphs.get(made.id, 2) == saved == await db.graphs.get(made.id)
    assert [(found.revision, found.name) for found in await db.graphs.revisions(made.id)] == [
        (2, "second"),
        (1, "first"),
    ]
    assert [found.revision for found in await db.graphs.revisions(made.id, before=2)] == [1]


async def test_of_two_writers_one_wins_and_the_other_is_told_the_current_graph(db: Database) -> None:
    made = await db.graphs.create(GRAPH, "mine")
    answers = await asyncio.gather(
        *(db.graphs.save(made.id, {**GRAPH, "name": name}, name, expected=1) for name in "abcdefgh"),
        return_exceptions=True,
    )
    won = [answer for answer in answers if isinstance(answer, SavedGraph)]
    lost = [answer.current for answer in answers if isinstance(answer, Conflict)]
    assert len(won) == 1
    assert lost == won * 7
    assert await db.graphs.get(made.id) == won[0]


async def test_saving_what_is_there_makes_no_revision(db: Database) -> None:
    made = await db.graphs.create(GRAPH, "mine")
    assert await db.graphs.save(made.id, dict(reversed(GRAPH.items())), "mine", expected=1) == made
    assert (await db.graphs.save(made.id, GRAPH, "yours", expected=1)).revision == 2


async def test_deleting_needs_the_latest_revision_and_leaves_nothing(db: Database) -> None:
    made = await db.graphs.create(GRAPH, "mine")
    await db.graphs.save(made.id, {**GRAPH, "name": "x"}, "mine", expected=1)
    with pytest.raises(Conflict):
        await db.graphs.delete(made.id, expected=1)
    await db.graphs.delete(made.id, expected=2)
    for ask in (db.graphs.get(made.id), db.graphs.revisions(made.id), db.graphs.delete(made.id, 2)):
        with pytest.raises(NotFound):
            await ask
    assert await documents(db) == 0


async def test_a_document_stays_for_as_long_as_a_graph_or_a_run_has_it(db: Database) -> None:
    made = await db.graphs.create(GRAPH, "mine")
    text = canonical(GRAPH)
    kept, _ = await db.runs.submit(Submission(name="kept", document=text))
    gone, _ = await db.runs.submit(Submission(name="gone", document=text))
    assert await documents(db) == 1
    await db.runs.cancel_all()
    await db.graphs.delete(made.id, expected=1)
    await db.runs.delete(gone.id)
    assert await db.runs.snapshot(kept.id) == text
    other = await db.graphs.create(GRAPH, "other")
    await db.runs.delete(kept.id)
    assert await db.graphs.get(other.id) == other
    assert await documents(db) == 1


async def test_pages_give_every_graph_once_and_the_latest_saved_first(db: Database) -> None:
    made = [await db.graphs.create(GRAPH, str(number)) for number in range(5)]
    await db.graphs.save(made[0].id, GRAPH, "0 again", expected=1)
    seen, after = [], None
    for _ in range(3):
        page, after = await db.graphs.page(after, limit=2)
        seen += [graph.name for graph in page]
    assert (seen, after) == (["0 again", "4", "3", "2", "1"], None)


@pytest.mark.parametrize("cursor", ["", "-1", "x", "1.5", "9" * 19, "9" * 30, "١", " 1", "1\x00"])
async def test_what_is_no_cursor_is_refused(db: Database, cursor: str) -> None:
    with pytest.raises(BadCursor):
        await db.graphs.page(cursor)
    with pytest.raises(BadCursor):
        await db.runs.page(before=cursor)


async def test_only_so_many_revisions_are_kept(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs_module, "REVISIONS", 3)
    made = await db.graphs.create(GRAPH, "1")
    for number in range(1, 6):
        await db.graphs.save(made.id, {**GRAPH, "name": str(number)}, "mine", expected=number)
    assert [found.revision for found in await db.graphs.revisions(made.id)] == [6, 5, 4]
    assert await documents(db) == 3


async def test_a_large_graph_is_given_back_whole(db: Database) -> None:
    large: dict[str, JsonValue] = {**GRAPH, "ui": {"notes": ["a line of text " * 50] * 10_000}}
    made = await db.graphs.create(large, "large")
    assert (await db.graphs.get(made.id)).document == large


async def documents(db: Database) -> int:
    """Count the documents that are kept."""
    return int(
        await db.graphs._readers.do(
            lambda connection: connection.exec_driver_sql("SELECT count(*) FROM document").scalar_one()
        )
    )
