"""The command `run`, as a real process."""

import json
import os
import pty
import subprocess

from tests.cli.documents import PICTURE, SUM, add, document
from tests.cli.processes import Ended, Shell


def summary(ended: Ended) -> str:
    """Give the last line on stderr without its time."""
    return ended.err[-1].rpartition(", ")[0]


def test_outputs_become_files_whose_paths_are_printed(shell: Shell) -> None:
    ended = shell("run", shell.write("sum.json", SUM), "--out", "made")
    assert (ended.code, ended.out) == (0, "made/sum.json\n")
    assert (shell.folder / "made/sum.json").read_text() == "12\n"
    assert summary(ended) == "2 nodes: 2 ran"


def test_the_same_run_again_computes_nothing(shell: Shell) -> None:
    graph = shell.write("sum.json", SUM)
    first, second = shell.inside("run", graph), shell.inside("run", graph)
    assert (summary(first), summary(second)) == ("2 nodes: 2 ran", "2 nodes: 2 cached")
    assert first.out == second.out
    assert shell.calls("add") == 2


def test_without_cache_everything_is_computed_and_nothing_is_kept(shell: Shell) -> None:
    graph = shell.write("sum.json", SUM)
    shell.inside("run", graph)
    assert summary(shell.inside("run", graph, "--no-cache")) == "2 nodes: 2 ran"
    assert shell.calls("add") == 4


def test_another_cache_folder_knows_nothing(shell: Shell) -> None:
    graph = shell.write("sum.json", SUM)
    shell.inside("run", graph)
    assert summary(shell.inside("run", graph, "--cache", "elsewhere")) == "2 nodes: 2 ran"
    assert (shell.folder / "elsewhere/index.sqlite").exists()


def test_a_public_input_and_a_param_can_be_set(shell: Shell) -> None:
    shell.inside("run", shell.write("sum.json", SUM), "--set", "start=5", "--set", "second.b=-2")
    assert (shell.folder / "out/sum.json").read_text() == "4\n"


def test_a_graph_comes_from_stdin(shell: Shell) -> None:
    ended = shell("run", "-", stdin=SUM.encode())
    assert (ended.code, ended.out) == (0, "out/sum.json\n")


def test_a_target_is_made_instead_of_the_outputs(shell: Shell) -> None:
    ended = shell.inside("run", shell.write("sum.json", SUM), "--target", "first.number")
    assert (ended.out, summary(ended)) == ("out/first.number.json\n", "1 node: 1 ran")


def test_quiet_prints_only_paths(shell: Shell) -> None:
    assert shell.inside("run", shell.write("sum.json", SUM), "--quiet") == Ended(0, "out/sum.json\n", [])


def test_json_gives_every_event_and_the_result_last(shell: Shell) -> None:
    ended = shell("run", shell.write("sum.json", SUM), "--json")
    *events, last = map(json.loads, ended.out.splitlines())
    shown = [(event["type"], event.get("node")) for event in events]
    assert shown == [
        ("run_started", None),
        ("node_started", "first"),
        ("node_finished", "first"),
        ("node_started", "second"),
        ("node_finished", "second"),
        ("run_finished", None),
    ]
    assert [event["n"] for event in events] == list(range(6))
    digest = events[4]["outputs"]["number"]
    assert last == {
        "status": "done",
        "outputs": {"sum": {"path": "out/sum.json", "type": "int", "digest": digest}},
        "nodes": {"ran": ["first", "second"], "cached": [], "failed": [], "blocked": []},
        "seconds": last["seconds"],
    }
    assert ended.err == []


def test_what_nodes_print_does_not_disturb_the_result(shell: Shell) -> None:
    graph = document({"chatter": {"type": "Chatter", "params": {"a": 3}}}, {"it": "chatter.number"})
    ended = shell.inside("run", shell.write("graph.json", graph))
    assert (ended.out, ended.err[0]) == ("out/it.json\n", "chatter")


def test_a_failure_blocks_only_its_descendants_and_exits_1(shell: Shell) -> None:
    nodes = {
        "first": add(1),
        "broken": {"type": "BreakDown", "inputs": {"a": "first.number"}},
        "after": add("broken.number"),
        "beside": add("first.number", 5),
    }
    graph = shell.write("graph.json", document(nodes, {"lost": "after.number", "kept": "beside.number"}))
    ended = shell.inside("run", graph)
    assert (ended.code, ended.out) == (1, "out/kept.json\n")
    assert ended.err[0] == (
        "error: broken: RuntimeError: cannot take 2 and say so in two lines; PROMPTOGRAPH_TRACE=1 shows where"
    )
    assert summary(ended) == "4 nodes: 2 ran, 1 failed, 1 blocked"
    last = json.loads(shell.inside("run", graph, "--json").out.splitlines()[-1])
    assert last["nodes"] == {"ran": [], "cached": ["first", "beside"], "failed": ["broken"], "blocked": ["after"]}
    assert (last["status"], list(last["outputs"])) == ("failed", ["kept"])


def test_a_refused_input_exits_2(shell: Shell) -> None:
    graph = document({"refuse": {"type": "Refuse", "params": {"a": 3}}}, {"it": "refuse.number"})
    ended = shell.inside("run", shell.write("graph.json", graph))
    assert (ended.code, ended.err[0]) == (2, "error: refuse: 3 is not welcome; give another")


def test_traces_are_shown_when_asked_for(shell: Shell) -> None:
    graph = document({"broken": {"type": "BreakDown", "params": {"a": 3}}}, {"it": "broken.number"})
    environment = {**shell.environment, "PROMPTOGRAPH_TRACE": "1"}
    ended = Shell(shell.folder, environment).inside("run", shell.write("graph.json", graph))
    assert ended.err[1] == "Traceback (most recent call last):"


def test_a_picture_becomes_a_png(shell: Shell) -> None:
    ended = shell.inside("run", shell.write("picture.json", PICTURE))
    assert ended.out == "out/picture.png\n"
    assert (shell.folder / "out/picture.png").read_bytes().startswith(b"\x89PNG")


def test_a_closed_stdout_is_no_error(shell: Shell) -> None:
    command = " ".join(shell.command("nodes", "--json")) + " | head -n 1"
    ended = subprocess.run(
        command, shell=True, cwd=shell.folder, env=dict(shell.environment), capture_output=True, text=True
    )
    assert (ended.stdout, ended.stderr) == ("{\n", "")


def test_a_terminal_sees_a_bar_with_rate_and_time_left(shell: Shell) -> None:
    waiting = {"type": "Wait", "params": {"a": 1, "seconds": 1.0}}
    graph = shell.write("graph.json", document({"waiting": waiting}, {"it": "waiting.number"}))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        shell.command("run", graph),
        cwd=shell.folder,
        env={**shell.environment, "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while chunk := _read(ours):
        seen += chunk
    assert process.communicate()[0] == b"out/it.json\n"
    assert b"steps/s" in seen
    assert b"s left" in seen
    assert b"1 node: 1 ran" in seen


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side has closed
        return b""
