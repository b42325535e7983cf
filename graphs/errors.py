"""Say what is wrong with a graph: where it is, what was expected, how to mend it.

    Exception
    └── GraphError      one or more Problems

Guarantees
1. A GraphError lists every problem that was found, one a line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, with its place and its mend."""

    message: str
    node: str | None = None
    port: str | None = None
    hint: str = ""

    def __str__(self) -> str:
        place = ".".join(part for part in (self.node, self.port) if part)
        text = f"{place}: {self.message}" if place else self.message
        return " ".join(f"{text}; {self.hint}".split() if self.hint else text.split())


class GraphError(Exception):
    """A graph that cannot be used, with all of its problems."""

    problems: tuple[Problem, ...]

    def __init__(self, message: str, *, node: str | None = None, port: str | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.problems = (Problem(message, node, port, hint),)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> GraphError:
        """Make one error of several problems."""
        listed = tuple(problems)
        error = cls(listed[0].message if listed else "the graph is not legal")
        if listed:
            error.problems = listed
        return error

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Name the known names that are close to a wrong one, or a few of them if none is."""
    names = list(dict.fromkeys(known))
    if close := difflib.get_close_matches(name, names, n=3, cutoff=0.5):
        return "did you mean " + " or ".join(close) + "?"
    if not names:
        return ""
    more = ", ..." if len(names) > 8 else ""
    return "there are: " + ", ".join(sorted(names)[:8]) + more
