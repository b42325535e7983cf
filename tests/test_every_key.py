"""Perturb everything about every node of the catalog: what changes the answer moves the key, nothing else does."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Picture

from engine import Cache, Engine, Files
from engine.action import Environment
from engine.call import Workshop
from engine.cell import Cell, NodeState
from engine.inputs import Inputs
from engine.node import Catalog, NodeFunction
from engine.residency import Residency
from engine.spec import Input, Json, NodeSpec, Output, PortType
from graphs import Graph
from nodes import CATALOG

FACTS = {"device": "cpu", "threads": 1}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A folder with two pictures as assets."""
    folder = tmp_path_factory.mktemp("files")
    files = Files(folder, roots=(folder / "models",))
    for name, colour in (("one", "red"), ("two", "blue")):
        Picture.new("RGB", (8, 8), colour).save(folder / f"{name}.png")
        files.bring(folder / f"{name}.png")
    empty = (2).to_bytes(8, "little") + b"{}"
    (folder / "models" / "control").mkdir(parents=True)
    (folder / "models" / "control" / "config.json").write_text("{}")
    (folder / "models" / "control" / "diffusion_pytorch_model.safetensors").write_bytes(empty)
    (folder / "models" / "lora.safetensors").write_bytes(empty)
    _diffuser(folder / "models" / "diffuser", empty)
    return files


def _diffuser(folder: Path, weights: bytes) -> None:
    """Write the configs of a Stable Audio whose networks are empty."""
    for name in ("scheduler", "tokenizer", "text_encoder", "projection_model", "transformer", "vae"):
        (folder / name).mkdir(parents=True)
        (folder / name / "config.json").write_text('{"max_value": 512, "_class_name": "StableAudioDiTModel"}')
        (folder / name / "model.safetensors").write_bytes(weights)
    (folder / "scheduler" / "scheduler_config.json").write_text("{}")
    (folder / "tokenizer" / "tokenizer.json").write_text("{}")


def giver(kind: PortType) -> NodeFunction:
    """Make a node type that gives a value of some type; it is never called."""
    name = f"Give{kind.name}{'s' * kind.many}"
    spec = NodeSpec(
        name, (), (Output("value", PortType("Text" if kind.variable else kind.name, kind.many)),), name, name
    )
    return NodeFunction(spec, lambda: None)


def with_givers(catalog: Catalog) -> Catalog:
    kinds = {port.type for node in catalog.nodes.values() for port in node.spec.inputs}
    givers = {function.spec.type: function for function in map(giver, kinds)}
    return Catalog({**catalog.nodes, **givers}, catalog.codecs, catalog.migrations, catalog.prepare)


GIVERS = with_givers(CATALOG)
EMBEDDED = Path(__file__).parents[1] / "models" / "bauklotz" / "text_to_image"
NODES = sorted(CATALOG.nodes)
SOURCES = {
    ("Checkpoint", "source"),
    ("ControlNet", "source"),
    ("IPAdapter", "encoder"),
    ("IPAdapter", "source"),
    ("LoRA", "source"),
    ("LoadAudioModel", "source"),
    ("LoadCLAP", "source"),
    ("LoadCLIP", "source"),
    ("LoadDINO", "source"),
    ("LoadImageTransformer", "source"),
    ("LoadPrior", "source"),
    ("LoadUnCLIP", "source"),
    ("LoadLanguageModel", "source"),
    ("LoadPictureReader", "source"),
    ("LoadSoundDiffuser", "source"),
    ("VideoTemporal", "source"),
}
GIVEN = {
    "ControlNet": "control",
    "IPAdapter": "lora.safetensors",
    "LoRA": "lora.safetensors",
    "VideoTemporal": "control",
    "LoadSoundDiffuser": "diffuser",
}  # sources that must be named; the fixture makes them


def asset(files: Files, name: str) -> str:
    return files.bring(files.folder / f"{name}.png")


def document(spec: NodeSpec, files: Files, *, wired: frozenset[str], params: Mapping[str, Json]) -> dict[str, Any]:
    """A graph around one node: what must be wired is, and what `wired` names as well."""
    node: dict[str, Any] = {"type": spec.type, "version": spec.version, "params": dict(params), "inputs": {}}
    nodes: dict[str, Any] = {"n": node}
    for port in spec.inputs:
        if port.name in wired or (port.required and port.schema is None):
            give = giver(port.type).spec.type
            nodes[f"g_{port.name.lower()}"] = {"type": give, "version": 1}
            node["inputs"][port.name] = f"g_{port.name.lower()}.value"
        elif port.required and port.name not in params:
            node["params"][port.name] = _needed(spec, port, files)
    return {"format": "promptograph/1", "nodes": nodes}


def _needed(spec: NodeSpec, port: Input, files: Files) -> Json:
    """Give a param that a node cannot do without; where it names a file, the file is there."""
    if spec.type in ("LoadAudio", "LoadImage", "LoadIndex", "LoadVideo"):
        return asset(files, "one")
    return GIVEN[spec.type] if (spec.type, port.name) in SOURCES else example(port)


def example(port: Input) -> Json:
    schema = port.schema or {}
    plain = {"integer": schema.get("minimum", 0), "number": 1.0, "string": "text", "boolean": True, "array": []}
    return schema["enum"][0] if "enum" in schema else plain[schema["type"]]


def decides_files(name: str) -> tuple[str, ...]:
    """Name the inputs whose values must be known to find the files that a node reads; a giver has no values."""
    node = CATALOG.nodes[name]
    return () if node.reads is None else node.asks(node.reads)


