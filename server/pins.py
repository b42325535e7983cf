"""Keep what saved graphs pin from eviction, for as long as they pin it.

Guarantees
1. Once a graph is saved, what it pins stays in the cache folder until a later revision does not, or it is deleted.
2. A server that starts keeps what its graphs pin, and nothing for graphs that are gone.
"""

import asyncio
import logging
from collections.abc import Mapping

from pydantic import JsonValue

from graphs import pin
from server.clerks import Clerks
from server.database import Database
from server.errors import ApiError

_AGAIN = 5.0  # seconds

log = logging.getLogger("promptograph.pins")


class Pins:
    """Knows which saved graphs pin values; clerks hold the values."""

    def __init__(self, db: Database, clerks: Clerks) -> None:
        self._db = db
        self._clerks = clerks
        self._pinning: set[str] = set()
        self._told: set[str] = set()  # graphs that were saved meanwhile: what the start read of them is old

    async def start(self) -> None:
        """Keep what the graphs of the database pin, and let go what none does; while no clerk is there, wait."""
        while not await self._look():
            await asyncio.sleep(_AGAIN)

    async def _look(self) -> bool:
        try:
            kept = await self._clerks.keeping()
            wanted = await self._db.graphs.pinning()
            self._pinning |= {*wanted, *kept}
            for graph in {*wanted, *kept} - self._told:
                await self._keep(graph, wanted.get(graph, {}))
        except ApiError as error:
            log.warning("what graphs pin could not be looked at: %s", error)
            return error.status_code != 503
        return True

    async def saved(self, graph: str, document: Mapping[str, JsonValue]) -> None:
        """Keep what a graph pins now that it was saved; of one that is deleted nothing is left."""
        self._told.add(graph)
        await self._keep(graph, document)

    async def _keep(self, graph: str, document: Mapping[str, JsonValue]) -> None:
        digests = sorted(set(pin.digests(dict(document))))
        if not digests and graph not in self._pinning:
            return
        await self._clerks.keep(graph, digests)
        if digests:
            self._pinning.add(graph)
        else:
            self._pinning.discard(graph)
