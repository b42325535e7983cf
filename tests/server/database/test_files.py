"""Assets and shares, on each database."""

import pytest

from server.database import Database
from server.database.errors import NotFound
from server.records import Asset
from tests.server.database.examples import submitted

pytestmark = pytest.mark.anyio


def asset(number: int) -> Asset:
    return Asset(
        digest=f"{number:064x}",
        name=f"Bild {number}.png",
        media_type="image/png",
        size=2**40,
        created=1.5,
        width=3,
        height=4,
        seconds=None,
    )


async def test_an_asset_is_given_back_as_it_was_put_and_the_first_stays(db: Database) -> None:
    assert await db.assets.put(asset(1)) == asset(1)
    assert await db.assets.put(asset(1).model_copy(update={"name": "other"})) == asset(1)
    assert await db.assets.get(asset(1).digest) == asset(1)
    with pytest.raises(NotFound):
        await db.assets.get("0" * 64)


async def test_pages_of_assets_are_newest_first(db: Database) -> None:
    for number in range(5):
        await db.assets.put(asset(number))
    first, after = await db.assets.page(limit=3)
    rest, end = await db.assets.page(after, limit=3)
    assert (first + rest, end) == ([asset(number) for number in (4, 3, 2, 1, 0)], None)


async def test_a_share_is_found_by_its_token_until_it_is_revoked(db: Database) -> None:
    (run,) = await submitted(db, "shown")
    share, token = await db.shares.create(run.id)
    assert (share.run, share.revoked, len(token)) == (run.id, None, 43)
    assert await db.shares.find(token) == share
    revoked = await db.shares.revoke(share.id)
    assert revoked.revoked is not None
    assert await db.shares.revoke(share.id) == revoked
    assert await db.shares.page() == ([revoked], None)
    for ask in (db.shares.find(token), db.shares.find(share.id), db.shares.find("\ud800"), db.shares.find("")):
        with pytest.raises(NotFound):
            await ask
    with pytest.raises(NotFound):
        await db.shares.create("r_unknown")
    with pytest.raises(NotFound):
        await db.shares.revoke("s_unknown")


async def test_the_token_of_a_share_is_not_kept(db: Database) -> None:
    (run,) = await submitted(db, "shown")
    share, token = await db.shares.create(run.id)
    kept = await db.shares._readers.do(lambda connection: connection.exec_driver_sql("SELECT * FROM share").one())
    assert share.id in kept
    assert token not in map(str, kept)
    assert token not in str(share)


async def test_pages_of_shares_are_newest_first(db: Database) -> None:
    (run,) = await submitted(db, "shown")
    made = [(await db.shares.create(run.id))[0] for _ in range(5)]
    first, after = await db.shares.page(limit=4)
    rest, end = await db.shares.page(after, limit=4)
    assert (first + rest, end) == (made[::-1], None)
