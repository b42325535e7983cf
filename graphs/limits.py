"""Bound what a document may ask for; each limit is checked before the allocation that it bounds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The sizes that a document may have."""

    bytes: int = 64 * 2**20  # of a document as JSON
    picture_bytes: int = 256 * 2**20  # of a PNG that carries one
    depth: int = 64  # of JSON lists and objects
    values: int = 5_000_000  # of JSON values in all
    text: int = 1_000_000  # characters of one string
    nodes: int = 50_000  # after expansion
    links: int = 500_000  # after expansion
    subgraph_depth: int = 16
    name: int = 64  # characters of a node id, a port or a public name
    type: int = 128  # characters of a node type or a library name
    title: int = 1_000


LIMITS = Limits()
