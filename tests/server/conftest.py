"""A server for the tests that can share one, and a client of it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.server.served import Served, serving


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give a real server with the toy node types; it is shared, so that tests change only what they made."""
    with serving(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    """Give a client of the shared server that has the token."""
    with served.client() as opened:
        yield opened
