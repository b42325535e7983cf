"""What goes into a question and what comes out of an answer; one shape for all of them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from graphs import GraphError, Problem

MOST_PROBLEMS = 100
_LONGEST = 600  # characters of a message


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: small fields, and parts that may be large and that nobody has looked at yet."""

    ask: str
    fields: Mapping[str, JsonValue] = field(default_factory=dict)
    parts: Sequence[bytes] = ()

    def text(self, name: str) -> str:
        value = self.fields[name]
        assert isinstance(value, str)
        return value

    def number(self, name: str) -> int:
        value = self.fields[name]
        assert isinstance(value, int)
        return value


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: small fields, and parts that may be large."""

    fields: Mapping[str, JsonValue] = field(default_factory=dict)
    parts: Sequence[bytes] = ()


class RefusedError(Exception):
    """What was given cannot be used; `problems` says why, one by one."""

    def __init__(self, code: str, problems: Sequence[Problem], **fields: JsonValue) -> None:
        super().__init__(code)
        self.code = code
        self.problems = problems
        self.fields = fields

    @classmethod
    def because(cls, code: str, message: str, *, hint: str = "", **fields: JsonValue) -> "RefusedError":
        return cls(code, [Problem(message, hint=hint)], **fields)

    @classmethod
    def of(cls, error: GraphError) -> "RefusedError":
        return cls("bad_graph", error.problems)


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def rows(problems: Iterable[Problem], scrubbed: Callable[[str], str]) -> list[JsonValue]:
    """Give problems as JSON values: as many as anybody reads, and a line that counts the rest; without paths."""
    listed = list(problems)
    shown: list[JsonValue] = [_row(problem, scrubbed) for problem in listed[:MOST_PROBLEMS]]
    if len(listed) > MOST_PROBLEMS:
        shown.append(_row(Problem(f"{len(listed) - MOST_PROBLEMS:,} more problems", hint="mend these first"), scrubbed))
    return shown


def _row(problem: Problem, scrubbed: Callable[[str], str]) -> dict[str, JsonValue]:
    return {
        "message": scrubbed(problem.message)[:_LONGEST],
        "node": problem.node,
        "port": problem.port,
        "hint": scrubbed(problem.hint)[:_LONGEST],
    }
