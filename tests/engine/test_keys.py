"""Action keys see everything that decides an answer, and nothing else; shown by counting what runs again."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Cache, Engine, Files, Run, catalog, node
from engine.action import Environment, Ref, key_of, library_version
from engine.digest import digest_of_json
from engine.spec import NodeSpec
from graphs import Graph, PublicInput
from tests.engine.toys import BYTES, Bytes, Tally, arithmetic, bench, document
from tests.graphs.documents import examples

SPEC = NodeSpec("Add", (), (), "Add", "Add.")
ONE, TWO, THREE = (digest_of_json(number) for number in (1, 2, 3))


def key(
    spec: NodeSpec = SPEC,
    params: Mapping[str, Any] = {"a": 1, "b": 2},
    refs: Mapping[str, Ref] = {"x": ONE, "y": (TWO, THREE)},
    files: tuple[str, ...] = (ONE, TWO),
    environment: str = "{}",
) -> str:
    return key_of(spec, params=params, refs=refs, files=files, environment=environment)[0]


def test_the_order_in_which_params_and_inputs_are_given_does_not_move_the_key() -> None:
    assert key(params={"b": 2, "a": 1}, refs={"y": (TWO, THREE), "x": ONE}) == key()


OTHER_KEYS = {
    "type": key(NodeSpec("Sub", (), (), "Add", "Add.")),
    "revision": key(NodeSpec("Add", (), (), "Add", "Add.", revision=2)),
    "param value": key(params={"a": 1, "b": 3}),
    "param name": key(params={"a": 1, "c": 2}),
    "param left out": key(params={"a": 1}),
    "param as a float": key(params={"a": 1.0, "b": 2}),
    "param as a flag": key(params={"a": True, "b": 2}),
    "param as a text": key(params={"a": "1", "b": 2}),
    "param as null": key(params={"a": None, "b": 2}),
    "param as a list": key(params={"a": [1], "b": 2}),
    "input content": key(refs={"x": TWO, "y": (TWO, THREE)}),
    "input name": key(refs={"z": ONE, "y": (TWO, THREE)}),
    "input left out": key(refs={"x": ONE}),
    "item content": key(refs={"x": ONE, "y": (TWO, TWO)}),
    "order of items": key(refs={"x": ONE, "y": (THREE, TWO)}),
    "number of items": key(refs={"x": ONE, "y": (TWO, THREE, THREE)}),
    "no items": key(refs={"x": ONE, "y": ()}),
    "one value as a list": key(refs={"x": (ONE,), "y": (TWO, THREE)}),
    "file content": key(files=(ONE, THREE)),
    "order of files": key(files=(TWO, ONE)),
    "no files": key(files=()),
    "environment": key(environment='{"device":"cuda"}'),
    "digest as a param": key(params={"a": 1, "b": 2, "x": ONE}, refs={"y": (TWO, THREE)}),
    "text that looks like JSON": key(params={"a": 1, "b": '2,"c":3'}),
}


def test_everything_that_decides_an_answer_moves_the_key_to_a_place_of_its_own() -> None:
    keys = {"as it is": key(), **OTHER_KEYS}
    assert len(set(keys.values())) == len(keys)


def test_title_help_category_lane_version_and_widgets_do_not_move_the_key() -> None:
    other = NodeSpec("Add", (), (), "Sum", "Sum up.", category="maths", version=9, pure=True, lane="gpu", libs=())
    assert key(other) == key()


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
@examples(200)
def test_no_two_different_params_have_one_key(name: str, value: str, other_name: str, other_value: str) -> None:
    same = (name, value) == (other_name, other_value)
    assert (key(params={name: value}) == key(params={other_name: other_value})) == same


def test_the_parts_of_a_key_are_json_that_says_what_went_in() -> None:
    _, parts = key_of(
        SPEC, params={"a": 1.0}, refs={"x": ONE, "y": (TWO,)}, files=[THREE], environment='{"device":"cpu"}'
    )
    assert json.loads(parts) == {
        "environment": {"device": "cpu"},
        "files": [THREE],
        "inputs": {"x": ONE, "y": [TWO]},
        "params": {"a": 1.0},
        "revision": 1,
        "type": "Add",
    }


def test_the_environment_holds_facts_and_versions_for_a_node_with_libraries_only() -> None:
    environment = Environment({"device": "cpu", "threads": 2})
    assert json.loads(environment.text(["numpy", "no-such-library"])) == {
        "device": "cpu",
        "threads": 2,
        "libs": {"numpy": library_version("numpy"), "no-such-library": None},
    }
    assert environment.text([]) == "{}"


# Whole graphs: what must not run again, and what must


@st.composite
def programs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw a graph as a list of nodes that name their inputs by place."""
    nodes: list[dict[str, Any]] = []
    for at in range(draw(st.integers(1, 7))):
        kind = draw(st.sampled_from(["Number", "Add", "Total"] if at else ["Number"]))
        sources = draw(st.lists(st.integers(0, at - 1), min_size=1, max_size=3)) if at else []
        nodes.append(
            {"kind": kind, "sources": sources, "value": draw(st.integers(-3, 3)), "hidden": draw(st.booleans())}
        )
    return nodes


