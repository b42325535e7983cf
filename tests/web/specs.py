"""What Playwright's JSON report says of the specs that it ran."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_COLOURS = re.compile(r"\x1b\[[\d;]*m")


@dataclass(frozen=True, slots=True)
class Spec:
    """A spec of the editor and how it ended; `said` is empty where it passed."""

    file: str
    title: str
    status: str
    said: str


def specs(report: dict[str, Any]) -> tuple[Spec, ...]:
    """Give every spec of a report."""
    return tuple(spec for suite in report["suites"] for spec in _of_suite(suite))


def _of_suite(suite: dict[str, Any]) -> Iterator[Spec]:
    for inner in suite.get("suites", ()):
        yield from _of_suite(inner)
    for spec in suite.get("specs", ()):
        for test in spec["tests"]:
            errors = [error["message"] for result in test["results"] for error in result.get("errors", ())]
            yield Spec(spec["file"], spec["title"], test["status"], _COLOURS.sub("", "\n".join(errors)))
