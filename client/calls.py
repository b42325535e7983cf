"""Ask a server over HTTP.

Guarantees
1. What may be asked twice without harm is asked again while the server is away, for as long as the client is patient.
2. Whatever goes wrong is an error of this library.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx

from client.address import Address
from client.backoff import Backoff
from client.errors import RefusedError, UnreachableError

SECONDS = 60.0  # for an answer, beside the time that was asked for
_LATER = frozenset({429, 503})


class Calls:
    """One server, asked over kept connections."""

    def __init__(self, address: Address, *, patience: float) -> None:
        self._address = address
        self._patience = patience
        self._http = httpx.AsyncClient(
            base_url=f"{address.origin}/api/v1/",
            headers=address.headers,
            trust_env=not address.local,
            timeout=httpx.Timeout(SECONDS, connect=10.0),
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def once(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Ask once."""
        try:
            answer = await self._http.request(method, path, **request)
        except httpx.HTTPError as error:
            words = str(error) or type(error).__name__
            raise UnreachableError(f"{self._address.origin} does not answer: {words}") from None
        if answer.is_error or answer.is_redirect:
            raise RefusedError.of(answer.status_code, answer.content)
        return answer

    async def get(self, path: str, *, params: Mapping[str, Any] | None = None, wait: float = 0.0) -> httpx.Response:
        """Look at something; `wait` is how long the server may take on purpose."""
        asked = {key: value for key, value in (params or {}).items() if value is not None}
        timeout = httpx.Timeout(SECONDS + wait, connect=10.0)
        return await self.again("GET", path, params=asked, timeout=timeout)

    async def again(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Ask until there is an answer: for what has the same effect when it is asked twice."""
        give_up, backoff = time.monotonic() + self._patience, Backoff()
        while True:
            try:
                return await self.once(method, path, **request)
            except UnreachableError:
                pause = backoff.next()
                if time.monotonic() + pause > give_up:
                    raise
            except RefusedError as refused:
                pause = backoff.next()
                if refused.status not in _LATER or time.monotonic() + pause > give_up:
                    raise
            await asyncio.sleep(pause)
