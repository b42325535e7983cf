"""Open the parts of a server in order, and close them in the opposite order.

Guarantees
1. Requests are answered before a worker or a clerk is up: nothing here waits for them.
2. Runs that were going on when the last server ended wait in the queue again before the first request.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from server.catalog import RememberedCatalog
from server.clerks import Clerks, Place
from server.database import Database
from server.database.errors import Unopenable
from server.hub import Hub
from server.records import Run
from server.services import Services
from server.settings import RefusedError, Settings
from server.socket import Sockets


class _Standin:
    def __init__(self, db: Database) -> None:
        self.db = db

    def submitted(self) -> None: ...
    async def cancel(self, id: str) -> Run:
        return await self.db.runs.cancel(id)

    async def cancel_all(self) -> int:
        return len((await self.db.runs.cancel_all()).waited)

    async def cancel_sweep(self, id: str) -> int:
        return len((await self.db.sweeps.cancel(id)).waited)


@asynccontextmanager
async def running(settings: Settings, token: str) -> AsyncIterator[Services]:
    """Give the parts of a server while it runs."""
    async with AsyncExitStack() as stack:
        db = await _opened(settings)
        stack.push_async_callback(db.close)
        await db.runs.recover()
        hub = Hub()
        clerks = Clerks(_place(settings))
        stack.push_async_callback(clerks.stop)
        clerks.start()
        catalog = RememberedCatalog(settings.data / "catalog.json", clerks.catalog)
        await stack.enter_async_context(_task(catalog.refresh()))
        yield Services(
            settings=settings,
            token=token,
            db=db,
            hub=hub,
            sockets=Sockets(hub, db),
            clerks=clerks,
            catalog=catalog,
            dispatcher=_Standin(db),
        )


async def _opened(settings: Settings) -> Database:
    try:
        return await Database.open(settings.database_url)
    except Unopenable as error:
        raise RefusedError(str(error)) from None


def _place(settings: Settings) -> Place:
    return Place(data=settings.data, cache=settings.cache, catalog=settings.catalog, models=settings.models)


@asynccontextmanager
async def _task(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let something go on in the background for as long as the server runs."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
