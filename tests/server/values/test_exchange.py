"""Graphs that travel: written in four forms, read from each again; nothing is kept, nothing is run."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from graphs import Graph
from graphs.png import extract
from server.curl import curl
from tests.server.served import ROOT, Served
from tests.server.values.conftest import error, finished, graph
from tests.server.values.files import picture

TEXT = 'it\'s "so"\nPROMPTOGRAPH\n$(touch evil) `touch evil` \\ \u202e ${PATH}'
DOCUMENT = graph(
    {"a": {"type": "Paint", "version": 1, "params": {"side": 8}}, "n": {"type": "NameFile", "version": 1}},
    {"image": "a.image", "name": "n.text"},
    inputs={"file": {"to": ["n.file"]}},
    name=TEXT,
)
FORMS = ("json", "png", "python", "curl")


def export(client: httpx.Client, form: str, **what: Any) -> httpx.Response:
    return client.post("/api/v1/export", json={"as": form, **what})


def look(client: httpx.Client, content: bytes) -> httpx.Response:
    return client.post("/api/v1/import", content=content, headers={"Content-Type": "application/octet-stream"})


def resolved() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Graph.load(DOCUMENT).set({"file": TEXT}).dumps())
    return found


@pytest.mark.parametrize("form", FORMS)
def test_what_was_written_is_read_again(client: httpx.Client, form: str) -> None:
    file = export(client, form, graph=DOCUMENT, inputs={"file": TEXT})
    assert file.headers["content-disposition"].partition(";")[0] == ("inline" if form == "png" else "attachment")
    found = look(client, file.content).json()
    assert (found["kind"], found["problems"], found["missing"]) == (form, [], [])
    assert Graph.load(found["graph"]).set(found["inputs"]).dumps() == Graph.load(resolved()).dumps()
    assert "nodes will run" in found["plan"] or "nodes are cached" in found["plan"]


@pytest.mark.parametrize("form", FORMS)
def test_a_run_is_written_with_its_inputs_and_read_again(client: httpx.Client, form: str) -> None:
    run = finished(client, DOCUMENT, file=TEXT)
    found = look(client, export(client, form, run=run["id"]).content).json()
    assert Graph.load(found["graph"]).set(found["inputs"]).dumps() == Graph.load(resolved()).dumps()


def test_the_picture_of_a_run_carries_its_graph_and_what_made_it(client: httpx.Client) -> None:
    run = finished(client, DOCUMENT, file="x")
    file = export(client, "png", run=run["id"]).content
    carried, manifest = extract(file)
    with Image.open(io.BytesIO(file)) as image:
        assert (image.size, image.getpixel((0, 0))) == ((8, 8), (255, 0, 0))
    assert carried == Graph.load(DOCUMENT).set({"file": "x"})
    assert (manifest["output"], manifest["value"]) == ("image", run["outputs"]["image"]["digests"][0])


def test_reading_keeps_nothing_and_runs_nothing(client: httpx.Client) -> None:
    before = [client.get(f"/api/v1/{kind}").json() for kind in ("graphs", "runs", "assets")]
    for form in FORMS:
        look(client, export(client, form, graph=DOCUMENT, inputs={"file": "y"}).content)
    assert [client.get(f"/api/v1/{kind}").json() for kind in ("graphs", "runs", "assets")] == before


def test_the_shell_reads_nothing_of_the_order(tmp_path: Path) -> None:
    (tmp_path / "curl").write_text('#!/bin/sh\nprintf "%s\\n" "$@" > said\ncat > order\n')
    (tmp_path / "curl").chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PROMPTOGRAPH_TOKEN": "secret"}
    script = curl(DOCUMENT, {"file": TEXT})
    assert script.isascii()
    subprocess.run(["sh", "-c", script], cwd=tmp_path, env=environment, check=True)
    assert json.loads((tmp_path / "order").read_text()) == {"graph": DOCUMENT, "inputs": {"file": TEXT}}
    assert "Authorization: Bearer secret" in (tmp_path / "said").read_text()
    assert not (tmp_path / "evil").exists()


def test_the_script_runs(client: httpx.Client, tmp_path: Path) -> None:
    toys = "from tests.cli.toys import CATALOG"
    text = export(client, "python", graph=DOCUMENT, inputs={"file": "x"}).text
    (tmp_path / "graph.py").write_text(text.replace("from nodes import CATALOG", toys))
    ran = subprocess.run(
        [sys.executable, "graph.py"], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert ran.stdout.splitlines()[-1] == "done image name", ran.stderr


def test_no_form_holds_a_secret_or_a_path(shop: Served, client: httpx.Client) -> None:
    run = finished(client, DOCUMENT, file="x")
    for form in FORMS:
        content = export(client, form, run=run["id"]).content
        for private in (shop.token, str(shop.folder), str(Path.home()), str(ROOT)):
            assert private.encode() not in content


def test_what_is_missing_here_is_named(client: httpx.Client) -> None:
    strange = graph({"a": {"type": "mypack/Strange"}, "b": {"type": "Nothing"}}, {})
    found = look(client, json.dumps(strange).encode()).json()
    assert found["missing"] == ["Nothing", "mypack/Strange"]
    assert len(found["problems"]) == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"curl http://evil", b"curl <<'PROMPTOGRAPH'\n{}\nPROMPTOGRAPH\n", picture("PNG"),
     picture("PNG")[:50], picture("JPEG"), b"\x89PNG\r\n\x1a\n", b"[" * 10_000, b'{"graph": 1}', b"PK\x03\x04",
     b'"""Build a graph and run it; written by Promptograph."""\nimport os\nos.system("true")\n',
     b'{"graph": {"format": "promptograph/1"}, "inputs": []}', b"\xff" * 1_000],
)  # fmt: skip
def test_what_holds_no_graph_is_refused(client: httpx.Client, content: bytes) -> None:
    assert error(look(client, content)) == (422, "bad_graph")


@pytest.mark.parametrize(
    "order",
    [{}, {"as": "json"}, {"as": "exe", "graph": DOCUMENT}, {"as": "json", "graph": DOCUMENT, "run": "r_" + "A" * 22},
     {"as": "json", "run": "../x"}, {"as": "png", "graph": 1}],
)  # fmt: skip
def test_an_order_that_is_no_order_is_refused(client: httpx.Client, order: Any) -> None:
    assert error(client.post("/api/v1/export", json=order))[0] == 422


def test_inputs_that_there_are_not_are_refused(client: httpx.Client) -> None:
    for form in ("json", "png", "python"):
        assert error(export(client, form, graph=DOCUMENT, inputs={"nope": 1})) == (422, "bad_graph")
