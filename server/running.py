"""Open the parts of a server in order, and close them in the opposite order.

Guarantees
1. Requests are answered before a worker or a clerk is up: nothing here waits for them.
2. Runs that were going on when the last server ended wait in the queue again before the first request.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from engine.engine import default_threads
from server.catalog import RememberedCatalog
from server.clerks import Clerks, Place
from server.database import Database
from server.database.errors import Unopenable
from server.dispatcher import Dispatcher
from server.hub import Hub
from server.journal import Journal
from server.metrics import CountedHub, Metrics
from server.pins import Pins
from server.processes.crew import Crew
from server.processes.terms import Terms
from server.services import Services
from server.settings import RefusedError, Settings
from server.socket import Sockets

PATIENCE = 4.0  # seconds that workers have to stop in


@asynccontextmanager
async def running(settings: Settings, token: str) -> AsyncIterator[Services]:
    """Give the parts of a server while it runs."""
    async with AsyncExitStack() as stack:
        db = await _opened(settings)
        stack.push_async_callback(db.close)
        await db.runs.recover()
        metrics = Metrics()
        hub = CountedHub(metrics)
        clerks = Clerks(_place(settings))
        stack.push_async_callback(clerks.stop)
        clerks.start()
        catalog = RememberedCatalog(settings.data / "catalog.json", clerks.catalog)
        await stack.enter_async_context(_going_on(catalog.refresh()))
        pins = Pins(db, clerks)
        await stack.enter_async_context(_going_on(pins.start()))
        crew, dispatcher = await _working(stack, settings, db, hub)
        yield Services(
            settings=settings,
            token=token,
            db=db,
            hub=hub,
            sockets=Sockets(hub, db),
            clerks=clerks,
            catalog=catalog,
            crew=crew,
            dispatcher=dispatcher,
            metrics=metrics,
            pins=pins,
            waiting=asyncio.Semaphore(max(1, settings.requests // 2)),
        )


async def _working(stack: AsyncExitStack, settings: Settings, db: Database, hub: Hub) -> tuple[Crew, Dispatcher]:
    """Start those who run graphs; they stop in the opposite order, so that what was told last is kept."""
    terms = _terms(settings)
    journal = Journal(db, hub)
    crew = Crew(terms, db, hub, journal)
    dispatcher = Dispatcher(terms, db, hub, journal, crew)
    await journal.start()
    stack.push_async_callback(journal.stop)
    await crew.start()
    stack.push_async_callback(crew.stop, PATIENCE)
    await dispatcher.start()
    stack.push_async_callback(dispatcher.stop)
    return crew, dispatcher


async def _opened(settings: Settings) -> Database:
    try:
        return await Database.open(settings.database_url)
    except Unopenable as error:
        raise RefusedError(str(error)) from None


def _place(settings: Settings) -> Place:
    return Place(
        data=settings.data,
        cache=settings.cache,
        catalog=settings.catalog,
        models=settings.models,
        device=settings.devices[0].partition(":")[0],  # as in the keys of workers: which of its kind changes no bit
        threads=default_threads(),
    )


def _terms(settings: Settings) -> Terms:
    return Terms(
        data=settings.data,
        cache=settings.cache,
        catalog=settings.catalog,
        models=settings.models,
        devices=settings.devices,
        worker_memory=settings.worker_memory,
        disk_reserve=settings.disk_reserve,
    )


@asynccontextmanager
async def _going_on(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let something go on in the background for as long as the server runs."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
