"""Old documents are brought to today's words."""

from pathlib import Path
from typing import Any

import pytest

from graphs import Graph, GraphError, Migrations, NodeMigration
from graphs.migrate import Raw, migrate_format

OLD = Path(__file__).parent / "old"


def in_thousands(node: Raw) -> Raw:
    params = node["params"]
    assert isinstance(params, dict)
    steps = params["steps"]
    assert isinstance(steps, int)
    return {**node, "params": {**params, "steps": steps * 1000}}


MIGRATIONS: Migrations = {
    "Sampler": (
        NodeMigration(to=2, inputs={"guidance_scale": "cfg"}),
        NodeMigration(to=3, inputs={"cfg": "scale"}, outputs={"samples": "latent"}, change=in_thousands),
    ),
    "Decode": (),
}


def test_an_old_file_is_brought_to_the_newest_version_with_everything_that_names_a_port() -> None:
    graph = Graph.load(OLD / "sampler_1.json", migrations=MIGRATIONS)
    inner = {
        "format": "promptograph/1",
        "nodes": {
            "inner": {"type": "Sampler", "version": 3, "params": {"scale": 3, "steps": 5000}},
            "stranger": {"type": "pack/Stranger", "version": 9, "inputs": {"x": "inner.latent"}},
        },
        "outputs": {"image": "inner.latent"},
    }
    assert graph == Graph.load(
        {
            "format": "promptograph/1",
            "name": "Saved when Sampler had version 1",
            "nodes": {
                "decode": {
                    "type": "Decode",
                    "inputs": {"latent": "s.latent[2]", "others": ["sub/inner.latent", "sub.image"]},
                },
                "s": {
                    "type": "Sampler",
                    "version": 3,
                    "title": "My sampler",
                    "params": {"scale": 7, "steps": 20_000},
                    "inputs": {"scale": "n.samples"},
                },
                "sub": {"type": "Subgraph", "graph": inner},
            },
            "inputs": {"strength": {"to": ["s.scale", "sub/inner.scale"]}},
            "outputs": {"latent": "s.latent"},
        }
    )


def test_what_was_migrated_is_saved_and_loaded_without_another_step() -> None:
    graph = Graph.load(OLD / "sampler_1.json", migrations=MIGRATIONS)
    assert Graph.load(graph.dumps().encode(), migrations=MIGRATIONS) == graph


def test_without_migrations_an_old_file_is_left_as_it_is() -> None:
    path = OLD / "sampler_1.json"
    assert Graph.load(path).dumps() == path.read_text()


def node(type_: str, version: int, **params: Any) -> dict[str, Any]:
    return {"format": "promptograph/1", "nodes": {"n": {"type": type_, "version": version, "params": params}}}


def test_ports_that_swap_their_names_are_swapped() -> None:
    swap = {"N": (NodeMigration(to=2, inputs={"a": "b", "b": "a"}, outputs={"x": "y", "y": "x"}),)}
    document = node("N", 1, a=1, b=2) | {"outputs": {"one": "n.x", "two": "n.y"}}
    graph = Graph.load(document, migrations=swap)
    assert (graph.nodes["n"].params, graph.outputs) == ({"a": 2, "b": 1}, {"one": "n.y", "two": "n.x"})


def test_a_name_that_is_given_again_in_a_later_step_is_followed_from_where_it_was() -> None:
    steps = {"N": (NodeMigration(to=2, outputs={"x": "y"}), NodeMigration(to=3, outputs={"z": "x"}))}
    graph = Graph.load(node("N", 1) | {"outputs": {"one": "n.x", "two": "n.z"}}, migrations=steps)
    assert graph.outputs == {"one": "n.y", "two": "n.x"}
    back = {"N": (NodeMigration(to=2, outputs={"x": "y"}), NodeMigration(to=3, outputs={"y": "x"}))}
    assert Graph.load(node("N", 1) | {"outputs": {"one": "n.x"}}, migrations=back).outputs == {"one": "n.x"}


def test_a_node_newer_than_known_is_refused() -> None:
    document = node("Sampler", 4)
    document["nodes"]["d"] = {"type": "Decode", "version": 2}
    with pytest.raises(GraphError) as raised:
        Graph.load(document, migrations=MIGRATIONS)
    assert str(raised.value).splitlines() == [
        "n: Sampler has version 4, newer than 3; update Promptograph or the pack of the node",
        "d: Decode has version 2, newer than 1; update Promptograph or the pack of the node",
    ]


def test_a_step_that_trips_over_a_file_names_the_node() -> None:
    with pytest.raises(GraphError, match=r"n: Sampler cannot be brought to version 3: 'steps'; replace the node"):
        Graph.load(node("Sampler", 2, cfg=1), migrations=MIGRATIONS)


def test_a_step_that_gives_something_that_is_no_node_is_refused() -> None:
    wrong = {"N": (NodeMigration(to=2, change=lambda node: {**node, "params": 3}),)}
    with pytest.raises(GraphError, match="n: params: an object is expected, not 3"):
        Graph.load(node("N", 1), migrations=wrong)


def test_steps_with_a_gap_are_refused_before_anything_is_read() -> None:
    gap = {"N": (NodeMigration(to=2), NodeMigration(to=4))}
    with pytest.raises(ValueError, match=r"the migrations of N lead to \[2, 4\], not to 2, 3"):
        Graph.load(node("Other", 1), migrations=gap)


def first(document: Raw) -> Raw:
    return {**document, "format": "promptograph/2", "seen": [1]}


def second(document: Raw) -> Raw:
    seen = document["seen"]
    assert isinstance(seen, list)
    return {**document, "format": "promptograph/3", "seen": [*seen, 2]}


@pytest.mark.parametrize(("written", "seen"), [(1, [1, 2]), (2, [0, 2]), (3, [0])])
def test_format_steps_are_taken_in_order_from_where_the_document_is(written: int, seen: list[int]) -> None:
    brought = migrate_format({"format": f"promptograph/{written}", "seen": [0]}, steps=(first, second))
    assert brought == {"format": "promptograph/3", "seen": seen}


@pytest.mark.parametrize(
    "written", [None, 1, "", "promptograph", "promptograph/0", "promptograph/01", "comfy/1", "promptograph/x"]
)
def test_what_is_not_our_format_is_refused(written: Any) -> None:
    with pytest.raises(GraphError, match="this is not a Promptograph graph; a graph starts with"):
        Graph.load({"format": written})


def test_a_newer_format_is_refused() -> None:
    with pytest.raises(
        GraphError, match="the graph has format promptograph/2, newer than promptograph/1; update Promp"
    ):
        Graph.load({"format": "promptograph/2"})
