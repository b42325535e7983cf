"""Setting values by public name or by port."""

from collections.abc import Callable
from typing import Any

import pytest

from graphs import Graph, GraphError
from tests.graphs.documents import chain
from tests.graphs.growth import LINEAR, growth

INNER: dict[str, Any] = {
    "format": "promptograph/1",
    "nodes": {"t": {"type": "T", "params": {"text": "inner", "size": 1}}},
    "inputs": {"prompt": {"to": ["t.text"]}},
    "outputs": {"tokens": "t.tokens"},
}
GRAPH = Graph.load(
    {
        "format": "promptograph/1",
        "nodes": {
            "a": {"type": "A", "params": {"x": 1}, "inputs": {"y": "b.number", "z": "b.number"}},
            "b": {"type": "B"},
            "free": {"type": "Subgraph", "graph": INNER},
            "held": {"type": "Subgraph", "graph": INNER, "params": {"prompt": "outer"}},
            "shipped": {"type": "Subgraph", "graph": "text-to-image"},
        },
        "inputs": {"both": {"to": ["a.y", "b.q"]}, "deep": {"to": ["free/t.size"]}},
    }
)


def test_a_public_input_sets_the_param_at_every_target_and_removes_the_link_there() -> None:
    graph = GRAPH.set({"both": 7})
    assert (graph.nodes["a"].params, graph.nodes["a"].inputs) == ({"x": 1, "y": 7}, {"z": "b.number"})
    assert graph.nodes["b"].params == {"q": 7}


def test_a_port_is_set_by_its_name() -> None:
    assert GRAPH.set({"a.x": [1, {"k": None}]}).nodes["a"].params == {"x": [1, {"k": None}]}


def test_a_port_inside_an_embedded_subgraph_is_set() -> None:
    inner = GRAPH.set({"free/t.text": "new", "deep": 5}).nodes["free"].graph
    assert isinstance(inner, Graph)
    assert inner.nodes["t"].params == {"text": "new", "size": 5}


def test_tuples_and_numbers_of_other_kinds_are_kept_as_json() -> None:
    class Number(float): ...

    kept = GRAPH.set({"a.x": (Number(1.5), (True, None))}).nodes["a"].params["x"]
    assert (kept, type(kept), [type(one) for one in kept] if isinstance(kept, list) else []) == (
        [1.5, [True, None]],
        list,
        [float, list],
    )


def test_setting_leaves_the_old_graph_as_it_was() -> None:
    before = GRAPH.dumps()
    GRAPH.set({"both": 7, "free/t.text": "new"})
    assert GRAPH.dumps() == before


def test_setting_nothing_gives_the_same_graph() -> None:
    assert GRAPH.set({}) is GRAPH


def test_a_port_that_the_subgraph_overrides_is_refused_because_it_would_have_no_effect() -> None:
    with pytest.raises(GraphError) as raised:
        GRAPH.set({"held/t.text": "new"})
    assert str(raised.value) == "held/t.text: held.prompt sets this port; set held.prompt"
    assert (
        GRAPH.set({"held.prompt": "new"}).flat(library=lambda _: GRAPH_WITHOUT).nodes["held/t"].params["text"] == "new"
    )


GRAPH_WITHOUT = Graph.load({"format": "promptograph/1", "nodes": {"n": {"type": "N"}}})


def test_a_flat_graph_is_set_by_the_same_names() -> None:
    flat = GRAPH.flat(library=lambda _: GRAPH_WITHOUT)
    values = {"both": 7, "deep": 5, "free/t.text": "new"}
    assert flat.set(values) == GRAPH.set(values).flat(library=lambda _: GRAPH_WITHOUT)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bot", "bot: there is no such public input; did you mean both?"),
        ("aa.x", "aa.x: there is no node 'aa'; did you mean a?"),
        ("free/u.text", "free/u.text: there is no node 'u'; there are: prompt, t"),
        ("a/t.text", "a/t.text: 'a' embeds no graph; set a public input of it, or embed the library graph"),
        (
            "shipped/t.text",
            "shipped/t.text: 'shipped' embeds no graph; set a public input of it, or embed the library graph",
        ),
        ("a.x[3]", "a.x[3]: one item of a port cannot be set; set a.x as a whole"),
        ("a.", "a.: 'a.' is not a link; write node.port, sub/node.port or node.port[3]"),
    ],
)
def test_an_unknown_name_is_refused_with_the_close_ones(name: str, expected: str) -> None:
    with pytest.raises(GraphError) as raised:
        GRAPH.set({name: 1})
    assert str(raised.value) == expected


def test_every_wrong_name_and_value_is_reported() -> None:
    with pytest.raises(GraphError) as raised:
        GRAPH.set({"bot": 1, "a.x": float("inf"), "aa.x": 2})
    assert [problem.message.partition(":")[0] for problem in raised.value.problems] == ["bot", "a.x", "aa.x"]


def test_a_port_that_two_names_set_is_refused() -> None:
    with pytest.raises(GraphError) as raised:
        GRAPH.set({"a.y": 1, "both": 2})
    assert str(raised.value) == "both: a.y is set by a.y as well; set one of the two"


def test_setting_a_value_of_each_of_ten_thousand_nodes_is_linear() -> None:
    def setting(length: int) -> Callable[[], Graph]:
        graph, values = Graph.load(chain(length)), {f"n{at}.b": -at for at in range(length)}
        return lambda: graph.set(values)

    assert setting(10_000)().nodes["n9999"].params["b"] == -9999
    assert growth(setting, 1_000, 10_000) < LINEAR
