"""A backup is whole, of one moment, and taken while the server writes."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from server.database import Database, backup
from server.database.errors import Unavailable, Unopenable
from tests.server.database.examples import order, submitted, types
from tests.server.database.postgresql import Server

pytestmark = pytest.mark.anyio


async def test_a_backup_is_a_data_folder_that_can_be_opened(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/data/promptograph.sqlite"
    assets = tmp_path / "data" / "assets"
    db = await Database.open(url)
    (run,) = await submitted(db, "kept")
    assets.mkdir()
    (assets / "abc").write_bytes(b"a file")
    (assets / "half.1.partial").write_bytes(b"a fi")
    target = await asyncio.to_thread(backup, url, assets, tmp_path / "backup")
    await submitted(db, "later")
    await db.close()
    assert {str(path.relative_to(target)) for path in target.rglob("*")} == {
        "promptograph.sqlite",
        "assets",
        "assets/abc",
    }
    assert (target / "assets" / "abc").read_bytes() == b"a file"
    copy = await Database.open(f"sqlite:///{target}/promptograph.sqlite")
    assert (await copy.runs.page()).runs == (run,)
    await copy.close()


async def test_a_backup_is_of_one_moment_while_the_server_writes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/data/promptograph.sqlite"
    db = await Database.open(url)
    going_on = True

    async def write() -> int:
        count = 0
        while going_on:
            await asyncio.gather(*(db.runs.submit(order(text="x" * 5000)) for _ in range(10)))
            count += 10
        return count

    writing = asyncio.ensure_future(write())
    for number in range(5):
        await asyncio.sleep(0.05)
        await asyncio.to_thread(backup, url, tmp_path / "data" / "assets", tmp_path / f"backup {number}")
    going_on = False
    assert await writing >= 10
    await db.close()
    for number in range(5):
        copy = await Database.open(f"sqlite:///{tmp_path}/backup {number}/promptograph.sqlite")
        runs = (await copy.runs.page(limit=1000)).runs
        assert len(runs) == (await copy.runs.counts())["queued"]
        for run in runs[:3]:
            assert await types(copy, run.id) == ["run_queued"]
            await copy.runs.snapshot(run.id)
        await copy.close()


async def test_a_backup_goes_to_a_new_folder_and_leaves_nothing_when_it_fails(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/data/promptograph.sqlite"
    await (await Database.open(url)).close()
    (tmp_path / "there").mkdir()
    (tmp_path / "file").touch()
    for wrong, words in (("there", "is there already"), ("file", "is there already"), ("file/in", "cannot write")):
        with pytest.raises((Unopenable, Unavailable), match=words):
            backup(url, tmp_path / "assets", tmp_path / wrong)
    with pytest.raises(Unopenable, match="no database"):
        backup(f"sqlite:///{tmp_path}/none.sqlite", tmp_path / "assets", tmp_path / "backup")
    assert {path.name for path in tmp_path.iterdir()} == {"data", "there", "file"}


async def test_a_backup_of_postgresql_can_be_restored(
    postgresql_url: str, postgresql_server: Server, tmp_path: Path
) -> None:
    if shutil.which("pg_dump") is None:
        pytest.skip("NOT RUN: pg_dump is not installed")
    db = await Database.open(postgresql_url)
    (run,) = await submitted(db, "kept")
    target = await asyncio.to_thread(backup, postgresql_url, tmp_path / "assets", tmp_path / "backup")
    await db.close()
    postgresql_server.execute("CREATE DATABASE restored")
    where = ["-h", str(postgresql_server.folder), "-U", postgresql_server.user, "-d", "restored"]
    subprocess.run(["pg_restore", *where, target / "promptograph.dump"], check=True, env={**os.environ}, timeout=60)
    copy = await Database.open(postgresql_server.url("restored"))
    assert (await copy.runs.page()).runs == (run,)
    await copy.close()
    postgresql_server.execute("DROP DATABASE restored")
