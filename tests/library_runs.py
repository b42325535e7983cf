"""Runs of the library's graphs: an engine for each file of tests, and runs that must end well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from engine import Engine, Result


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give an engine that remembers what it ran until a file's tests end, and knows no files but those it is given."""
    from engine import Cache, Engine, Files
    from nodes import CATALOG

    engine = Engine(CATALOG, cache=Cache(memory="1GB"), files=Files(tmp_path_factory.mktemp("files")))
    yield engine
    engine.close()


def finished(engine: Engine, name: str, /, *targets: str, **inputs: Any) -> Result:
    """Run a graph of the library to its public outputs or to targets; the test fails if any node does."""
    from graphs import Graph

    result = engine.run(Graph.load(name), inputs, targets=targets)
    assert (result.status, result.failures) == ("done", [])
    return result


def outputs(engine: Engine, name: str, /, *targets: str, **inputs: Any) -> Mapping[str, Any]:
    """Run a graph as `finished` does, and give the value of each output; one that was not made raises NodeFailed."""
    return dict(finished(engine, name, *targets, **inputs).outputs)