def drawn(nodes: list[dict[str, Any]], ids: list[str], **rest: Any) -> Graph:
    made: dict[str, Any] = {}
    for id_, one in zip(ids, nodes, strict=True):
        links = [f"{ids[source]}.number" for source in one["sources"]]
        match one["kind"]:
            case "Number":
                made[id_] = {"type": "Number", "params": {"value": one["value"]}}
            case "Add":
                hidden = {"a": one.get("covered", 5)} if one["hidden"] else {}
                made[id_] = {"type": "Add", "params": {"b": one["value"], **hidden}, "inputs": {"a": links[0]}}
            case "Total":
                made[id_] = {"type": "Total", "inputs": {"numbers": links}}
    return document(made, **rest)


@given(programs(), st.data())
@examples(60)
def test_ids_titles_order_layout_and_hidden_params_do_not_move_keys(
    nodes: list[dict[str, Any]], data: st.DataObject
) -> None:
    tally = Tally()
    engine = Engine(catalog(arithmetic(tally), values=[BYTES]))
    names = [f"n{at}" for at in range(len(nodes))]
    first = engine.run(drawn(nodes, names, outputs={"out": f"{names[-1]}.number"}))
    tally.clear()

    renamed = data.draw(st.permutations([f"other_{at}" for at in range(len(nodes))]))
    again = drawn([{**one, "covered": 6} for one in nodes], renamed)
    titled = again.model_copy(
        update={
            "name": "another name",
            "nodes": {
                id_: again.nodes[id_].model_copy(update={"title": f"title of {id_}"})
                for id_ in data.draw(st.permutations(list(again.nodes)))
            },
            "outputs": {"result": f"{renamed[-1]}.number"},
            "inputs": {"x": PublicInput(title="X")},
            "ui": {"positions": {id_: [1, 2] for id_ in renamed}},
        }
    )
    second = engine.run(titled)
    assert tally.calls == []
    assert (second.nodes.ran, second.outputs["result"]) == ([], first.outputs["out"])


@given(programs(), st.data())
@examples(60)
def test_a_changed_param_runs_its_node_and_what_it_changes_and_gives_what_an_empty_cache_gives(
    nodes: list[dict[str, Any]], data: st.DataObject
) -> None:
    tally = Tally()
    made = catalog(arithmetic(tally), values=[BYTES])
    engine = Engine(made)
    names = [f"n{at}" for at in range(len(nodes))]
    engine.run(drawn(nodes, names))
    at = data.draw(st.sampled_from([at for at, one in enumerate(nodes) if one["kind"] != "Total"]))
    changed = [{**one, "value": one["value"] + 10 * (place == at)} for place, one in enumerate(nodes)]
    graph = drawn(changed, names, outputs={name: f"{name}.number" for name in names})
    tally.clear()
    result = engine.run(graph)
    assert result.nodes.ran[0] == names[at]
    assert dict(result.outputs) == dict(Engine(made).run(graph).outputs)


def test_a_list_of_one_link_and_a_list_of_one_item_have_one_key() -> None:
    tools = bench()
    engine = tools.engine()
    source = {"n": {"type": "Numbers", "params": {"count": 2, "start": 5}}}
    spellings: list[Any] = ["n.numbers", ["n.numbers"], ["n.numbers[0]", "n.numbers[1]"]]
    for spelling in spellings:
        engine.run(document({**source, "t": {"type": "Total", "inputs": {"numbers": spelling}}}))
    assert tools.tally.counts == {"Numbers": 1, "Total": 1}


def test_a_default_left_out_and_a_default_written_out_have_one_key() -> None:
    tally = Tally()

    @node()
    def scaled(scale: float = 7, steps: int = 20, name: str = "x", parts: tuple[float, ...] = (1, 2)) -> float:
        """Scale."""
        tally.note("Scaled", scale, parts)
        assert isinstance(scale, float)
        return scale

    engine = Engine(catalog([scaled]))
    for params in ({}, {"scale": 7}, {"scale": 7.0, "steps": 20, "name": "x"}, {"parts": [1, 2.0]}, {"steps": 20.0}):
        assert engine.run(document({"s": {"type": "Scaled", "params": params}})).status == "done"
    assert tally.counts == {"Scaled": 1}


def test_the_same_content_from_another_node_has_one_key() -> None:
    tools = bench()
    engine = tools.engine()
    nodes = {"a": {"type": "Number", "params": {"value": 4}}, "b": {"type": "Add", "inputs": {"a": "a.number"}}}
    engine.run(document(nodes))
    nodes["a"] = {"type": "Half", "params": {"a": 8}}
    result = engine.run(document(nodes))
    assert (result.nodes.ran, result.nodes.cached) == (["a"], ["b"])


