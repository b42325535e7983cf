"""Receive a body within its deadline and its size.

Guarantees
1. A body arrives within `seconds`, plus what its size takes at the least rate; else 408.
2. A body without a length is counted as it comes; past its limit it is refused (413) and no more of it is kept.
"""

import asyncio

from starlette.types import Message, Receive

from server.errors import ApiError
from server.guard import too_large
from server.limits import LIMITS


class Receipt:
    """The receiving of one request."""

    def __init__(self, receive: Receive, *, limit: int, seconds: float) -> None:
        self._receive = receive
        self._limit = limit
        self._due = asyncio.get_running_loop().time() + seconds
        self._bytes = 0
        self._whole = False

    async def __call__(self) -> Message:
        """Give the next message; once the body is there, wait for the client to leave without a deadline."""
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._due + self._bytes / LIMITS.receipt_rate):
                message = await self._receive()
        except TimeoutError:
            raise ApiError(
                408, "too_slow", "the body did not arrive in time", headers={"Connection": "close"}
            ) from None
        if message["type"] == "http.request":
            self._bytes += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
        if self._bytes > self._limit:
            raise too_large(self._limit)
        return message
