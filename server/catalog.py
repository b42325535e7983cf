"""The node types as JSON: those of the last start at once, those of this one as soon as a clerk has told them.

Guarantees
1. Asking needs no clerk where the catalog was remembered.
2. A reader of the file sees a whole catalog or none.
"""

import asyncio
import hashlib
import json
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from server.errors import ApiError
from server.faults import unavailable

PATIENCE = 20.0  # seconds that a question waits for the first catalog
AGAIN = 2.0

log = logging.getLogger("promptograph.catalog")


class RememberedCatalog:
    """The catalog of node types, as the bytes that are sent."""

    def __init__(self, path: Path, ask: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        self._path = path
        self._ask = ask
        self._text = _remembered(path)
        self._there = asyncio.Event()
        if self._text is not None:
            self._there.set()

    async def text(self) -> bytes:
        """Give the catalog as JSON."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._there.wait()
        except TimeoutError:
            raise unavailable("the node types are not known yet", seconds=2) from None
        assert self._text is not None
        return self._text

    @staticmethod
    def tag(text: bytes) -> str:
        """Give the ETag of a catalog."""
        return f'"{hashlib.sha256(text).hexdigest()[:32]}"'

    async def refresh(self) -> None:
        """Ask for the catalog of this start until there is one, and remember it."""
        while True:
            try:
                told = await self._ask()
                break
            except (ApiError, OSError, TimeoutError) as error:
                log.warning("no catalog yet", extra={"reason": str(error)})
                await asyncio.sleep(AGAIN)
        text = await asyncio.to_thread(_written, told)
        if text != self._text:
            self._text = text
            await asyncio.to_thread(_remember, self._path, text)
        self._there.set()


def _written(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _remembered(path: Path) -> bytes | None:
    try:
        text = path.read_bytes()
        return text if isinstance(json.loads(text), dict) else None
    except (OSError, ValueError):
        return None


def _remember(path: Path, text: bytes) -> None:
    temporary = path.with_suffix(".new")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        log.warning("the catalog is not remembered", exc_info=error)
