"""What routes work with: the parts of a running server."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from server.settings import Settings

if TYPE_CHECKING:
    from server.hub import Hub


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of one server, each of them running."""

    settings: Settings
    token: str
    hub: "Hub"
    leaving: asyncio.Event = field(default_factory=asyncio.Event)  # set when the server begins to stop


def services(connection: HTTPConnection) -> Services:
    """Give the parts of the server that a request came to."""
    found: Services = connection.app.state.services
    return found


Parts = Annotated[Services, Depends(services)]
