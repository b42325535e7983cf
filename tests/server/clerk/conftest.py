"""Real clerks, in folders of the test's own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from server.clerks import Clerks, Place

Hire = Callable[..., AbstractAsyncContextManager[Clerks]]


@pytest.fixture
def hire(tmp_path: Path) -> Hire:
    """Give clerks for a while; what is said here goes to `Place`, the rest to `Clerks`."""

    @asynccontextmanager
    async def hired(
        *, memory: int = 2**30, catalog: str = "nodes:CATALOG", models: tuple[Path, ...] = (), **rest: Any
    ) -> AsyncIterator[Clerks]:
        place = Place(data=tmp_path / "data", cache=tmp_path / "cache", memory=memory, catalog=catalog, models=models)
        clerks = Clerks(place, **rest)
        clerks.start()
        try:
            yield clerks
        finally:
            async with asyncio.timeout(10):
                await clerks.stop()

    return hired
