"""The graphs that ship."""

import pytest

from graphs import Graph, GraphError, library


def test_every_library_graph_loads_and_is_saved_canonically() -> None:
    for name in library.names():
        assert Graph.load(name).dumps() == library.path(name).read_text(encoding="utf-8")
        assert library.load(name) == Graph.load(name)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(GraphError, match="there is no library graph 'no-such-graph'"):
        library.path("no-such-graph")
    with pytest.raises(GraphError, match="there is no library graph"):
        library.load("../schema")
