"""A server process for each test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server.socket.stage import Served

Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Give servers with limits of the test's own."""
    with ExitStack() as stack:
        yield lambda **limits: stack.enter_context(Served(tmp_path, **limits))


@pytest.fixture
def server(serve: Serve) -> Served:
    """Give a server with the limits that ship."""
    return serve()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give a server that the tests of a module share."""
    with Served(tmp_path_factory.mktemp("shared")) as served:
        yield served
