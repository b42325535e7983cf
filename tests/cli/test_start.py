"""What a run costs before it computes anything, and what is computed when little changes."""

import os
import subprocess
import sys
from importlib.metadata import version

import pytest
from blake3 import blake3

from graphs.png import extract
from tests.cli.processes import ROOT, SHIPPED, Ended, Shell, environment

PROMPT = "a small red circle left of a blue square"
STEPS = ("--set", "steps=2")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Give a shell whose cache knows the graph text-to-image with two steps."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "work").mkdir()
    shell = Shell(folder / "work", environment(folder / "home"), SHIPPED)
    ended = shell("run", "text-to-image", *STEPS)
    assert (ended.code, ended.out) == (0, "out/image.png\n")
    assert counts(ended) == "9 nodes: 9 ran"
    return shell


def counts(ended: Ended) -> str:
    return ended.err[-1].rpartition(", ")[0]


def ran(shell: Shell, *arguments: str) -> set[str]:
    """Give the ids of the nodes that a run computed."""
    import json

    ended = shell.inside("run", "text-to-image", *STEPS, "--json", *arguments)
    return set(json.loads(ended.out.splitlines()[-1])["nodes"]["ran"])


def test_a_cached_run_imports_no_torch_and_takes_under_two_seconds_of_processor_time(home: Shell) -> None:
    before = os.times()
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cli", "run", "text-to-image", *STEPS],
        cwd=home.folder,
        env=dict(home.environment),
        capture_output=True,
        text=True,
    )
    after = os.times()
    imported = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert (ended.returncode, ended.stdout) == (0, "out/image.png\n")
    assert "9 nodes: 9 cached" in ended.stderr
    assert imported & {"torch", "diffusers", "transformers", "scipy", "rich"} == set()
    assert "engine" in imported
    assert after.children_user + after.children_system - before.children_user - before.children_system < 2


def test_only_the_seed_changed(home: Shell) -> None:
    assert ran(home, "--set", "seed=1") == {"sampler", "decode"}


def test_two_blanks_instead_of_one_run_only_the_tokenizer(home: Shell) -> None:
    assert ran(home, "--set", f"prompt={PROMPT.replace(' ', '  ')}") == {"tokens"}


def test_the_saved_picture_gives_the_same_picture_with_an_empty_cache(home: Shell) -> None:
    ended = home.inside("run", "out/image.png", "--out", "again", "--no-cache")
    assert counts(ended) == "9 nodes: 9 ran"
    assert (home.folder / "again/image.png").read_bytes() == (home.folder / "out/image.png").read_bytes()


def test_the_saved_picture_names_the_files_of_its_model_and_the_libraries(home: Shell) -> None:
    _, manifest = extract((home.folder / "out/image.png").read_bytes())
    folder = ROOT / "models/bauklotz/text_to_image"
    weights = "unet/diffusion_pytorch_model.safetensors"
    models, versions = manifest["models"], manifest["versions"]
    assert isinstance(models, dict)
    assert isinstance(models["model"], dict)
    assert isinstance(versions, dict)
    assert models["model"][weights] == blake3((folder / weights).read_bytes()).hexdigest()
    assert versions["torch"] == version("torch")
    assert {"diffusers", "transformers", "promptograph", "python"} <= versions.keys()


def test_help_and_the_list_of_nodes_import_no_torch() -> None:
    for arguments in (["--help"], ["nodes"]):
        ended = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "cli", *arguments], cwd=ROOT, capture_output=True, text=True
        )
        assert ended.returncode == 0
        assert "| torch" not in ended.stderr.replace(" ", "").replace("|", "| ")
