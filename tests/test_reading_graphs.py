"""The graphs that read texts and pictures: each runs offline, and what it finds is right, by the world's own labels."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
import torch

from engine import Engine
from nodes.values import Scores, Table
from nodes.world import scenes
from tests.library_runs import outputs


def test_tokens_are_pieces_of_the_text_with_their_weights(engine: Engine) -> None:
    found = outputs(engine, "tokenizer-view")
    words = found["words"]
    assert words.truncated == ""
    weights = {span.text: span.weight for span in words.spans}
    assert weights["large"] == 1.3
    assert weights["yellow"] == 1.0
    pieces = [span.text for span in words.spans if span.start >= words.text.index("lighthouse")]
    assert "".join(pieces) == "lighthouse"
    assert len(pieces) > 1
    assert sum(span.text == "star" for span in words.spans) == 1
    assert found["vectors"].sequence.shape[1:] == (48, 128)


def test_what_does_not_fit_is_told(engine: Engine) -> None:
    long = ", ".join(["a large yellow star"] * 30)
    words = outputs(engine, "tokenizer-view", prompt=long)["words"]
    assert 0 < len(words.truncated) < len(long)
    assert long.endswith(words.truncated)
    assert outputs(engine, "tokenizer-view", prompt=long, chunks=8)["words"].truncated == ""


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_text_finds_its_picture_and_each_picture_its_text(language: str, engine: Engine) -> None:
    found = outputs(engine, "clip-similarity", count=12, language=language)
    right = torch.arange(12)
    by_text: Scores = found["text_given_picture"]
    by_picture: Scores = found["picture_given_text"]
    assert float((by_text.matrix.argmax(1) == right).float().mean()) >= 11 / 12
    assert float((by_picture.matrix.argmax(0) == right).float().mean()) >= 11 / 12
    torch.testing.assert_close(by_text.matrix.sum(1), torch.ones(12))
    torch.testing.assert_close(by_picture.matrix.sum(0), torch.ones(12))
    assert found["loss"] < 0.4  # guessing is log 12 = 2.5
    matrix = found["scores"].matrix
    assert found["score"] == pytest.approx(float(matrix.diagonal().mean()), abs=1e-4)
    assert found["score"] > float(matrix.mean()) + 10
    ranking: Table = found["ranking"]
    captions = scenes(12, 4, 0.5, language=language).captions
    assert ranking.rows[0][1] == captions[0]


def test_words_are_a_classifier(engine: Engine) -> None:
    found = outputs(engine, "clip-zero-shot", count=60)
    assert found["share_right"] >= 0.85  # guessing is 1 in 6
    assert {row[0] for row in found["by_class"].rows} <= {"circle", "square", "triangle", "star", "ring", "cross"}
    colours = ["red", "orange", "yellow", "green", "blue", "purple", "white"]
    asked = {"count": 60, "attribute": "background", "classes": colours, "templates": ["a {} background"]}
    assert outputs(engine, "clip-zero-shot", **asked)["share_right"] >= 0.9
    asked["classes"] = colours[1:]  # a class that is never named is never found
    assert outputs(engine, "clip-zero-shot", **asked)["share_right"] < 0.9


@pytest.mark.parametrize(
    ("query", "attribute", "label"),
    [
        ("a star", "shape", "star"),
        ("a blue background", "background", "blue"),
        ("ein Bild im Dunkeln", "light", "dark"),
    ],
)
def test_a_text_finds_pictures_that_show_it(query: str, attribute: Any, label: str, engine: Engine) -> None:
    found = outputs(engine, "clip-search", query=query, count=5)
    labels = scenes(48, 1, 0.0, attribute).labels
    assert 5 <= labels.count(label) <= 40
    shown = [labels[int(row[1].removeprefix("item ")) - 1] for row in found["table"].rows]
    assert shown.count(label) >= 4, shown
    assert [row[2] for row in found["table"].rows] == sorted((row[2] for row in found["table"].rows), reverse=True)
    assert found["found"].pixels.shape == found["alike"].pixels.shape == (1, 3, 64, 328)


def test_own_pictures_are_searched_too_and_a_picture_finds_itself_first(engine: Engine, tmp_path: Path) -> None:
    PIL.Image.new("RGB", (80, 64), (10, 90, 30)).save(tmp_path / "own.png")
    own = engine.files.bring(tmp_path / "own.png")
    found = outputs(engine, "clip-search", query="a green background", pictures=[own], scenes=3, count=4)
    assert len(found["index"].vectors) == 4
    assert sorted(row[1] for row in found["table"].rows) == ["item 1", "item 2", "item 3", "item 4"]
    tile = found["alike"].pixels[..., :64, :64]
    assert torch.equal(tile, found["found"].pixels[..., :64, :64])


def test_neighbours_without_labels_know_shapes_in_colours_they_were_not_seen_in(engine: Engine) -> None:
    found = outputs(engine, "dino-features")
    assert found["share_right"] >= 0.55  # guessing is 1 in 6, neighbours by pixels 1 in 3
    painted = torch.stack(list(_tiles(found["patches"].pixels[0], 10, 60)))[:, :, ::8, ::8].flatten(2)
    within, between = painted.std(2).mean(), painted.mean(2).std(0).mean()
    assert between > within  # what is told apart are pictures


def test_codes_are_moved_until_clip_is_pleased(engine: Engine) -> None:
    _pleased(outputs(engine, "vqgan-clip", steps=12, cutouts=4, seed=3))


@pytest.mark.full
@pytest.mark.parametrize("seed", range(10))
def test_clip_is_pleased_in_every_run(seed: int, engine: Engine) -> None:
    _pleased(outputs(engine, "vqgan-clip", seed=seed), by=30)


def _pleased(found: Mapping[str, Any], by: float = 10) -> None:
    """See that each prompt scores higher at the end, the second row, than at the start."""
    start, end = found["scores"].matrix
    assert bool((end >= start + by).all()), found["scores"].matrix
    assert found["image"].pixels.shape == found["start"].pixels.shape == (1, 3, 64, 64)
    losses = [row[1] for row in found["losses"].rows]
    assert sum(losses[-3:]) / 3 < losses[0]


def _tiles(grid: torch.Tensor, across: int, count: int) -> Iterator[torch.Tensor]:
    for place in range(count):
        top, left = place // across * 66, place % across * 66
        yield grid[:, top : top + 64, left : left + 64]
