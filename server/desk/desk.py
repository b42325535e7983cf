"""One clerk's desk: finds who answers a question, and puts whatever goes wrong into words that may be shown.

Guarantees
1. Every question gets one answer, also one that is wrong, too large, or that breaks the one who answers.
2. What is said to clients names no folder of this machine.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine import CacheError, InputError
from graphs import GraphError, Problem
from server.desk.answer import Answer, Question, RefusedError, as_json, rows
from server.private import Scrubber

Asks = Mapping[str, Callable[[Question], Answer]]
_SAID = frozenset({"plan", "why"})  # answers that hold messages beside data

log = logging.getLogger("promptograph.clerk")


class Desk:
    """Answers questions, one at a time."""

    def __init__(self, asks: Asks, scrubbed: Scrubber) -> None:
        self._asks = asks
        self._scrubbed = scrubbed

    def answer(self, header: Mapping[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
        """Give header and payload of the answer to a question that came as such."""
        question = _question(header, payload)
        try:
            answer = self._asks[question.ask](question)
        except RefusedError as refused:
            return self._refused(refused.code, refused.problems, refused.fields)
        except GraphError as error:
            return self._refused("bad_graph", error.problems)
        except CacheError as error:
            log.warning("the cache cannot be used: %s", error)
            return self._refused("cache_unavailable", [Problem("the cache of the server cannot be used")])
        except InputError as error:
            return self._refused("bad_input", [Problem(error.message, hint=error.hint)])
        except (MemoryError, RecursionError):
            return self._refused("too_heavy", [Problem("this takes more memory than a question may")])
        except Exception:
            log.exception("the question %s broke", question.ask)
            return self._refused("broken", [Problem("something broke that should not")])
        parts = [self._said(part) for part in answer.parts] if question.ask in _SAID else answer.parts
        return {"fields": dict(answer.fields), "parts": [len(part) for part in parts]}, b"".join(parts)

    def _refused(
        self, code: str, problems: Sequence[Problem], fields: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Any], bytes]:
        return {"refused": code, "fields": dict(fields or {})}, as_json(rows(problems, self._scrubbed))

    def _said(self, text: bytes) -> bytes:
        return self._scrubbed(text.decode()).encode()


def _question(header: Mapping[str, Any], payload: bytes) -> Question:
    parts: list[bytes] = []
    for length in header["parts"]:
        parts.append(payload[:length])
        payload = payload[length:]
    return Question(header["ask"], header["fields"], parts)
