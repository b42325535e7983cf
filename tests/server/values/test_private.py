"""What belongs to this machine stays here: every error of files, once scrubbed, names no folder."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine import Files, InputError
from server.private import Scrubber
from tests.server.served import serving
from tests.server.values.conftest import finished, graph

ERRORS: list[Callable[[Files], object]] = [
    lambda files: files.digest(files.folder / "not here"),
    lambda files: files.digest(files.folder),
    lambda files: files.find("0" * 64),
    lambda files: files.asset("asset:" + "0" * 64),
    lambda files: files.asset("/etc/passwd"),
    lambda files: files.source("nowhere"),
    lambda files: files.source("../up"),
    lambda files: files.digest(Path("/etc/does-not-exist")),
    lambda files: files.digest(Path.home() / "secret" / "model.safetensors"),
]


@pytest.mark.parametrize("break_", ERRORS)
def test_every_error_of_files_is_told_without_a_path(tmp_path: Path, break_: Callable[[Files], object]) -> None:
    files = Files(tmp_path / "my data", roots=(tmp_path / "my models", Path("/opt/models")))
    scrubbed = Scrubber({"data folder": files.folder, "models folder": files.roots[0]})
    with pytest.raises(InputError) as broken:
        break_(files)
    said = scrubbed(str(broken.value))
    for part in (str(tmp_path), "/opt", "/etc/does", str(Path.home()), "my models", "my data"):
        assert part not in said.replace("'/etc/passwd' is not an asset", "")


@pytest.mark.parametrize(
    "text",
    [
        "cannot read {}: gone",
        'open("{}")',
        "[{}]",
        "a={},b",
        "({})",
        "{}",
        "'{}'",
        "at {}:12",
        "{}\n{}",
        "file:{}",
        "file://{}",
    ],
)
def test_a_path_is_found_wherever_it_stands(text: str) -> None:
    made = Scrubber({})(text.format(*["/home/somebody/x.py"] * 2))
    assert "somebody" not in made


@pytest.mark.parametrize(
    "text",
    [
        "sub/node.port",
        "pack/Node",
        "hub:org/name",
        "1/2 done",
        "https://example.org/home/x",
        "a/b/c",
        "/",
        "/nowhere/x",
    ],
)
def test_what_is_no_path_of_this_machine_stays(text: str) -> None:
    assert Scrubber({"root": Path("/")})(text) == text


def test_a_longer_folder_is_named_before_the_one_that_holds_it(tmp_path: Path) -> None:
    scrubbed = Scrubber({"data": tmp_path, "models": tmp_path / "models"})
    assert scrubbed(f"{tmp_path}/models/x and {tmp_path}/y") == "<models>/x and <data>/y"
    assert os.sep in scrubbed(f"{tmp_path}/y")


BROKEN = (
    {"asset": "asset:" + "0" * 64},
    {"model": "nowhere"},
    {"path": "/etc/does-not-exist"},
    {"path": "~/secret"},
)


def test_no_answer_about_a_run_that_fails_names_a_folder(tmp_path: Path) -> None:
    with serving(tmp_path, catalog="tests.server.clerk.toys:HOSTILE") as served, served.client() as client:
        for params in BROKEN:
            document = graph({"n": {"type": "OpenFile", "params": params}}, {"out": "n.text"})
            run = finished(client, document)
            assert run["status"] == "failed"
            for said in _all_that_is_said(client, run, document):
                for folder in (str(tmp_path), str(Path.home()) + "/", "/work/", "/usr/"):
                    assert folder not in said


def _all_that_is_said(client: httpx.Client, run: dict[str, Any], document: Any) -> list[str]:
    at = f"/api/v1/runs/{run['id']}"
    order = {"graph": document}
    looks = ("", "/events", "/graph", "/values/n.text", "/values/n.text?as=png")
    asks = (("plan", order), ("check", order), ("why", {**order, "node": "n"}), ("export", {**order, "as": "png"}))
    found = [client.get(f"{at}{look}").text for look in looks]
    found += [client.post(f"/api/v1/{route}", json=body).text for route, body in asks]
    found += [
        client.get(f"/api/v1/{route}").text for route in ("runs", "queue", "models", "nodes", "limits", "metrics")
    ]
    found += [client.get("/metrics").text, client.post("/api/v1/import", json=document).text]
    shared = client.post("/api/v1/shares", json={"run": run["id"]}).json()
    return [*found, client.get(shared["path"]).text]
