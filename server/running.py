"""Open the parts of a server in order, and close them in the opposite order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.hub import Hub
from server.services import Services
from server.settings import Settings


@asynccontextmanager
async def running(settings: Settings, token: str) -> AsyncIterator[Services]:
    """Give the parts of a server while it runs."""
    hub = Hub()
    yield Services(settings=settings, token=token, hub=hub)
