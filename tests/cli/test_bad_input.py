"""Bad input: one line naming place and mend on stderr, nothing on stdout, exit code 2, no traceback."""

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.documents import SUM, Nodes, add, document
from tests.cli.processes import Ended, Shell
from tests.small_disk import on_a_small_disk


def refused(*lines: str) -> Ended:
    return Ended(2, "", [f"error: {line}" for line in lines])


def run(shell: Shell, text: str, *arguments: str) -> Ended:
    return shell.inside("run", shell.write("graph.json", text), *arguments)


def test_a_missing_file(shell: Shell) -> None:
    assert shell("run", "nowhere.json") == refused(
        "there is no file 'nowhere.json'; give the path of a .json or .png file"
    )


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name(name: str, shell: Shell) -> None:
    assert shell.inside("run", name) == refused(
        "GRAPH is empty; give the name of a library graph, or the path of a .json or .png file"
    )


def test_a_library_name_that_is_not_there(shell: Shell) -> None:
    ended = shell.inside("run", "text-to-imag")
    assert (ended.code, len(ended.err)) == (2, 1)
    assert "text-to-imag" in ended.err[0]


def test_broken_json_names_line_and_column(shell: Shell) -> None:
    assert run(shell, '{"format": "promptograph/1",\n  "nodes": {,}}') == refused(
        "graph.json: broken JSON at line 2, column 13: expecting property name enclosed in double quotes;"
        " mend the text there"
    )


def test_duplicate_keys(shell: Shell) -> None:
    assert run(shell, '{"format": "promptograph/1", "nodes": {}, "nodes": {}}') == refused(
        "graph.json: the key 'nodes' is there twice at line 1, column 43; keep one of them"
    )


def test_an_unknown_node_type(shell: Shell) -> None:
    assert run(shell, document({"sum": {"type": "Ad"}}, {})) == refused(
        "sum: no node type is named Ad; did you mean Add?"
    )


def test_an_unknown_port(shell: Shell) -> None:
    nodes: Nodes = {"first": add(1), "sum": {"type": "Add", "inputs": {"a": "first.nummer"}}}
    assert run(shell, document(nodes, {})) == refused("sum.a: Add has no output 'nummer'; did you mean number?")


def test_a_wrong_type_on_a_wire(shell: Shell) -> None:
    nodes: Nodes = {"paint": {"type": "Paint"}, "sum": {"type": "Add", "inputs": {"a": "paint.image"}}}
    assert run(shell, document(nodes, {})) == refused(
        "sum.a: paint.image gives an Image, a whole number is expected; wire a whole number instead"
    )


def test_a_cycle_is_spelled_out(shell: Shell) -> None:
    nodes = {"one": add("three.number"), "two": add("one.number"), "three": add("two.number")}
    assert run(shell, document(nodes, {"it": "one.number"})) == refused(
        "the graph goes in a circle: one -> two -> three -> one; remove one of these links"
    )


def test_a_missing_input(shell: Shell) -> None:
    assert run(shell, document({"sum": {"type": "Add"}}, {"it": "sum.number"})) == refused(
        "sum.a: is not connected; wire a whole number to it, or set it with --set sum.a=..."
    )


def test_a_value_out_of_range(shipped: Shell) -> None:
    nodes = {"seeds": {"type": "Seeds", "params": {"count": 0}}}
    assert run(shipped, document(nodes, {"it": "seeds.numbers"})) == refused(
        "seeds.count: 0 is less than the minimum of 1; give a whole number, at least 1 and at most 1000"
    )


def test_nan(shell: Shell) -> None:
    text = SUM.replace('"a": 1', '"a": NaN')
    assert run(shell, text) == refused("first.a: NaN is not a JSON number at line 1, column 95; write a finite number")


def test_nan_given_with_set(shell: Shell) -> None:
    assert run(shell, SUM, "--set", "start=NaN") == refused("--set start: 'NaN' is not JSON; give a whole number")


def test_a_hundred_thousand_nodes(shell: Shell) -> None:
    nodes = {f"n{number}": add(1) for number in range(100_000)}
    assert run(shell, document(nodes, {})) == refused(
        "graph.json: the graph has 100,000 nodes; at most 50,000 are run; split the graph"
    )


def test_nesting_200_deep(shell: Shell) -> None:
    text = '{"format": "promptograph/1", "ui": {"a": ' + "[" * 200 + "]" * 200 + "}}"
    assert run(shell, text) == refused(
        "graph.json: lists and objects are nested deeper than 64 at line 1, column 104;"
        " this is not a graph that Promptograph saved"
    )


def test_every_problem_has_a_line(shell: Shell) -> None:
    nodes = {"sum": {"type": "Ad"}, "more": add("sum.number", 1), "less": {"type": "Add", "params": {"b": "x"}}}
    assert run(shell, document(nodes, {})) == refused(
        "less.b: 'x' is not of type 'integer'; give a whole number",
        "less.a: is not connected; wire a whole number to it, or set it with --set less.a=...",
        "sum: no node type is named Ad; did you mean Add?",
    )


def test_an_assignment_to_an_unknown_name(shell: Shell) -> None:
    assert run(shell, SUM, "--set", "strat=1") == refused("strat: there is no such public input; did you mean start?")


def test_an_assignment_to_an_unknown_port(shell: Shell) -> None:
    assert run(shell, SUM, "--set", "first.c=1") == refused("first.c: Add has no input 'c'; there is a, b")


