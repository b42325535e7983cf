"""A clerk: a process of its own that answers short questions about documents, values and files.

Started as `python -m server.clerk DESCRIPTOR`; the descriptor is its end of a pair of sockets. Whatever is hostile in
a document or a file can only hurt a clerk: it is small, it holds no secret, and it is killed when it is late.

Guarantees
1. A clerk never imports torch: whoever tries gets an ImportError.
2. It ends with the server, and takes no more memory than it was allowed.
3. It reaches nothing over the network: no model is downloaded to answer a question.
"""

import logging
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from server.pipe import Channel
from server.processes.confine import confine

_WARM = "text-to-image"


def main() -> None:
    """Read the order, then answer questions until the server is gone."""
    channel = Channel(socket.socket(fileno=int(sys.argv[1])))
    order = channel.receive()
    if order is None:
        return
    _settle(order.header["parent"], order.header["memory"])
    desk = _desk(order.header)
    channel.send({"ready": True})
    try:
        while (frame := channel.receive()) is not None:
            channel.send(*desk.answer(frame.header, frame.payload))
    except OSError:
        pass  # the server is gone


def _settle(parent: int, memory: int) -> None:
    """Bound this process before anything is read."""
    logging.basicConfig(stream=sys.stderr, format="clerk: %(message)s")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends its clerks
    confine(parent, memory=memory)
    sys.modules["torch"] = None  # type: ignore[assignment]


def _desk(order: Mapping[str, Any]) -> Any:
    """Set up everything that answers; imported here, after the limits are in place."""
    from engine import Cache, Engine, Files
    from engine.cache import FileMemo
    from graphs import Limits
    from server.desk.bodies import body
    from server.desk.desk import Desk
    from server.desk.documents import Documents
    from server.desk.exchange import Exchange
    from server.desk.kept import Kept
    from server.desk.kinds import Kinds
    from server.desk.models import Models
    from server.desk.pins import Pins
    from server.desk.uploads import inspect
    from server.desk.values import Values
    from server.private import Scrubber

    data, disk = Path(order["data"]), Cache(order["cache"]).disk
    assert disk is not None
    files = Files(data, tuple(map(Path, order["models"])), FileMemo(disk))
    facts = {"device": order["device"], "threads": order["threads"]}
    catalog = resolve_name(order["catalog"])

    def engine() -> Engine:
        """Give an engine that remembers nothing of the question before: others empty the cache folder too."""
        cache = Cache(memory="64MB")
        cache.disk = disk
        return Engine(catalog, cache=cache, files=files, **facts)

    scrubbed = Scrubber.of(data, files.roots)
    kept = Kept(disk)
    documents = Documents(catalog, engine, Limits(**order["limits"]), scrubbed, files)
    values, exchange = Values(kept, scrubbed), Exchange(engine, documents, kept, facts, scrubbed=scrubbed)
    pins = Pins(disk, data)
    asks = (
        documents.open, documents.check, documents.resolve, documents.plan, documents.why, documents.diff,
        documents.flat_nodes, documents.where, values.view, values.summary, Kinds(catalog).catalog,
        Models(files).models, inspect, body, exchange.settled, exchange.script, exchange.png, exchange.read,
        pins.keep, pins.keeping,
    )  # fmt: skip
    _warm(documents)
    return Desk({ask.__name__: ask for ask in asks}, scrubbed)


def _warm(documents: Any) -> None:
    """Import and compile what the first question would wait for."""
    from graphs import Graph, GraphError
    from server.desk.answer import Question

    with suppress(GraphError):  # another catalog may lack its nodes
        documents.plan(Question("plan", parts=[Graph.load(_WARM).dumps().encode(), b"{}"]))


if __name__ == "__main__":
    main()
