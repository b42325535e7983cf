"""What holds for every graph that ships: canonical, legal, and it draws; at full size it draws what its prompt says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
import torch

from engine import Cache, Engine, Result
from graphs import Graph, library
from nodes import CATALOG
from nodes.values import Image

FIRST = {"choose", "image-to-image", "redraw", "seeds", "text-to-image"}  # plain ones, which the editor lays out
SEED = {"seeds": "first"}  # graphs whose seed has another name
INNER = {"redraw": {"sketch.prompt": "a large blue square"}}  # what a graph is given at small size, beside few steps
SHOWN = {  # what the checker must see at full size: in which output, and the colours of its two things, left to right
    "choose": ("image", ("red", "blue")),
    "redraw": ("image", ("red", "yellow")),
    "seeds": ("images", ("red", "blue")),
    "text-to-image": ("image", ("red", "blue")),
}


STEERING = (  # these are looked at in test_steering_graphs
    "attention-words", "guidance-difference", "inpaint", "negative-prompt", "one-word-changes", "outpaint",
    "prompt-grid",
)  # fmt: skip
MEASURING = ("evaluate",)  # this in test_measuring_graphs
IMAGINED = ("dalle2-prior", "dalle2-variations")  # these in test_unclip_graphs
FILMS = ("image-to-video", "text-to-video", "video-long")  # these in test_film_graphs
TOGETHER = ("one-prompt-three-ways",)  # and this in test_three_ways
ELSEWHERE = STEERING + MEASURING + IMAGINED + FILMS + TOGETHER
DRAWING = [
    name
    for name in library.names()
    if name not in ELSEWHERE and any(node.type == "Sampler" for node in Graph.load(name).nodes.values())
]


@pytest.fixture(scope="module")
def photo(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Bring in a picture: a white square on red."""
    path = tmp_path_factory.mktemp("photos") / "photo.png"
    picture = PIL.Image.new("RGB", (96, 80), (220, 20, 30))
    picture.paste((250, 250, 250), (30, 20, 70, 60))
    picture.save(path)
    return engine.files.bring(path)


def given(graph: Graph, photo: str) -> Mapping[str, Any]:
    """Give what a graph cannot run without."""
    return {name: photo for name in graph.inputs if name == "photo"}


def pictures(result: Result, output: str) -> list[torch.Tensor]:
    """Give the pictures of an output, each [3, height, width]."""
    value: Image | list[Image] = result.outputs[output]
    return [pixels for image in (value if isinstance(value, list) else [value]) for pixels in image.pixels]


def small(graph: Graph, name: str) -> Graph:
    """Give a graph with as few steps as show that every node works."""
    samplers = [id_ for id_, node in graph.nodes.items() if node.type == "Sampler"]
    return graph.set({**{f"{id_}.steps": 3 for id_ in samplers}, **INNER.get(name, {})})


@pytest.mark.parametrize("name", library.names())
def test_every_graph_is_canonical(name: str) -> None:
    assert Graph.load(name).dumps() == library.path(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", library.names())
def test_every_graph_is_legal_has_a_name_and_titles_its_inputs(name: str, engine: Engine, photo: str) -> None:
    graph = Graph.load(name)
    assert list(engine.check(graph, given(graph, photo))) == []
    assert graph.name
    assert graph.outputs
    assert [public for public, field in graph.inputs.items() if not (field.title and field.to)] == []


@pytest.mark.parametrize("name", sorted({*library.names()} - FIRST))
def test_every_graph_opens_with_a_note_and_nothing_lies_on_another(name: str) -> None:
    graph = Graph.load(name)
    ui: Any = graph.ui
    (note,) = ui["notes"].values()
    assert len(note["text"]) > 200
    _, top, _, height = note["box"]
    assert all(y >= top + height for _, y in ui["positions"].values())
    assert {*ui["positions"]} == {*graph.nodes}
    assert len({tuple(place) for place in ui["positions"].values()}) == len(graph.nodes)


@pytest.mark.parametrize("name", DRAWING)
def test_every_graph_draws_and_another_seed_draws_something_else(name: str, engine: Engine, photo: str) -> None:
    graph = small(Graph.load(name), name)
    seed = SEED.get(name, "seed")
    first, second = (engine.run(graph, {**given(graph, photo), seed: number}) for number in (1, 50))
    assert (first.status, second.status, first.failures, second.failures) == ("done", "done", [], [])
    for output in first.outputs:
        for picture in pictures(first, output):
            assert picture.shape == (3, 64, 64)
            assert picture.dtype == torch.float32
            assert 0 <= float(picture.min()) < float(picture.max()) <= 1
            assert float(picture.std()) > 0.01
    changed = [output for output in first.outputs if first.outputs.ref(output) != second.outputs.ref(output)]
    assert changed == [output for output in first.outputs if output != "before"]


def test_seeds_draws_one_picture_for_each_seed(engine: Engine) -> None:
    result = engine.run(small(Graph.load("seeds"), "seeds"), {"first": 5, "count": 3})
    assert len(result.outputs["images"]) == 3
    assert len(set(result.outputs.ref("images"))) == 3


def test_choose_computes_only_the_branch_that_is_chosen(engine: Engine) -> None:
    graph = small(Graph.load("choose"), "choose")
    nodes = [
        {*result.nodes.ran, *result.nodes.cached}
        for result in (engine.run(graph, {"guided": guided, "seed": 3}) for guided in (True, False))
    ]
    assert [("guided" in names, "alone" in names) for names in nodes] == [(True, False), (False, True)]


def test_only_what_changed_is_computed_again() -> None:
    engine, graph = Engine(CATALOG, cache=Cache()), Graph.load("text-to-image")

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


def test_image_to_image_keeps_more_of_the_photo_the_weaker_it_is(engine: Engine, photo: str) -> None:
    graph = Graph.load("image-to-image")
    weak, strong = (
        pictures(engine.run(graph, {"photo": photo, "strength": strength, "steps": 10}), "image")[0]
        for strength in (0.1, 0.9)
    )
    target = torch.tensor([220, 20, 30]) / 255
    assert _corner(weak, target) < _corner(strong, target)


def _corner(picture: torch.Tensor, colour: torch.Tensor) -> float:
    """Say how far the upper left corner, red in the photo, is from a colour."""
    return float((picture[:, :8, :8].mean(dim=(1, 2)) - colour).abs().max())


@pytest.mark.full
@pytest.mark.parametrize("name", SHOWN)
def test_every_graph_shows_what_its_prompt_says(name: str, engine: Engine) -> None:
    output, colours = SHOWN[name]
    seed = SEED.get(name, "seed")
    drawn = [pictures(engine.run(Graph.load(name), {seed: 10 * number}), output)[0] for number in range(8)]
    seen = [_colours(picture) for picture in drawn]
    assert sum(pair == colours for pair in seen) >= 5, seen


def _colours(picture: torch.Tensor) -> tuple[str, str]:
    """Ask the checker, which has seen only real renders, for the colours of the two things."""
    from models.bauklotz.checker import load_checker, read
    from models.bauklotz.vocabulary import COLOURS

    folder = Path(library.__file__).parents[1] / "models/bauklotz/checker"
    answers = read(load_checker(folder), picture[None])
    return COLOURS[int(answers["colour_0"])], COLOURS[int(answers["colour_1"])]


def test_what_is_shown_is_asked_of_every_graph_that_needs_no_photo() -> None:
    assert {*SHOWN} == {name for name in DRAWING if "photo" not in Graph.load(name).inputs}
