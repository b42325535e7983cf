"""What a node may ask of the run it belongs to."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from engine.codec import Blob
from engine.errors import Cancelled
from engine.files import Files
from engine.residency import Residency


class Cancel:
    """A switch that stops a run: set once, from any thread or a signal handler."""

    def __init__(self) -> None:
        self._flag = threading.Event()
        self._listeners: list[Callable[[], None]] = []

    @property
    def asked(self) -> bool:
        """Whether it was set."""
        return self._flag.is_set()

    def set(self) -> None:
        self._flag.set()
        for listener in tuple(self._listeners):
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)


class Journal(Protocol):
    """Keeps what a node saved halfway, under its action key."""

    def saved(self) -> Mapping[str, Blob] | None: ...
    def save(self, state: Mapping[str, Blob]) -> None: ...


class _Forgetful:
    def saved(self) -> None:
        return None

    def save(self, state: Mapping[str, Blob]) -> None:
        pass


class Run:
    """The run as a node sees it: progress, previews, cancellation, files, loaded models, checkpoints.

    `Run()` is a run of its own, for calling a node directly in a test or a notebook.
    """

    def __init__(
        self,
        *,
        files: Files | None = None,
        residency: Residency | None = None,
        cancel: Cancel | None = None,
        journal: Journal | None = None,
        on_progress: Callable[[int, int], None] = lambda step, total: None,
        on_preview: Callable[[bytes, str], None] | None = None,
        watched: Callable[[], bool] = lambda: True,
        checkpoint_every: int = 0,
    ) -> None:
        self.files = files or Files.default()
        self._residency = residency or Residency(self.files)
        self._cancel = Cancel() if cancel is None else cancel
        self._journal = journal or _Forgetful()
        self._on_progress = on_progress
        self._on_preview = on_preview
        self._watched = watched
        self.checkpoint_every = checkpoint_every

    @property
    def device(self) -> str:
        """The device that models are on: `cpu`, `cuda`, `mps`."""
        return self._residency.device

    @property
    def previews(self) -> bool:
        """Whether anybody watches now: a preview costs time, so ask before making one."""
        return self._on_preview is not None and self._watched()

    def check(self) -> None:
        """Leave here if the run was cancelled."""
        if self._cancel.asked:
            raise Cancelled

    def progress(self, step: int, total: int) -> None:
        """Say that `step` of `total` steps are done, and leave if the run was cancelled."""
        self.check()
        self._on_progress(step, total)

    def preview(self, image: bytes, media_type: str = "image/jpeg") -> None:
        """Show where the work stands: a picture, words as `text/plain` in UTF-8, or the latest of a sound as WAV."""
        if self._on_preview is not None and self._watched():
            self._on_preview(image, media_type)

    def load(self, handle: Any) -> Any:
        """Give the module behind a handle, ready on the device; it is shared, so never change it."""
        self.check()
        return self._residency.load(handle)

    def asset(self, name: str) -> Path:
        """Give the file behind `asset:<digest>`."""
        return self.files.asset(name)

    def saved(self) -> Mapping[str, Blob] | None:
        """Give what this same action saved before it was interrupted, if anything."""
        return self._journal.saved()

    def save(self, state: Mapping[str, Blob]) -> None:
        """Keep a halfway state: whoever runs the same action after a crash may go on from it."""
        self._journal.save(state)
