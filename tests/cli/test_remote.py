"""Runs on a server: the same files, report and exit codes as runs on this machine."""

import json
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.cli.documents import PICTURE, SUM, add, document
from tests.cli.processes import Ended, Shell
from tests.server.served import Served, serving

GRAPHS = {
    "sum": SUM,
    "picture": PICTURE,
    "list": document({"count": {"type": "CountUp", "params": {"to": 3}}}, {"numbers": "count.number"}),
    "several": document(
        {"paint": {"type": "Paint"}, "sum": add(1, 2), "name": {"type": "NameFile", "params": {"file": "x"}}},
        {"picture": "paint.image", "sum": "sum.number", "name": "name.text"},
    ),
    "broken": document(
        {"first": add(1), "bad": {"type": "BreakDown", "inputs": {"a": "first.number"}}, "last": add("bad.number")},
        {"first": "first.number", "last": "last.number"},
    ),
    "refused": document({"bad": {"type": "Refuse", "params": {"a": 3}}}, {"it": "bad.number"}),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Give a server with the toy node types of the command line."""
    with serving(tmp_path_factory.mktemp("server"), catalog="tests.cli.toys:CATALOG") as served:
        yield served


@pytest.fixture
def remote(shell: Shell, server: Served) -> Shell:
    """Give a shell that knows the token of the server."""
    return replace(shell, environment={**shell.environment, "PROMPTOGRAPH_TOKEN": server.token})


def lines(ended: Ended) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.out.splitlines()]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*")}


@pytest.mark.parametrize("name", GRAPHS)
def test_the_files_the_words_and_the_code_are_those_of_a_local_run(remote: Shell, server: Served, name: str) -> None:
    graph = remote.write(f"{name}.json", GRAPHS[name])
    here = remote.inside("run", graph, "--out", "here")
    there = remote.inside("run", graph, "--out", "there", "--server", server.url)
    assert there.code == here.code
    assert contents(remote.folder / "there") == contents(remote.folder / "here")
    assert there.out == here.out.replace("here/", "there/")
    assert [_plain(line) for line in there.err[:-1]] == [_plain(line) for line in here.err[:-1]]


def _plain(line: str) -> str:
    """Leave out how to see a trace, which is on the server."""
    return line.removesuffix("; PROMPTOGRAPH_TRACE=1 shows where")


def test_json_lines_are_those_of_a_local_run(remote: Shell, server: Served) -> None:
    graph = remote.write("graph.json", GRAPHS["several"])
    here = lines(remote.inside("run", graph, "--json", "--out", "out"))
    there = lines(remote.inside("run", graph, "--json", "--out", "out", "--server", server.url))
    assert [sorted(line) for line in there[:1]] == [sorted(line) for line in here[:1]]
    assert {line["type"] for line in there[:-1]} <= {*(line["type"] for line in here[:-1]), "node_cached"}
    assert {key: there[-1][key] for key in ("status", "outputs")} == {
        key: here[-1][key] for key in ("status", "outputs")
    }
    assert sorted(chain.from_iterable(there[-1]["nodes"].values())) == ["name", "paint", "sum"]


def test_values_are_set_and_files_are_brought(remote: Shell, server: Served) -> None:
    Image.new("RGB", (3, 2), "red").save(remote.folder / "photo.png")
    graph = remote.write(
        "graph.json", document({"name": {"type": "NameFile"}}, {"name": "name.text"}, {"photo": ["name.file"]})
    )
    ended = remote.inside("run", graph, "--set", "photo=@photo.png", "--server", server.url)
    assert ended.code == 0, ended.err
    digest = (remote.folder / "out" / "name.txt").read_text().split()[0].removeprefix("asset:")
    with server.client() as client:
        assert client.get(f"/api/v1/assets/{digest}").content == (remote.folder / "photo.png").read_bytes()
    changed = remote.inside("run", remote.write("sum.json", SUM), "--set", "start=40", "--server", server.url)
    assert (changed.code, (remote.folder / "out" / "sum.json").read_text()) == (0, "51\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.json"], "nowhere.json"),
        (["sum.json", "--set", "nix=3"], "there is no such public input"),
        (["sum.json", "--set", "start=x"], "is not JSON"),
        (["sum.json", "--target", "nix.number"], "nix"),
        (["unknown.json"], "Nix"),
        (["sum.json", "--no-cache"], "do not go with --server"),
        (["sum.json", "--checkpoint-every", "5"], "do not go with --server"),
        (["name.json", "--set", "model=@."], "models folder of the server"),
    ],
)
def test_what_is_wrong_is_said_in_a_line_and_gives_2(
    remote: Shell, server: Served, arguments: list[str], said: str
) -> None:
    remote.write("sum.json", SUM)
    remote.write("unknown.json", document({"a": {"type": "Nix"}}, {"it": "a.number"}))
    remote.write(
        "name.json", document({"name": {"type": "NameFile"}}, {"name": "name.text"}, {"model": ["name.model"]})
    )
    ended = remote.inside("run", *arguments, "--server", server.url)
    assert ended.code == 2
    assert any(said in line for line in ended.err), ended.err
    assert all(line.startswith("error: ") for line in ended.err)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9", "does not answer"),
        ("ftp://x", "is no address of a server"),
        ("http://127.0.0.1:{port}/#token=wrong", "token"),
    ],
)
def test_a_server_that_is_not_there_or_not_ours_is_told_at_once(
    remote: Shell, server: Served, url: str, said: str
) -> None:
    begun = time.monotonic()
    ended = remote.inside("run", remote.write("sum.json", SUM), "--server", url.format(port=server.port))
    assert (ended.code, len(ended.err)) == (2, 1)
    assert said in ended.err[0]
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_cancels_the_run_on_the_server(remote: Shell, server: Served, number: signal.Signals) -> None:
    seconds = 30 + number / 1000  # so that no two are the same
    graph = document({"waiting": {"type": "Wait", "params": {"a": 1, "seconds": seconds}}}, {"it": "waiting.number"})
    with remote.start("run", remote.write("graph.json", graph), "--json", "--server", server.url) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["type"] == "node_started":
                break
        begun = time.monotonic()
        process.send_signal(number)
        *events, last = [json.loads(line) for line in process.stdout]
        assert process.wait(timeout=10) == 130
    assert time.monotonic() - begun < 2
    assert (events[-1]["type"], events[-1]["status"], last["status"]) == ("run_finished", "cancelled", "cancelled")
    with server.client() as client:
        assert status(client, events[-1]["run"]) == "cancelled"


def status(client: httpx.Client, run: str) -> str:
    return str(client.get(f"/api/v1/runs/{run}").json()["status"])


def test_runs_are_listed_shown_cancelled_and_run_again(remote: Shell, server: Served) -> None:
    def ask(*arguments: str) -> str:
        ended = remote.inside("client", *arguments, "--server", server.url)
        assert ended.code == 0, ended.err
        return ended.out

    assert ask("pause").startswith("paused; ")
    try:
        with server.client() as client:
            made = client.post("/api/v1/runs", json={"graph": json.loads(SUM)}).json()["id"]
        assert made in ask("runs", "--status", "queued")
        assert json.loads(ask("show", made))["status"] == "queued"
        assert ask("cancel", made) == f"{made}  cancelled\n"
        again = ask("retry", made).split()[0]
    finally:
        ask("resume")
    with server.client() as client:
        assert client.get(f"/api/v1/runs/{again}", params={"wait": 20}).json()["status"] == "done"
    assert again in ask("runs", "--limit", "3")
    missing = remote.inside("client", "show", "r_" + "0" * 22, "--server", server.url)
    assert (missing.code, len(missing.err)) == (2, 1)
