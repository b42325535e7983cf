"""DALL-E 1's graph: what it writes is right by the checker, CLIP's order is its own, and what is kept stays."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from engine import Engine
from models.bauklotz.checker import Checker, load_checker
from tests.library_runs import outputs
from tests.test_steering_graphs import seen

BAUKLOTZ = Path(__file__).parents[1] / "models" / "bauklotz"
TARGETS = [
    "order.image",
    "order.table",
    "best.image",
    "rest.codes",
    "encode.codes",
    "writer.likelihood",
    "rest_best.image",
]


@pytest.fixture(scope="module")
def checker() -> Checker:
    return load_checker(BAUKLOTZ / "checker")


@pytest.fixture(scope="module")
def written(engine: Engine) -> Mapping[str, Any]:
    """Run the graph as it ships, once, with nothing remembered."""
    return outputs(engine, "dalle1", *TARGETS)


def test_the_best_picture_shows_the_prompt(written: Mapping[str, Any], checker: Checker) -> None:
    wanted = {"colour_0": "red", "shape_0": "square", "size_0": "large", "background": "blue"}
    assert wanted.items() <= seen(checker, written["best.image"].pixels).items()
    shown = [seen(checker, each[None]) for each in written["order.image"].pixels]
    right = [sum(each[name] == value for each in shown) for name, value in wanted.items() if name != "shape_0"]
    assert min(right) >= 6, right


def test_all_pictures_differ_and_come_in_the_order_of_clip(written: Mapping[str, Any]) -> None:
    scores = [row[2] for row in written["order.table"].rows]
    assert len(scores) == 8
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]
    pixels = written["order.image"].pixels
    assert torch.equal(pixels[:1], written["best.image"].pixels)
    assert len({each.numpy().tobytes() for each in pixels}) == 8
    assert written["writer.likelihood"].matrix.shape == (8, 1)


def test_the_upper_half_stays_code_by_code_and_the_lower_half_is_what_the_other_prompt_says(
    written: Mapping[str, Any], checker: Checker
) -> None:
    before, after = (written[name].indices for name in ("encode.codes", "rest.codes"))
    assert torch.equal(after[:, :8], before[:, :8].expand(4, -1, -1))
    assert all(not torch.equal(each, before[0]) for each in after)
    wanted = {"colour_0": "red", "shape_0": "circle", "colour_1": "blue", "background": "white"}
    assert wanted.items() <= seen(checker, written["rest_best.image"].pixels).items()
