"""Every test of a store runs on SQLite and on PostgreSQL; where the latter is missing, that is said."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server.database import Database
from tests.server.database import postgresql

_numbers = itertools.count()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    """Start PostgreSQL once, with a database of the newest tables to copy from."""
    try:
        with postgresql.server() as server:
            server.execute("CREATE DATABASE fresh")
            asyncio.run(_make_tables(server.url("fresh")))
            yield server
    except postgresql.NotInstalled as reason:
        pytest.skip(f"NOT RUN on PostgreSQL: {reason}")


async def _make_tables(url: str) -> None:
    await (await Database.open(url)).close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/data/promptograph.sqlite"


@pytest.fixture
def postgresql_url(postgresql_server: postgresql.Server) -> str:
    name = f"test_{next(_numbers)}"
    postgresql_server.execute(f"CREATE DATABASE {name} TEMPLATE fresh")
    return postgresql_server.url(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Name a database of the test's own, on each kind of server."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(database_url)
    yield opened
    await opened.close()
