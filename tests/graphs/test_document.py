"""The document: loaded, saved, frozen, and the same whichever way it comes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from pydantic import ValidationError

from graphs import Graph, GraphError, Link, Node
from tests.graphs.documents import chain, examples, graphs
from tests.graphs.growth import LINEAR, growth

SMALL = {
    "format": "promptograph/1",
    "name": "Größe",
    "nodes": {
        "b": {"type": "Add", "params": {"b": 1.0}, "inputs": {"a": "a.number"}},
        "a": {"type": "Number", "params": {"value": 1}},
    },
    "outputs": {"sum": "b.number"},
}
CANONICAL = """{
  "format": "promptograph/1",
  "name": "Größe",
  "nodes": {
    "a": {
      "params": {
        "value": 1
      },
      "type": "Number",
      "version": 1
    },
    "b": {
      "inputs": {
        "a": "a.number"
      },
      "params": {
        "b": 1.0
      },
      "type": "Add",
      "version": 1
    }
  },
  "outputs": {
    "sum": "b.number"
  }
}
"""


@given(graphs())
@examples(40)
def test_a_saved_graph_loads_as_the_same_graph(graph: Graph) -> None:
    assert Graph.load(graph.dumps().encode()) == graph


@given(graphs())
@examples(40)
def test_saving_what_was_saved_changes_no_byte(graph: Graph) -> None:
    text = graph.dumps()
    assert Graph.load(text.encode()).dumps() == text


def test_canonical_text_has_sorted_keys_two_blanks_no_empty_fields_and_one_newline() -> None:
    assert Graph.load(SMALL).dumps() == CANONICAL


def test_saving_an_unchanged_file_changes_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    path.write_text(CANONICAL, encoding="utf-8")
    Graph.load(path).save(path)
    assert path.read_bytes() == CANONICAL.encode()


def test_a_graph_is_the_same_from_a_dict_bytes_a_path_and_a_path_as_text(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    path.write_text(CANONICAL, encoding="utf-8")
    expected = Graph.load(SMALL)
    assert [Graph.load(CANONICAL.encode()), Graph.load(path), Graph.load(str(path))] == [expected] * 3


def test_the_kind_of_a_file_is_told_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "small.png"
    path.write_text(CANONICAL, encoding="utf-8")
    assert Graph.load(path) == Graph.load(SMALL)


def test_a_node_of_an_unknown_type_is_loaded_and_saved_without_loss() -> None:
    text = json.dumps(
        {
            "format": "promptograph/1",
            "nodes": {
                "x": {
                    "inputs": {"any": ["y.out[3]", "y.other"]},
                    "params": {"deep": [{"a": [None, True, 1, 1.0, "é"]}], "empty": {}, "none": None},
                    "title": "",
                    "type": "somebody-else/Frobnicate",
                    "version": 17,
                }
            },
        },
        ensure_ascii=False,
        indent=2,
    )
    assert Graph.load(text.encode()).dumps() == text + "\n"


def test_numbers_keep_their_kind() -> None:
    document = {"format": "promptograph/1", "nodes": {"n": {"type": "N", "params": {"v": [1, 1.0, True, -0.0, 1e300]}}}}
    kept = Graph.load(document).nodes["n"].params["v"]
    assert repr(kept) == "[1, 1.0, True, -0.0, 1e+300]"


def test_changing_the_dict_that_was_loaded_does_not_change_the_graph() -> None:
    values = [1]
    graph = Graph.load({"format": "promptograph/1", "nodes": {"n": {"type": "N", "params": {"v": values}}}})
    values.append(2)
    assert graph.nodes["n"].params["v"] == [1]


def test_a_graph_is_frozen() -> None:
    graph = Graph.load(SMALL)
    with pytest.raises(ValidationError, match="frozen"):
        graph.name = "Other"
    with pytest.raises(ValidationError, match="frozen"):
        graph.nodes["a"].title = "Other"


def test_a_node_built_in_python_is_checked_too() -> None:
    with pytest.raises(ValidationError, match="pattern"):
        Node(type="Add", inputs={"a": "no link"})


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "small.json"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        Graph.load(SMALL).save(path)
    assert (path.read_text(), list(tmp_path.iterdir())) == ("old", [path])


def test_saving_keeps_the_mode_of_the_file_and_a_symbolic_link_to_it(tmp_path: Path) -> None:
    path, link = tmp_path / "small.json", tmp_path / "link.json"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    Graph.load(SMALL).save(link)
    assert (link.is_symlink(), path.read_text(), path.stat().st_mode & 0o777) == (True, CANONICAL, 0o640)


@pytest.mark.parametrize("text", ["a.b", "a/b_2/c.port", "a.b[0]", "sub/node.Port_3[999999999]"])
def test_a_link_is_written_as_it_was_read(text: str) -> None:
    assert str(Link.parse(text)) == text


def test_a_link_has_a_node_a_port_and_an_item() -> None:
    assert Link.parse("sub/node.port[3]") == Link("sub/node", "port", 3)
    assert Link.parse("node.port") == Link("node", "port", None)


@pytest.mark.parametrize(
    "text",
    ["", "a", "a.", ".b", "A.b", "a.b[]", "a.b[-1]", "a.b[01]", "a/.b", "/a.b", "a.b.c", "a.b\n", "é.b"],
)
def test_what_is_not_a_link_is_refused(text: str) -> None:
    with pytest.raises(GraphError, match="is not a link"):
        Link.parse(text)
    with pytest.raises(GraphError, match="is not a link"):
        Graph.load({"format": "promptograph/1", "nodes": {"n": {"type": "N", "inputs": {"a": text}}}})


def test_ten_thousand_nodes_load_in_linear_time() -> None:
    def loading(length: int) -> Callable[[], Graph]:
        data = json.dumps(chain(length)).encode()
        return lambda: Graph.load(data)

    assert len(loading(10_000)().nodes) == 10_000
    assert growth(loading, 1_000, 10_000) < LINEAR


def test_importing_graphs_imports_nothing_heavy() -> None:
    heavy = ("torch", "networkx", "PIL", "jsonschema", "numpy", "engine")
    code = f"import sys, graphs; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_graph_is_written_into_a_pipe_and_does_not_take_its_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    Graph(name="told").save(pipe)
    assert json.loads(os.read(end, 1000)) == {"format": "promptograph/1", "name": "told"}
    os.close(end)
    assert list(tmp_path.iterdir()) == [pipe]
    assert pipe.is_fifo()