def key_of(
    graph: Mapping[str, Any],
    files: Files,
    *,
    given: Mapping[str, str] | None = None,
    facts: Mapping[str, Json] = FACTS,
    catalog: Catalog = GIVERS,
) -> str:
    """Name the action of the node that is not a giver; `given` says what a port is fed."""
    program = Engine(catalog, cache=Cache(), files=files).program(Graph.load(graph))
    nodes = {name: NodeState(step) for name, step in program.steps.items()}
    for name, node in nodes.items():
        kind = node.step.function.spec.outputs[0].type
        content = (given or {}).get(name, "0" * 64)
        node.outputs = {"value": (content,) if kind.many else content}
    shop = Workshop(catalog, Cache(), files, Residency(files), Environment(facts))
    (target,) = (node for node in nodes.values() if node.step.function.spec.type in CATALOG.nodes)
    cell = Cell(target, None)
    cell.wanted = frozenset(target.step.wires.keys() & target.step.function.lazy)
    Inputs(nodes, shop).key(cell)
    return cell.key


def others(port: Input, value: Json, files: Files) -> Iterator[Json]:
    """Other values that a param may have."""
    schema = port.schema or {}
    if "enum" in schema:
        yield from (option for option in schema["enum"] if option != value)
        return
    match schema["type"]:
        case "integer" | "number":
            low, step = schema.get("minimum", 0), schema.get("multipleOf", 1 if schema["type"] == "integer" else 0.25)
            start = value if value is not None else low
            yield start + step if start + step <= schema.get("maximum", start + step) else start - step
        case "boolean":
            yield not value
        case "string":
            yield asset(files, "two") if str(value).startswith("asset:") else f"{value or ''}x"
        case "array":
            yield [*(value or ()), example(Input("item", port.type.item, schema=schema["items"]))]


@pytest.mark.parametrize("name", NODES)
def test_every_param_moves_the_key(name: str, files: Files) -> None:
    spec = CATALOG.nodes[name].spec
    graph = document(spec, files, wired=frozenset(), params={})
    base = key_of(graph, files)
    for port in spec.inputs:
        if port.schema is None or (spec.type, port.name) in SOURCES:
            continue  # another source needs another model; tests/nodes has them
        value = graph["nodes"]["n"]["params"].get(port.name, port.default)
        for other in others(port, value, files):
            moved = document(spec, files, wired=frozenset(), params={**graph["nodes"]["n"]["params"], port.name: other})
            assert key_of(moved, files) != base, f"{port.name} = {other!r}"


@pytest.mark.parametrize("name", NODES)
def test_every_linked_content_moves_the_key(name: str, files: Files) -> None:
    spec = CATALOG.nodes[name].spec
    reading = decides_files(name)
    wired = frozenset(port.name for port in spec.inputs if port.name not in reading)
    graph = document(spec, files, wired=wired, params={})
    base = key_of(graph, files)
    for giving in graph["nodes"].keys() - {"n"}:
        assert key_of(graph, files, given={giving: "1" * 64}) != base, giving


@pytest.mark.parametrize("name", NODES)
def test_a_param_behind_a_link_is_not_in_the_key(name: str, files: Files) -> None:
    spec = CATALOG.nodes[name].spec
    reading = decides_files(name)
    for port in spec.inputs:
        if port.schema is not None and port.name not in reading:
            plain = document(spec, files, wired=frozenset({port.name}), params={})
            hidden = document(spec, files, wired=frozenset({port.name}), params={port.name: example(port)})
            assert key_of(hidden, files) == key_of(plain, files)


@pytest.mark.parametrize("name", NODES)
def test_ids_titles_positions_names_and_order_stay_out_of_the_key(name: str, files: Files) -> None:
    spec = CATALOG.nodes[name].spec
    graph = document(spec, files, wired=frozenset(), params={})
    renamed = {
        **graph,
        "name": "Another",
        "nodes": {
            **{key: node for key, node in reversed(graph["nodes"].items()) if key != "n"},
            "zz": {**graph["nodes"]["n"], "title": "Mine"},
        },
        "ui": {"positions": {"zz": [10, 20]}},
    }
    assert key_of(renamed, files) == key_of(graph, files)


@pytest.mark.parametrize("name", NODES)
def test_the_environment_moves_the_keys_of_nodes_with_libraries_and_no_others(name: str, files: Files) -> None:
    spec = CATALOG.nodes[name].spec
    graph = document(spec, files, wired=frozenset(), params={})
    for fact in ({"device": "cuda", "threads": 1}, {"device": "cpu", "threads": 2}):
        assert (key_of(graph, files, facts=fact) != key_of(graph, files)) == bool(spec.libs)


@pytest.mark.parametrize("name", NODES)
def test_the_revision_moves_the_key(name: str, files: Files) -> None:
    node = CATALOG.nodes[name]
    newer = replace(node, spec=replace(node.spec, revision=node.spec.revision + 1))
    graph = document(node.spec, files, wired=frozenset(), params={})
    assert key_of(graph, files, catalog=replace(GIVERS, nodes={**GIVERS.nodes, name: newer})) != key_of(graph, files)


def test_the_content_of_a_models_file_moves_the_key(files: Files) -> None:
    model = files.roots[0] / "mine"
    shutil.copytree(EMBEDDED, model)
    graph = document(CATALOG.nodes["Checkpoint"].spec, files, wired=frozenset(), params={"source": "mine"})
    before = key_of(graph, files)
    assert key_of(graph, files) == before
    config = model / "scheduler" / "scheduler_config.json"
    config.write_text(config.read_text() + " ")
    assert key_of(graph, files) != before
