"""Point at a port of a node, or at one item of a list that comes out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from graphs.errors import GraphError

ID = r"[a-z][a-z0-9_]*"
PORT = r"[A-Za-z_][A-Za-z0-9_]*"
TARGET = rf"{ID}(?:/{ID})*\.{PORT}"
LINK = rf"{TARGET}(?:\[(?:0|[1-9][0-9]{{0,8}})\])?"

_PARTS = re.compile(rf"({ID}(?:/{ID})*)\.({PORT})(?:\[(0|[1-9][0-9]{{0,8}})\])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Link:
    """The port `node.port`, inside a subgraph `sub/node.port`, an item `node.port[3]`."""

    node: str
    port: str
    item: int | None = None

    @staticmethod
    def parse(text: str) -> Link:
        """Read a link, as it stands in a document; equal texts give the same object."""
        return _parse(text)

    def __str__(self) -> str:
        return f"{self.node}.{self.port}" if self.item is None else f"{self.node}.{self.port}[{self.item}]"


@lru_cache(maxsize=2**16)
def _parse(text: str) -> Link:
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise GraphError(f"{text[:80]!r} is not a link", hint="write node.port, sub/node.port or node.port[3]")
    node, port, item = parts.groups()
    return Link(node, port, None if item is None else int(item))
