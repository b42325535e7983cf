"""Files that a run writes: their names, and the graph inside a picture."""

import json
import platform
from importlib.metadata import version
from pathlib import Path

from blake3 import blake3
from safetensors import safe_open

from engine.engine import default_threads
from graphs import Graph
from graphs.png import extract
from tests.cli.documents import PICTURE, Nodes, document
from tests.cli.processes import Shell


def pixels(path: Path) -> bytes:
    from PIL import Image

    with Image.open(path) as picture:
        return picture.tobytes()


def test_a_picture_carries_the_resolved_graph_and_a_manifest(shell: Shell) -> None:
    shell.inside("run", shell.write("picture.json", PICTURE), "--set", "red=0.5", "--set", "paint.green=1")
    graph, manifest = extract((shell.folder / "out/picture.png").read_bytes())
    assert graph == Graph.load(shell.folder / "picture.json").set({"red": 0.5, "paint.green": 1})
    assert manifest == {
        "graph": blake3(graph.dumps().encode()).hexdigest(),
        "models": {},
        "environment": {"device": "cpu", "threads": default_threads()},
        "versions": {"promptograph": version("promptograph"), "python": platform.python_version()},
        "output": "picture",
        "value": manifest["value"],
    }
    assert isinstance(manifest["value"], str)
    assert len(manifest["value"]) == 64


def test_a_picture_that_is_run_gives_the_same_pixels(shell: Shell) -> None:
    shell.inside("run", shell.write("picture.json", PICTURE), "--set", "red=0.25")
    picture = shell.folder / "out/picture.png"
    ended = shell.inside("run", str(picture), "--out", "again", "--cache", "empty")
    assert (ended.code, shell.calls("paint")) == (0, 2)
    assert (shell.folder / "again/picture.png").read_bytes() == picture.read_bytes()
    assert set(pixels(picture)) == {64, 0}


def test_another_result_gets_a_digest_in_its_name_and_the_first_stays(shell: Shell) -> None:
    graph = shell.write("picture.json", PICTURE)
    first = shell.inside("run", graph, "--set", "red=0")
    second = shell.inside("run", graph, "--set", "red=1")
    name = Path(second.out.strip())
    digest = blake3((shell.folder / name).read_bytes()).hexdigest()
    assert (first.out, second.out) == ("out/picture.png\n", f"out/picture-{digest[:8]}.png\n")
    assert set(pixels(shell.folder / "out/picture.png")) == {0}
    assert set(pixels(shell.folder / name)) == {0, 255}
    assert shell.inside("run", graph, "--set", "red=0").out == first.out
    assert shell.inside("run", graph, "--set", "red=1").out == second.out


def test_the_same_result_again_writes_nothing(shell: Shell) -> None:
    graph = shell.write("picture.json", PICTURE)
    shell.inside("run", graph)
    before = (shell.folder / "out/picture.png").stat()
    shell.inside("run", graph)
    assert [path.name for path in (shell.folder / "out").iterdir()] == ["picture.png"]
    assert (shell.folder / "out/picture.png").stat() == before


def test_a_list_becomes_numbered_files(shell: Shell) -> None:
    graph = document({"up": {"type": "CountUp", "params": {"to": 3}}}, {"count": "up.numbers"})
    ended = shell.inside("run", shell.write("graph.json", graph))
    assert ended.out.splitlines() == ["out/count-0.json", "out/count-1.json", "out/count-2.json"]
    assert (shell.folder / "out/count-2.json").read_text() == "2\n"


def test_a_value_with_tensors_is_saved_the_same_twice(shipped: Shell) -> None:
    nodes: Nodes = {
        "model": {"type": "Checkpoint"},
        "empty": {"type": "EmptyLatent", "inputs": {"denoiser": "model.denoiser"}},
    }
    graph = shipped.write("graph.json", document(nodes, {"latent": "empty.latent"}))
    assert {shipped.inside("run", graph).out for _ in range(6)} == {"out/latent.safetensors\n"}
    with safe_open(shipped.folder / "out/latent.safetensors", framework="numpy") as file:
        assert file.get_tensor("tensor").shape == (1, 5, 16, 16)
        assert json.loads(file.metadata()["promptograph"])[0] == "Latent"


def test_assets_and_models_are_brought_in_and_named_by_digest_and_name(shell: Shell) -> None:
    graph = shell.write("graph.json", document({"it": {"type": "NameFile"}}, {"names": "it.text"}))
    photo = shell.folder / "photo.png"
    photo.write_bytes(b"not really a picture")
    (shell.folder / "my model").mkdir()
    (shell.folder / "my model/model_index.json").write_text("{}")
    shell.inside("run", graph, "--set", "it.file=@photo.png", "--set", "it.model=@my model")
    digest = blake3(photo.read_bytes()).hexdigest()
    assert (shell.folder / "out/names.txt").read_text() == f"asset:{digest} my-model"
    assert "my-model  0.0 MB  " in shell.inside("models").out


def test_text_that_starts_with_an_at_sign_stays_text(shipped: Shell) -> None:
    graph = shipped.write("graph.json", document({"it": {"type": "Text"}}, {"text": "it.text"}, {"say": ["it.text"]}))
    shipped.inside("run", graph, "--set", "say=@home=[1]")
    assert (shipped.folder / "out/text.txt").read_text() == "@home=[1]"
