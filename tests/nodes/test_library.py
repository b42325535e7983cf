"""The graphs that ship: legal, canonical, drawn by the embedded model, and not computed twice."""

from collections.abc import Iterator
from pathlib import Path

import PIL.Image
import pytest
import torch

from engine import Cache, Engine
from engine.events import NodeFinished
from engine.files import Files
from graphs import Graph
from graphs.library import names, path
from nodes import CATALOG

SMALL = {"text-to-image": {"steps": 2}, "seeds": {"steps": 2, "count": 2}, "image-to-image": {"steps": 3}}
DRAWING = ("choose", "image-to-image", "seeds", "text-to-image")  # the others have tests of their own


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = Engine(CATALOG, cache=Cache(), files=Files(tmp_path))
    yield engine
    engine.close()


@pytest.fixture
def photo(engine: Engine, tmp_path: Path) -> str:
    PIL.Image.new("RGB", (90, 70), "orange").save(tmp_path / "photo.png")
    return engine.files.bring(tmp_path / "photo.png")


@pytest.mark.parametrize("name", names())
def test_it_is_saved_canonically(name: str) -> None:
    assert Graph.load(name).dumps() == path(name).read_text()


@pytest.mark.parametrize("name", DRAWING)
def test_it_is_legal_and_draws(name: str, engine: Engine, photo: str) -> None:
    graph = Graph.load(name)
    inputs = {**SMALL.get(name, {}), **({"photo": photo} if "photo" in graph.inputs else {})}
    assert not engine.check(graph, inputs)
    result = engine.run(graph, inputs)
    assert result.status == "done", result.failures
    for output in result.outputs:
        drawn = result.outputs[output]
        for picture in drawn if isinstance(drawn, list) else [drawn]:
            assert picture.pixels.shape == (1, 3, 64, 64)
            assert picture.pixels.std() > 0.02


def test_only_what_changed_is_computed_again(engine: Engine) -> None:
    graph = Graph.load("text-to-image")

    def ran(**inputs: object) -> set[str]:
        result = engine.run(graph, {"steps": 1, "prompt": "a red circle", **inputs})
        assert result.status == "done", result.failures
        return set(result.nodes.ran)

    assert ran() == set(graph.nodes)
    assert ran() == set()
    assert ran(seed=1) == {"sampler", "decode"}
    assert ran(scale=2.0) == {"guidance", "sampler", "decode"}
    assert ran(prompt="a  red circle") == {"tokens"}  # two blanks: early cutoff
    assert ran(prompt="a blue circle") == {"tokens", "positive", "guidance", "sampler", "decode"}


def test_a_map_draws_the_same_pictures_as_single_runs(engine: Engine) -> None:
    prompt = "a large yellow star on a purple background"
    several = engine.run(Graph.load("seeds"), {"steps": 2, "count": 2, "first": 4, "prompt": prompt})
    one = engine.run(Graph.load("text-to-image"), {"steps": 2, "seed": 5, "prompt": prompt})
    # a negative prompt that is empty and one that is left out are the same to this model
    assert torch.equal(several.outputs["images"][1].pixels, one.outputs["image"].pixels)


def test_the_branch_that_is_not_chosen_is_not_computed(engine: Engine) -> None:
    finished: list[str] = []
    graph = Graph.load("choose")
    result = engine.run(
        graph,
        {"guided": False},
        on_event=lambda event: finished.append(event.node) if isinstance(event, NodeFinished) else None,
    )
    assert result.status == "done", result.failures
    assert "alone" in finished
    assert "guided" not in finished
