"""The commands that compute nothing: plan, why, validate, diff, nodes, models, cache."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from cli.device import device_of
from engine import InputError
from tests.cli.documents import SUM, add, document
from tests.cli.processes import ROOT, Ended, Shell


def test_plan_says_what_will_run(shell: Shell) -> None:
    graph = shell.write("sum.json", SUM)
    assert shell.inside("plan", graph).out.splitlines()[:2] == [
        "first   run, time unknown",
        "second  maybe, time unknown",
    ]
    shell.inside("run", graph)
    assert shell.inside("plan", graph) == Ended(0, "first   cached\nsecond  cached\nall 2 nodes are cached\n", [])
    changed = shell.inside("plan", graph, "--set", "second.b=3").out.splitlines()
    assert changed[:2] == ["first   cached", "second  run, under 0.1 s"]
    assert shell.calls("add") == 2


def test_plan_gives_json(shell: Shell) -> None:
    graph = shell.write("sum.json", SUM)
    shell.inside("run", graph)
    cached = {"status": "cached", "calls": 0, "seconds": 0.0, "reason": ""}
    assert json.loads(shell.inside("plan", graph, "--json").out) == {
        "nodes": [{"node": "first", **cached}, {"node": "second", **cached}],
        "seconds": 0,
    }


def test_why_names_what_changed(shell: Shell) -> None:
    graph = shell.write("sum.json", SUM)
    assert shell.inside("why", graph, "first").out == "first will run: no Add has run with this cache yet\n"
    shell.inside("run", graph)
    assert shell.inside("why", graph, "second").out == "second will not run: its answer is known\n"
    ended = shell.inside("why", graph, "second", "--set", "second.b=3")
    assert ended.out == "second will run, because of params.b: 10 -> 3\n"


def test_why_of_an_unknown_node_is_refused(shell: Shell) -> None:
    ended = shell.inside("why", shell.write("sum.json", SUM), "third")
    assert ended == Ended(2, "", ["error: the graph has no node 'third'; there are: first, second"])


def test_validate_describes_a_legal_graph_and_leaves_no_cache(shell: Shell) -> None:
    ended = shell.inside("validate", shell.write("sum.json", SUM))
    assert ended == Ended(0, "valid: 2 nodes; 1 input (start); 1 output (sum)\n", [])


def test_validate_refuses_a_wrong_graph(shell: Shell) -> None:
    ended = shell.inside("validate", shell.write("graph.json", document({"sum": {"type": "Ad"}}, {})))
    assert ended == Ended(2, "", ["error: sum: no node type is named Ad; did you mean Add?"])


def test_diff_lists_changes(shell: Shell) -> None:
    old = shell.write("old.json", SUM)
    new = shell.write("new.json", document({"first": add(2), "third": add(5)}, {"sum": "first.number"}))
    assert shell.inside("diff", old, old) == Ended(0, "", [])
    assert shell.inside("diff", old, new).out.splitlines() == [
        "+ third (Add)",
        "- second (Add)",
        "~ first.a: 1 -> 2",
        '- input start: {"to": ["first.a"]}',
        '~ output sum: "second.number" -> "first.number"',
    ]


def test_nodes_lists_every_type_and_shows_one(shell: Shell, shipped: Shell) -> None:
    category, first, *_ = shell.inside("nodes").out.splitlines()
    assert (category, first.split(maxsplit=1)) == ("toys", ["Add", "Add two numbers."])
    assert shell.inside("nodes", "Add") == Ended(
        0, "Add\n\nAdd two numbers.\n\nin   a       int  required\nin   b       int  default 1\nout  number  int\n", []
    )
    specs = json.loads(shipped.inside("nodes", "--json").out)
    assert {"Checkpoint", "Tokenizer", "TextEncoder", "CFG", "Sampler"} <= specs["nodes"].keys()
    assert json.loads(shell.inside("nodes", "Add", "--json").out)["type"] == "Add"


def test_an_unknown_node_type_is_refused(shell: Shell) -> None:
    ended = shell.inside("nodes", "Ad")
    assert ended == Ended(2, "", ["error: no node type is named 'Ad'; did you mean Add?"])


def test_models_lists_the_embedded_model_and_a_configured_folder(shell: Shell) -> None:
    model = shell.folder / "models/some/model"
    model.mkdir(parents=True)
    (model / "model_index.json").write_text("{}")
    (model / "unet").mkdir()
    (model / "unet/config.json").write_text("{}")
    (shell.folder / "models/one.safetensors").write_bytes(bytes(3_000_000))
    configured = Shell(shell.folder, {**shell.environment, "PROMPTOGRAPH_MODELS": str(shell.folder / "models")})
    assert configured.inside("models").out.splitlines() == [
        "bauklotz  (comes with promptograph)",
        f"one.safetensors  3.0 MB  {shell.folder}/models/one.safetensors",
        f"some/model  0.0 MB  {shell.folder}/models/some/model",
    ]


def test_the_cache_can_be_looked_at_and_cleared(shell: Shell) -> None:
    graph = shell.write("sum.json", SUM)
    shell.inside("run", graph)
    folder = shell.environment["PROMPTOGRAPH_CACHE"]
    assert shell.inside("cache", "info") == Ended(0, f"{folder}\n2 actions, 2 values, 0.0 MB\n", [])
    assert shell.inside("cache", "verify") == Ended(0, "every value is whole\n", [])
    assert shell.inside("cache", "gc", "--keep", "1GB") == Ended(0, "0 leftover files removed, 0.0 MB freed\n", [])
    assert shell.inside("cache", "clear") == Ended(0, "2 values removed, 0.0 MB freed\n", [])
    assert shell.inside("cache", "info").out == f"{folder}\n0 actions, 0 values, 0.0 MB\n"
    shell.inside("run", graph)
    assert shell.calls("add") == 4


def test_gc_keeps_what_fits(shell: Shell) -> None:
    shell.inside("run", shell.write("sum.json", SUM))
    ended = shell.inside("cache", "gc", "--keep", "0")
    assert re.fullmatch(r"0 leftover files removed, 0\.0 MB freed\n", ended.out)
    assert "0 values" in shell.inside("cache", "info").out


def test_a_size_that_is_none_is_refused(shell: Shell) -> None:
    ended = shell.inside("cache", "gc", "--keep", "much")
    assert ended == Ended(2, "", ["error: 'much' is not a size; write it like 500MB or 20GB"])


def test_the_version_is_that_of_the_project(shell: Shell) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert shell.inside("--version").out == f"promptograph {project['version']}\n"


def test_help_names_every_command(shell: Shell) -> None:
    ended = shell.inside("--help")
    commands = ["run", "plan", "why", "validate", "diff", "nodes", "models", "cache", "train"]
    assert [command for command in commands if f" {command} " not in ended.out] == []
    assert ended.code == 0


def test_the_device_is_cuda_only_where_a_driver_is_there_and_not_hidden(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr("cli.device._DRIVERS", (tmp_path / "driver",))
    monkeypatch.setattr("cli.device.version", lambda name: "2.15.0")
    assert device_of("auto") == "cpu"
    (tmp_path / "driver").touch()
    assert device_of("auto") == "cuda"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert device_of("auto") == "cpu"


def test_a_named_device_is_taken_and_an_unknown_one_refused() -> None:
    assert device_of("cuda:1") == "cuda:1"
    with pytest.raises(InputError, match="choose auto, cpu, cuda, mps"):
        device_of("tpu")
