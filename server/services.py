"""What routes work with: the parts of a running server."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from server.records import Run
from server.settings import Settings

if TYPE_CHECKING:
    from server.catalog import RememberedCatalog
    from server.clerks import Clerks
    from server.database import Database
    from server.dispatcher import Dispatcher
    from server.hub import Hub
    from server.metrics import Metrics
    from server.pins import Pins
    from server.processes.crew import Crew
    from server.socket import Sockets

log = logging.getLogger("promptograph.queue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of one server, each of them running."""

    settings: Settings
    token: str
    db: "Database"
    hub: "Hub"
    sockets: "Sockets"
    clerks: "Clerks"
    catalog: "RememberedCatalog"
    crew: "Crew"
    dispatcher: "Dispatcher"
    metrics: "Metrics"
    pins: "Pins"
    waiting: asyncio.Semaphore  # held by each request that waits for a run
    leaving: asyncio.Event = field(default_factory=asyncio.Event)  # set when the server begins to stop

    def told(self, run: Run | None) -> None:
        """Tell all who care that a run was put into the queue or moved, or many were."""
        log.info("the queue has changed", extra={"run": run.id, "number": run.number} if run else {})
        self.hub.queue_changed(run)
        self.dispatcher.submitted()


def services(connection: HTTPConnection) -> Services:
    """Give the parts of the server that a request came to."""
    found: Services = connection.app.state.services
    return found


Parts = Annotated[Services, Depends(services)]
