"""What clerks answer about documents: any bytes give an answer, and whatever is wrong is listed."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from graphs import Graph, GraphError
from server.clerks import Clerks, Spot
from server.errors import ApiError
from server.sealed import Sealed
from tests.server.clerk.conftest import Hire

DRAW: dict[str, Any] = json.loads(Graph.load("text-to-image").dumps())


def ask(hire: Hire, question: Callable[[Clerks], Awaitable[Any]], **rest: Any) -> Any:
    async def asked() -> Any:
        async with hire(count=1, **rest) as clerks:
            return await question(clerks)

    return asyncio.run(asked())


def changed(**nodes: Any) -> dict[str, Any]:
    return {**DRAW, "nodes": {**DRAW["nodes"], **nodes}}


def test_the_catalog_lists_node_types_and_the_views_of_values(hire: Hire) -> None:
    catalog = ask(hire, lambda clerks: clerks.catalog())
    assert catalog["nodes"]["Sampler"]["lane"] == "gpu"
    assert catalog["values"]["Latent"] == {"views": ["summary", "png", "channels", "json", "histogram", "safetensors"]}
    assert catalog["values"]["str"] == {"views": ["summary", "txt", "json"]}


def test_a_large_body_is_read_with_its_documents_sealed(hire: Hire) -> None:
    large = changed(**{f"note-{number}": {"type": "Text", "version": 1} for number in range(3_000)})
    order = {"graph": large, "document": DRAW, "inputs": {"prompt": "größer 🟡"}, "wait": 1.5}
    body = ask(hire, lambda clerks: clerks.body(json.dumps(order, ensure_ascii=False).encode()))
    assert isinstance(body["graph"], Sealed)
    assert {**body, "graph": json.loads(body["graph"])} == order


@pytest.mark.parametrize("body", [b'{"graph": {"a": 1, "a": 2}}', b"[1, NaN]", b"[" * 100_000, b"\xff"])
def test_a_large_body_that_cannot_be_kept_exactly_is_refused(hire: Hire, body: bytes) -> None:
    with pytest.raises(GraphError):
        ask(hire, lambda clerks: clerks.body(body))


def test_opening_gives_the_canonical_text_and_keeps_what_is_not_known(hire: Hire) -> None:
    document = changed(own={"type": "mypack/Thing", "params": {"x": 1.0}})
    opened = ask(hire, lambda clerks: clerks.open(document))
    assert opened.text == Graph.load(document).dumps()
    assert opened.graph["nodes"]["own"] == {"type": "mypack/Thing", "version": 1, "params": {"x": 1.0}}
    assert [problem["hint"] for problem in opened.problems] == ["install the pack 'mypack'"]


def test_opening_brings_old_nodes_to_todays_interface(hire: Hire) -> None:
    old: dict[str, Any] = {
        "format": "promptograph/1",
        "nodes": {"a": {"type": "Add", "version": 1, "params": {"left": 1}}},
    }
    opened = ask(hire, lambda clerks: clerks.open(old), catalog="tests.server.clerk.toys:MIGRATED")
    assert opened.graph["nodes"]["a"] == {"type": "Add", "version": 2, "params": {"a": 1}}


@pytest.mark.parametrize(
    "document",
    [b"", b"{", b"null", b"[]", b"\xff\xfe", b"\x89PNG\r\n\x1a\n", b'{"format": "promptograph/9"}', b"[" * 100_000]
    + [b'{"format": "promptograph/1", "nodes": ' + each + b"}" for each in (b"1", b"[]", b'{"A": {}}', b'{"a": 1}')],
)
def test_what_is_no_document_is_refused_with_a_reason(hire: Hire, document: bytes) -> None:
    with pytest.raises(GraphError) as refused:
        ask(hire, lambda clerks: clerks.open(document))
    assert refused.value.problems[0].message


def test_resolving_keeps_document_and_inputs_apart(hire: Hire) -> None:
    resolved = ask(hire, lambda clerks: clerks.resolve(DRAW, {"prompt": "a red circle"}))
    assert resolved.text == Graph.load(DRAW).dumps()
    assert resolved.inputs == {"prompt": "a red circle"}
    assert resolved.name == "Text to image"
    assert resolved.models == ("bauklotz",)


@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [
        ({"nope": 1}, (), "nope: there is no such public input"),
        ({"steps": "many"}, (), "'many' is not of type 'integer'"),
        ({}, ("nowhere.image",), "names nowhere.image, which is no node"),
        ({}, ("a b",), "'a b' is not a link"),
    ],
)
def test_resolving_refuses_what_cannot_run(hire: Hire, inputs: Any, targets: Any, message: str) -> None:
    with pytest.raises(GraphError) as refused:
        ask(hire, lambda clerks: clerks.resolve(DRAW, inputs, targets))
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ([{"seed": [1, 2, "x"]}], "value 2 of seed: 'x' is not of type 'integer'"),
        ([{"seed": [1], "prompt": ["a", "b"]}], "seed has 1, prompt has 2"),
        ([{"seed": [1]}, {"seed": [2]}], "the input 'seed' stands on two axes"),
        ([{"seed": []}], "an axis of the sweep is empty"),
        ([{}], "an axis of the sweep is empty"),
        ([{"tokens.text": ["a"]}], "a sweep goes over public inputs"),
        ([{"seed": 1}], "not an object of lists"),
    ],
)
def test_every_value_of_a_sweep_is_checked(hire: Hire, axes: Any, message: str) -> None:
    with pytest.raises(GraphError) as refused:
        ask(hire, lambda clerks: clerks.resolve(DRAW, axes=axes))
    assert message in str(refused.value)


def test_a_sweep_whose_values_are_all_right_is_resolved(hire: Hire) -> None:
    axes: list[Any] = [{"seed": list(range(100)), "prompt": ["x"] * 100}, {"steps": [1, 2]}]
    assert ask(hire, lambda clerks: clerks.resolve(DRAW, {"scale": 2.5}, axes=axes)).inputs == {"scale": 2.5}


def test_problems_name_node_and_port_and_are_counted_where_there_are_many(hire: Hire) -> None:
    wrong = {f"n{number}": {"type": "Nothing"} for number in range(500)}
    problems = ask(hire, lambda clerks: clerks.check(changed(sampler={"type": "Sampler"}, **wrong)))
    assert len(problems) == 101
    assert problems[-1]["message"].endswith("more problems")


def test_a_plan_says_what_runs_and_why_says_the_reason(hire: Hire) -> None:
    async def both(clerks: Clerks) -> Any:
        return await clerks.plan(DRAW), await clerks.why(DRAW, "model")

    plan, why = ask(hire, both)
    assert {node["node"]: node["status"] for node in plan["nodes"]} == dict.fromkeys(DRAW["nodes"], "maybe") | {
        "model": "run",
        "sampler": "maybe",
    }
    assert why["reason"] == "no Checkpoint has run with this cache yet"


def test_a_difference_is_told_in_lines(hire: Hire) -> None:
    found = ask(hire, lambda clerks: clerks.diff(DRAW, {**DRAW, "name": "Mine"}))
    assert found["lines"] == ['~ name: "Text to image" -> "Mine"']


def test_a_link_is_followed_into_subgraphs(hire: Hire) -> None:
    outer: dict[str, Any] = {
        "format": "promptograph/1",
        "nodes": {"sub": {"type": "Subgraph", "graph": "text-to-image"}},
    }

    async def asked(clerks: Clerks) -> Any:
        return await clerks.where(outer, "sub.image"), await clerks.where(outer, "sub/decode.image")

    assert ask(hire, asked) == (Spot("sub/decode", "image", None),) * 2


@pytest.mark.parametrize("link", ["nowhere.image", "decode.nothing", "decode", "", "../x", "decode.image[x]"])
def test_a_link_to_nothing_is_refused(hire: Hire, link: str) -> None:
    with pytest.raises(ApiError) as refused:
        ask(hire, lambda clerks: clerks.where(DRAW, link))
    assert (refused.value.status_code, refused.value.shape.code) == (404, "no_such_value")


def test_a_value_is_found_through_a_bypassed_node_and_a_muted_one_has_none(hire: Hire) -> None:
    sampler = DRAW["nodes"]["sampler"]
    through = changed(sampler={**sampler, "bypass": {"latent": "latent"}})
    assert ask(hire, lambda clerks: clerks.where(through, "sampler.latent")) == Spot("empty", "latent", None)
    with pytest.raises(ApiError) as refused:
        ask(hire, lambda clerks: clerks.where(changed(sampler={**sampler, "bypass": {}}), "sampler.latent"))
    assert (refused.value.status_code, refused.value.shape.code) == (404, "no_such_value")


def test_no_answer_names_a_folder_of_this_machine(hire: Hire, tmp_path: Path) -> None:
    roots = (tmp_path / "my models", Path.home() / "models")
    graph = changed(model={"type": "Checkpoint", "params": {"source": "not/here"}})
    asset = changed(photo={"type": "LoadImage", "params": {"image": "asset:" + "0" * 64}})
    asset["outputs"] = {"photo": "photo.image"}

    async def asked(clerks: Clerks) -> Any:
        return await clerks.plan(graph), await clerks.plan(asset), await clerks.why(graph, "model")

    answers = ask(hire, asked, models=roots)
    assert "<models folder 1>" in answers[2]["text"]
    for folder in (*roots, tmp_path, Path.home(), "/root/", "/home/", "/tmp/"):
        assert str(folder) not in json.dumps(answers)


def test_no_model_is_downloaded_to_answer_a_question(hire: Hire) -> None:
    graph = changed(model={"type": "Checkpoint", "params": {"source": "hub:nobody/nothing"}})
    plan = ask(hire, lambda clerks: clerks.plan(graph))
    assert "is not in the local cache" in json.dumps(plan)


def test_models_are_listed_by_name_and_never_by_place(hire: Hire, tmp_path: Path) -> None:
    root = tmp_path / "models"
    (root / "sd" / "unet").mkdir(parents=True)
    (root / "sd" / "model_index.json").write_text("{}")
    (root / "one.safetensors").write_bytes(b"12345")
    (root / "round").symlink_to(root)
    models = ask(hire, lambda clerks: clerks.models(), models=(root,))
    assert models[:1] == [{"name": "bauklotz", "kind": "embedded", "bytes": None}]
    assert {"name": "one.safetensors", "kind": "file", "bytes": 5} in models
    assert {"name": "sd", "kind": "folder", "bytes": 2} in models
    assert str(root) not in json.dumps(models)
