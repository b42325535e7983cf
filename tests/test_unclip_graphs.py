"""The graphs in the style of DALL-E 2: what is imagined and drawn is right, as the checker sees it."""

from pathlib import Path

import pytest
import torch

from engine import Engine
from graphs import Graph
from models.bauklotz.checker import Checker, load_checker, read
from models.bauklotz.vocabulary import COLOURS, LIGHTS
from nodes.values import Image
from nodes.world import scenes
from tests.library_runs import outputs

BAUKLOTZ = Path(__file__).parents[1] / "models" / "bauklotz"
STEPS = 8


@pytest.fixture(scope="module")
def checker() -> Checker:
    return load_checker(BAUKLOTZ / "checker")


def seen(checker: Checker, images: Image | list[Image]) -> list[tuple[str, str, str]]:
    """Say what the checker sees in each picture: the object's colour, the background's, and the light."""
    parts = images if isinstance(images, list) else [images]
    answers = read(checker, torch.cat([each.pixels for each in parts]))
    rows = zip(*(answers[name].tolist() for name in ("colour_0", "background", "light")), strict=True)
    return [(COLOURS[colour], COLOURS[background], LIGHTS[light]) for colour, background, light in rows]


def test_the_prior_imagines_what_a_text_says(engine: Engine, checker: Checker) -> None:
    asked = {"text": "a red star on a white background, bright", "other": "a blue circle on a yellow background, dark"}
    found = outputs(engine, "dalle2-prior", **asked, steps=STEPS)
    told = seen(checker, found["pictures"])
    assert told.count(("red", "white", "bright")) >= 3, told  # of four; guessing is 1 in 98
    ends = seen(checker, [found["between"][0], found["between"][-1]])
    assert ends == [("red", "white", "bright"), ("blue", "yellow", "dark")]
    by_text = found["scores"].matrix.mean(0)
    assert by_text[0] > by_text[1] + 30


def test_each_seed_imagines_another_picture(engine: Engine) -> None:
    def imagined(seed: int) -> torch.Tensor:
        asked = {"text": "a blue background", "seed": seed, "prior_steps": 10}
        result = engine.run(Graph.load("dalle2-prior"), asked, targets=["imagined.embedding"])
        vectors: torch.Tensor = result.outputs["imagined.embedding"].vectors
        return vectors

    vectors = imagined(0)
    near = vectors @ vectors.T
    torch.testing.assert_close(near.diagonal(), torch.ones(4))
    assert float(near.fill_diagonal_(0).max()) < 0.98
    assert not torch.allclose(imagined(7)[0], vectors[0], atol=1e-2)


@pytest.mark.parametrize("scene", [6, 11])
def test_variations_show_what_clip_saw_and_differ(scene: int, engine: Engine, checker: Checker) -> None:
    found = outputs(engine, "dalle2-variations", scene=scene, steps=STEPS)
    truth = list(zip(*(scenes(2, scene, 0.0, name).labels for name in ("colour", "background", "light")), strict=True))
    assert len(set(truth)) == 2
    told = seen(checker, found["variations"])
    assert told.count(truth[0]) >= 3, (told, truth)
    ends = seen(checker, [found["between"][0], found["between"][-1]])
    assert [each[1:] for each in ends] == [each[1:] for each in truth]
    first, second = found["closeness"].matrix.mean(1).tolist()
    assert first > second + 0.2
    pixels = found["variations"].pixels
    assert float((pixels[0] - pixels[1]).abs().mean()) > 0.002
