"""A Promptograph server, from Python without `async`."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import Any, Self

from anyio.from_thread import BlockingPortal, start_blocking_portal

from client.client import PATIENCE, Client, File, Inputs
from client.following import Followed
from client.schema import Run
from graphs import Graph


class BlockingClient:
    """Asks one server, from scripts; use it with `with`. What is not here is on `Client`."""

    def __init__(self, url: str, *, token: str | None = None, patience: float = PATIENCE) -> None:
        self._client = Client(url, token=token, patience=patience)
        self._open = ExitStack()
        self._portal: BlockingPortal

    def __enter__(self) -> Self:
        self._portal = self._open.enter_context(start_blocking_portal())
        self._open.enter_context(self._portal.wrap_async_context_manager(self._client))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def submit(
        self,
        graph: "Graph | Mapping[str, Any] | str",
        inputs: Inputs | None = None,
        *,
        targets: Sequence[str] = (),
        priority: int = 0,
        key: str | None = None,
    ) -> Run:
        """Put a run into the queue: of a graph, of its document, or of a name in the library."""
        ask = partial(self._client.submit, graph, inputs, targets=targets, priority=priority, key=key)
        return self._portal.call(ask)

    def run(self, id: str) -> Run:
        """Give a run as it stands."""
        return self._portal.call(partial(self._client.run, id))

    def wait(self, id: str) -> Run:
        """Give a run once it has ended."""
        return self._portal.call(partial(self._client.wait, id))

    def follow(self, id: str, *, after: int = -1, previews: bool = False) -> Iterator[Followed]:
        """Give what happens in a run after an event, over all cuts, until it has ended."""
        messages = self._client.follow(id, after=after, previews=previews)
        try:
            while True:
                yield self._portal.call(messages.__anext__)
        except StopAsyncIteration:
            return
        finally:
            self._portal.call(messages.aclose)

    def cancel(self, id: str) -> Run:
        """End a run; one that has ended stays as it is."""
        return self._portal.call(partial(self._client.cancel, id))

    def value(self, id: str, link: str, *, form: str, item: int | None = None) -> File:
        """Give a value of a run, such as `decode.image`, in a form: png, wav, mp4, txt, json or safetensors."""
        return self._portal.call(partial(self._client.value, id, link, form=form, item=item))

    def upload(self, data: bytes, *, name: str, media_type: str = "application/octet-stream") -> str:
        """Bring a file; give the words by which graphs name it."""
        return self._portal.call(partial(self._client.upload, data, name=name, media_type=media_type))
