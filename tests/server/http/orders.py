"""Graphs of toy nodes, and runs of them over HTTP."""

from typing import Any

import httpx


def graph(nodes: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Give a document; by default one that counts up from its public input `a`."""
    if nodes is None:
        nodes = {"count": {"type": "Step", "version": 1, "params": {"seconds": 0.0}}}
        more = {"inputs": {"a": {"to": ["count.a"]}}, "outputs": {"sum": "count.number"}, **more}
    return {"format": "promptograph/1", "name": "Count", "nodes": nodes, **more}


def slow(seconds: float = 30.0) -> dict[str, Any]:
    """Give a document whose only node never asks whether to stop."""
    return graph({"deaf": {"type": "Deaf", "params": {"seconds": seconds}}}, outputs={"end": "deaf.number"})


def submitted(client: httpx.Client, document: dict[str, Any] | None = None, wait: float = 0, **order: Any) -> Any:
    """Put a run into the queue and give it."""
    order = {"graph": graph() if document is None else document, **order}
    answer = client.post("/api/v1/runs", params={"wait": wait} if wait else {}, json=order)
    assert answer.status_code in (200, 201, 202), answer.text
    return answer.json()
