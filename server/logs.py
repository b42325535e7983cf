"""Write the log: one JSON object a line on stderr, with no secret in it.

Guarantees
1. A line is one JSON object of at most `LONGEST` characters, whatever is logged.
2. The token, the cookie and whatever follows `Bearer` or `token=` never stand in it.
"""

import json
import logging
import re
import sys
import time
from collections.abc import Iterable
from typing import Any

LONGEST = 8_192
_SECRET = re.compile(r"(?i)(bearer\s+|[?&#]token=|cookie:\s*|promptograph_[0-9a-f]{8}=)[^\s\"'&,;]+")
_PLAIN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "color_message", "taskName"}


def install(*, level: str, secrets: Iterable[str]) -> None:
    """Send the log of this process to stderr."""
    out = logging.StreamHandler(sys.stderr)
    out.setFormatter(Line(secrets))
    root = logging.getLogger()
    root.handlers[:] = [out]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "websockets", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))


class Line(logging.Formatter):
    """Format a record as a line of JSON."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        said: dict[str, Any] = {
            "at": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "log": record.name,
            "message": self._clean(record.getMessage(), LONGEST // 4),
        }
        more = {key: value for key, value in record.__dict__.items() if key not in _PLAIN}
        said |= {key: self._plain(value) for key, value in list(more.items())[:16]}
        if record.exc_info:
            said["trace"] = self._clean(self.formatException(record.exc_info)[-LONGEST // 2 :], LONGEST // 2)
        return self._whole(said)

    def _whole(self, said: dict[str, Any]) -> str:
        line = json.dumps(said, ensure_ascii=True)
        while len(line) > LONGEST:  # escapes are longer than what they stand for
            longest = max(said, key=lambda key: len(json.dumps(said[key])))
            said[longest] = str(said[longest])[: len(str(said[longest])) // 2]
            line = json.dumps(said, ensure_ascii=True)
        return line

    def _plain(self, value: object) -> object:
        return value if isinstance(value, int | float | None) else self._clean(str(value), 512)

    def _clean(self, text: str, longest: int) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return _SECRET.sub(r"\1[secret]", text)[:longest]