def test_early_cutoff_an_upstream_node_that_gives_the_same_runs_nothing_below_it() -> None:
    tools = bench()
    engine = tools.engine()

    def graph(value: int) -> Graph:
        return document(
            {
                "a": {"type": "Number", "params": {"value": value}},
                "h": {"type": "Half", "inputs": {"a": "a.number"}},
                "b": {"type": "Add", "inputs": {"a": "h.number"}},
                "c": {"type": "Add", "inputs": {"a": "b.number"}},
            },
            outputs={"c": "c.number"},
        )

    engine.run(graph(6))
    result = engine.run(graph(7))
    assert (result.nodes.ran, result.nodes.cached, result.outputs["c"]) == (["a", "h"], ["b", "c"], 5)


def _probe(tally: Tally, *, revision: int = 1, libs: tuple[str, ...] = ("numpy",)) -> Any:
    @node(revision=revision, libs=libs)
    def probe(a: int = 1) -> int:
        """Probe."""
        tally.note("Probe", a)
        return a

    return catalog([probe])


GRAPH = document({"p": {"type": "Probe"}})


@pytest.mark.parametrize(
    ("other", "runs"),
    [
        ({}, 0),
        ({"revision": 2}, 1),
        ({"libs": ("numpy", "pydantic")}, 1),
        ({"device": "cuda"}, 1),
        ({"threads": 7}, 1),
        ({"libs": (), "threads": 7}, 1),
    ],
    ids=str,
)
def test_revision_libraries_device_and_threads_move_the_key_of_a_node_with_libraries(
    other: dict[str, Any], runs: int, cache_folder: Path
) -> None:
    tally = Tally()
    options = {key: value for key, value in other.items() if key in ("device", "threads")}
    kind = {key: value for key, value in other.items() if key not in options}
    first = Engine(_probe(tally), cache=Cache(cache_folder), threads=1)
    first.run(GRAPH)
    first.close()
    tally.clear()
    Engine(_probe(tally, **kind), cache=Cache(cache_folder), **{"threads": 1, **options}).run(GRAPH)
    assert len(tally.calls) == runs


def test_device_and_threads_do_not_move_the_key_of_a_node_without_libraries(cache_folder: Path) -> None:
    tally = Tally()
    first = Engine(_probe(tally, libs=()), cache=Cache(cache_folder), threads=1)
    first.run(GRAPH)
    first.close()
    Engine(_probe(tally, libs=()), cache=Cache(cache_folder), device="cuda", threads=3).run(GRAPH)
    assert len(tally.calls) == 1


def test_which_device_of_a_kind_computes_does_not_move_the_key(cache_folder: Path) -> None:
    tally = Tally()
    first = Engine(_probe(tally), cache=Cache(cache_folder), device="cuda:0")
    first.run(GRAPH)
    first.close()
    Engine(_probe(tally), cache=Cache(cache_folder), device="cuda:1").run(GRAPH)
    assert len(tally.calls) == 1


def test_the_content_of_files_read_is_in_the_key_and_their_place_is_not(tmp_path: Path) -> None:
    tally = Tally()

    @node(reads=lambda name, files: [files.source(name)])
    def read(name: str, *, run: Run) -> Bytes:
        """Read a file."""
        tally.note("Read", name)
        return Bytes(run.files.source(name).read_bytes())

    engine = Engine(catalog([read], values=[BYTES]), files=Files(tmp_path, roots=[tmp_path]))
    graph = document({"r": {"type": "Read", "params": {"name": "a.bin"}}}, outputs={"bytes": "r.bytes"})
    (tmp_path / "a.bin").write_bytes(b"one")
    assert engine.run(graph).outputs["bytes"] == Bytes(b"one")
    (tmp_path / "a.bin").touch()
    assert engine.run(graph).nodes.cached == ["r"]
    (tmp_path / "a.bin").write_bytes(b"two!")
    assert engine.run(graph).outputs["bytes"] == Bytes(b"two!")
    (tmp_path / "a.bin").write_bytes(b"one")
    assert engine.run(graph).nodes.cached == ["r"]
    assert len(tally.calls) == 2


def test_a_file_that_cannot_be_read_fails_its_node_with_a_mend(tmp_path: Path) -> None:
    @node(reads=lambda name, files: [files.source(name)])
    def read(name: str) -> int:
        """Read a file."""
        raise AssertionError("it must not be called")

    result = Engine(catalog([read]), files=Files(tmp_path, roots=[tmp_path])).run(
        document({"r": {"type": "Read", "params": {"name": "missing.bin"}}})
    )
    (failure,) = result.failures
    assert (failure.node, failure.blame, failure.trace) == ("r", "input", "")
    assert failure.message == f"no model named 'missing.bin'; put it below a models folder ({tmp_path})"
