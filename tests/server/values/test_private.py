"""What belongs to this machine stays here: every error of files, once scrubbed, names no folder."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import Files, InputError
from server.private import Scrubber

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
