"""Tell what went wrong in sentences, and with which exit code."""

from collections.abc import Sequence

from engine import InputError
from graphs import GraphError

TRACE = "PROMPTOGRAPH_TRACE=1 shows where"


def sentences(error: Exception) -> Sequence[str]:
    """Give one line for each problem; those that are no fault of the input say how to learn more."""
    if isinstance(error, GraphError):
        return [str(problem) for problem in error.problems]
    if isinstance(error, InputError):
        return [_line(str(error))]
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return [_line(f"{place}{error.strerror or error}; check the path, its permissions and the space that is left")]
    return [_line(f"{type(error).__name__}: {error}; {TRACE}")]


def code_of(error: Exception) -> int:
    """2 where other input would mend it, 1 where the program broke."""
    return 2 if isinstance(error, (GraphError, InputError, OSError)) else 1


def _line(text: str) -> str:
    return " ".join(text.split())
