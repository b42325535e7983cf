"""Open the graph that an argument names."""

import sys

from engine import Catalog
from graphs import LIMITS, Graph, GraphError, Problem


def open_graph(name: str, catalog: Catalog) -> Graph:
    """Load a graph by library name or path, from a PNG that carries one, or from stdin (`-`)."""
    if not name.strip():
        raise GraphError("GRAPH is empty", hint="give the name of a library graph, or the path of a .json or .png file")
    source = sys.stdin.buffer.read(LIMITS.picture_bytes + 1) if name == "-" else name
    try:
        return Graph.load(source, migrations=catalog.migrations)
    except GraphError as error:
        raise GraphError.of(_placed(problem, name) for problem in error.problems) from None


def _placed(problem: Problem, name: str) -> Problem:
    """Name the file, where the problem names no node and not the file itself."""
    if problem.node is not None or name in problem.message:
        return problem
    return Problem(f"{'stdin' if name == '-' else name}: {problem.message}", None, problem.port, problem.hint)
