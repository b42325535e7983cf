"""Report a run as JSON, one event per line on stdout; the last line is the result."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, TextIO

from cli.report import Ending, Saved
from engine.events import Event, Preview


class JsonLines:
    """Writes to a stream; previews are left out."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def event(self, event: Event) -> None:
        if not isinstance(event, Preview):
            self._write({field.name: getattr(event, field.name) for field in fields(event)})

    def end(self, ending: Ending) -> None:
        self._write(
            {
                "status": ending.status,
                "outputs": {name: _output(saved) for name, saved in ending.outputs.items()},
                "nodes": {field.name: getattr(ending.nodes, field.name) for field in fields(ending.nodes)},
                "seconds": ending.seconds,
            }
        )

    def _write(self, message: Mapping[str, Any]) -> None:
        self._stream.write(json.dumps(message, ensure_ascii=False, default=_plain) + "\n")
        self._stream.flush()


def _output(saved: Saved) -> Mapping[str, Any]:
    paths = [str(path) for path in saved.paths]
    return {"path": paths[0] if len(paths) == 1 else paths, "type": saved.type, "digest": saved.digest}


def _plain(value: Any) -> Any:
    """Give frozen collections, which json does not know, as plain ones."""
    match value:
        case Mapping():
            return dict(value)
        case Sequence():
            return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
