"""Which port a name sets decides how its value is read, through public inputs and subgraphs."""

from pathlib import Path
from typing import Any

import pytest

from cli.assignments import assigned
from engine import Files, InputError
from graphs import Graph, GraphError
from tests.cli.toys import CATALOG


def graph(nodes: dict[str, Any], inputs: dict[str, list[str]]) -> Graph:
    return Graph.load(
        {
            "format": "promptograph/1",
            "nodes": {name: {"version": 1, **node} for name, node in nodes.items()},
            "inputs": {name: {"to": to} for name, to in inputs.items()},
        }
    )


INNER = {
    "format": "promptograph/1",
    "nodes": {"it": {"type": "NameFile", "version": 1}, "sum": {"type": "Add", "version": 1}},
    "inputs": {"name": {"to": ["it.file"]}, "start": {"to": ["sum.a"]}},
}
OUTER = graph({"sub": {"type": "Subgraph", "graph": INNER}}, {"all": ["sub.name"], "first": ["sub.start"]})


def params(*assignments: str) -> dict[str, Any]:
    """Give the params of the flat graph after some assignments."""
    done = assigned(OUTER, assignments, CATALOG, Files(Path("nowhere")))
    return {f"{name}.{port}": value for name, node in done.flat().nodes.items() for port, value in node.params.items()}


def test_a_public_input_that_leads_into_a_subgraph_is_read_as_the_inner_port_wants() -> None:
    assert params("all=12", "first=12") == {"sub/it.file": "12", "sub/sum.a": 12}


def test_the_port_of_a_subgraph_and_a_node_inside_are_read_so_too() -> None:
    assert params("sub.name=[1]", "sub.start=7") == {"sub/it.file": "[1]", "sub/sum.a": 7}
    assert params("sub/it.file=true", "sub/sum.b=3") == {"sub/it.file": "true", "sub/sum.b": 3}


def test_the_value_may_hold_an_equals_sign() -> None:
    assert params("all=a=b") == {"sub/it.file": "a=b"}


def test_every_assignment_that_cannot_be_read_is_reported() -> None:
    with pytest.raises(GraphError) as caught:
        params("first=x", "all", "sub.start=1.5.2", "first=1", "sub/sum.b=1", "sub/sum.b=1", "sub.start=[9]")
    assert [problem.message for problem in caught.value.problems] == [
        "--set first: 'x' is not JSON",
        "--set all: there is no '='",
        "--set sub.start: '1.5.2' is not JSON",
        "--set first: two values are given, 'x' and '1'",
        "--set sub/sum.b: two values are given, '1' and '1'",
        "--set sub.start: two values are given, '1.5.2' and '[9]'",
    ]


def test_a_folder_of_pictures_is_brought_whole_in_the_order_of_names(tmp_path: Path) -> None:
    from nodes import CATALOG as NODES

    files = Files(tmp_path / "files")
    album = tmp_path / "album"
    album.mkdir()
    for name in ("b.PNG", "a.jpg", "c.webp", "notes.txt"):
        (album / name).write_bytes(name.encode())
    asked = graph({"album": {"type": "Album"}}, {"pictures": ["album.pictures"]})

    def brought(value: str) -> Any:
        return assigned(asked, [f"pictures={value}"], NODES, files).nodes["album"].params["pictures"]

    names = [files.asset(name).read_bytes().decode() for name in brought(f"@{album}")]
    assert names == ["a.jpg", "b.PNG", "c.webp"]
    assert len(brought(f"@{album / 'a.jpg'}")) == 1
    assert list(brought('["asset:1"]')) == ["asset:1"]
    with pytest.raises(InputError, match="no picture"):
        brought(f"@{tmp_path / 'files'}")
