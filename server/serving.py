"""Serve: open the parts, listen, and leave in order.

Guarantees
1. The address is printed when, and only when, requests are answered.
2. SIGTERM or SIGINT ends the process with exit code 0 within 10 s; a second SIGINT at once.
"""

import asyncio
import contextlib
import gc
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial

import uvicorn

from server import logs
from server.app import build
from server.folders import locked, private
from server.front import Front
from server.http_protocol import HEADERS_DUE, HttpProtocol
from server.limits import LIMITS
from server.running import running
from server.settings import RefusedError, Settings
from server.socket import uvicorn_options
from server.token import cookie_value, token_of

PATIENCE = 3  # seconds that answers have to end in, once the server leaves


def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    private(settings.data)
    with locked(settings.data):
        token = token_of(settings)
        logs.install(level=settings.log_level, secrets=(token, cookie_value(token)))
        _take_descriptors()
        _stay_responsive()
        listening = _listen(settings)
        settings = settings.model_copy(update={"port": listening.getsockname()[1]})
        with asyncio.Runner() as runner:
            runner.run(_serve(settings, token, listening))


async def _serve(settings: Settings, token: str, listening: socket.socket) -> None:
    async with running(settings, token) as services:
        front = build(services)
        server = Server(_config(front, settings), ready=partial(_announce, settings, token), front=front)
        await server.serve(sockets=[listening])


class Server(uvicorn.Server):
    """The server of uvicorn, which says when it is ready and leaves politely."""

    def __init__(self, config: uvicorn.Config, *, ready: Callable[[], None], front: Front) -> None:
        super().__init__(config)
        self._ready = ready
        self._front = front

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell everybody who waits, then wait for what is being answered."""
        await self._front.leave()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop in order on a signal, and do not raise it again: this was what it asked for."""
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def _config(front: Front, settings: Settings) -> uvicorn.Config:
    class Bounded(HttpProtocol):
        most = settings.connections
        headers_due = min(HEADERS_DUE, settings.receipt)

    return uvicorn.Config(
        front,
        http=Bounded,
        **uvicorn_options(),
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=PATIENCE,
        h11_max_incomplete_event_size=LIMITS.header_bytes,
    )


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family, backlog=2_048)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise RefusedError(f"cannot listen on {where}: {error.strerror}; choose another --port or --host") from None
    # Inherited by every connection; asyncio does not see that these are of TCP, and would let answers wait 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _announce(settings: Settings, token: str) -> None:
    """Print where the page is; a token that was chosen is known to who chose it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    host = f"[{host}]" if ":" in host and not host.startswith("[") else host
    chosen = settings.token or settings.token_file
    print(f"http://{host}:{settings.port}/" + ("" if chosen else f"#token={token}"), flush=True)


def _stay_responsive() -> None:
    """Have large bodies, which threads read, hold up nobody else: health stays under 100 ms meanwhile."""
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()  # what was imported is never garbage
    gc.set_threshold(
        50_000, 20, 100
    )  # JSON has no cycles: looking for them in a large body takes longer than reading it


def _take_descriptors() -> None:
    """Allow as many open sockets as the system lets us have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65_536)), hard))