def test_an_assignment_that_is_not_json(shell: Shell) -> None:
    assert run(shell, SUM, "--set", "start=many") == refused("--set start: 'many' is not JSON; give a whole number")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("[" * 9999 + "]" * 9999, "lists and objects are nested deeper than 64 at line 1, column 65"),
        ('{"a": 1, "a": 2}', "the key 'a' is there twice at line 1, column 10"),
        ("[99999999999999999999]", "the number 99999999999999999999 overflows at line 1, column 2"),
    ],
)
def test_an_assignment_of_json_that_is_not_read_says_why(value: str, said: str, shell: Shell) -> None:
    assert run(shell, SUM, "--set", f"start={value}") == refused(f"--set start: {said}; give a whole number")


@pytest.mark.parametrize("number", ["99999999999999999999", "-9223372036854775809", "1e999"])
def test_an_assignment_of_a_number_that_64_bits_do_not_hold(number: str, shell: Shell) -> None:
    assert run(shell, SUM, "--set", f"start={number}") == refused(
        f"--set start: '{number}' is outside the 64-bit range; give a whole number"
    )


def test_two_assignments_to_one_name(shell: Shell) -> None:
    assert run(shell, SUM, "--set", "start=1", "--set", "start=2") == refused(
        "--set start: two values are given, '1' and '2'; keep one of them"
    )


def test_an_assignment_without_a_value(shell: Shell) -> None:
    assert run(shell, SUM, "--set", "start") == refused("--set start: there is no '='; write --set NAME=VALUE")


def test_a_target_that_is_not_there(shell: Shell) -> None:
    assert run(shell, SUM, "--target", "third.number") == refused(
        "the target names third.number, which is no node; there is first, second"
    )


def test_an_unknown_option(shell: Shell) -> None:
    assert run(shell, SUM, "--sett", "a=1") == refused(
        "No such option: --sett (Possible options: --quiet, --set); see promptograph run --help"
    )


def test_an_unknown_command(shell: Shell) -> None:
    assert shell.inside("runn") == refused("No such command 'runn'. Did you mean 'run'?; see promptograph --help")


def test_an_unknown_device(shell: Shell) -> None:
    assert run(shell, SUM, "--device", "gpu") == refused("--device gpu: no such device; choose auto, cpu, cuda, mps")


def test_a_file_in_place_of_the_cache_folder(shell: Shell) -> None:
    shell.write("cache", "")
    assert run(shell, SUM, "--cache", "cache") == refused(
        "cannot use the cache folder cache: [Errno 20] Not a directory: 'cache/values';"
        " name another folder with --cache, or run with --no-cache"
    )


def test_a_file_in_place_of_the_output_folder(shell: Shell) -> None:
    shell.write("made", "")
    ended = run(shell, SUM, "--out", "made/here")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == [
        "error: made/here: Not a directory; check the path, its permissions and the space that is left"
    ]


def test_a_pickle_disguised_as_safetensors(shipped: Shell) -> None:
    (shipped.folder / "model.safetensors").write_bytes(pickle.dumps({"weights": [1.0]}))
    ended = shipped.inside("run", checkpoint(shipped), "--set", "model.source=@model.safetensors")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err[0].startswith("error: model: ")


def test_a_checkpoint_folder_without_weights(shipped: Shell) -> None:
    folder = shipped.folder / "empty"
    folder.mkdir()
    (folder / "model_index.json").write_text(json.dumps({"_class_name": "StableDiffusionPipeline"}))
    ended = shipped.inside("run", checkpoint(shipped), "--set", "model.source=@empty")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err[0] == (
        "error: model: empty is not a checkpoint this version knows: it has no folder unet, and no"
        " transformer; give a Stable Diffusion, Wan or LTX folder in diffusers layout, or a .safetensors file"
    )


def test_a_model_that_is_not_there(shipped: Shell) -> None:
    assert shipped.inside("run", checkpoint(shipped), "--set", "model.source=@nowhere") == refused(
        "there is no file 'nowhere'; check the path after @"
    )


def checkpoint(shell: Shell) -> str:
    nodes = {
        "model": {"type": "Checkpoint", "params": {"source": "bauklotz"}},
        "defaults": {"type": "SamplingDefaults", "inputs": {"defaults": "model.defaults"}},
    }
    return shell.write("graph.json", document(nodes, {"steps": "defaults.steps"}))


def full(shell: Shell, disk: Path, graph: str, *, filled: int) -> None:
    """Run with a cache on a disk of 256 kB, of which so much is taken."""
    small = replace(shell, before=on_a_small_disk(disk, size=256 * 1024, filled=filled))
    assert small("run", shell.write("graph.json", graph), "--cache", str(disk / "cache")) == refused(
        f"cannot use the cache folder {disk / 'cache'}: the disk is full;"
        " free some space, or name another folder with --cache, or run with --no-cache"
    )


def test_a_full_disk(shell: Shell, tmp_path: Path) -> None:
    full(shell, tmp_path / "disk", SUM, filled=250 * 1024)


def test_a_disk_that_fills_up_during_a_run(shell: Shell, tmp_path: Path) -> None:
    nodes: Nodes = {"n0": add(1), **{f"n{number}": add(f"n{number - 1}.number") for number in range(1, 2000)}}
    full(shell, tmp_path / "disk", document(nodes, {"it": "n1999.number"}), filled=0)
