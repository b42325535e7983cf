"""A stage for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.processes.stage import Stage, stage


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def at_work(tmp_path: Path) -> AsyncIterator[Stage]:
    """Give a crew of one worker that has nothing to do."""
    async with stage(tmp_path) as made:
        await made.idle()
        yield made
