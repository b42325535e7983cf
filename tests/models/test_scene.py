"""The scene world keeps the guarantees of models.bauklotz.scene and models.bauklotz.draw."""

from dataclasses import fields

import numpy as np
import pytest

from models.bauklotz.draw import draw, masks
from models.bauklotz.scene import Scenes, held_out_scenes, training_scenes
from models.bauklotz.split import held_out_pair, held_out_single
from models.bauklotz.vocabulary import ARRANGEMENTS, COLOURS, POSITIONS, RADII, SHAPES, SIDE, STYLES

SCENES = training_scenes(3, 600)


def things(scenes: Scenes) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Number each object by shape and colour."""
    return scenes.shape * len(COLOURS) + scenes.colour


def test_same_seed_gives_same_scenes_and_pixels() -> None:
    again = training_scenes(3, 600)
    for field in fields(Scenes):
        np.testing.assert_array_equal(getattr(again, field.name), getattr(SCENES, field.name))
    np.testing.assert_array_equal(draw(again[slice(50)]), draw(SCENES[slice(50)]))


def test_other_seed_gives_other_scenes() -> None:
    assert not np.array_equal(training_scenes(4, 600).shape, SCENES.shape)


def test_pixels_of_a_scene_do_not_depend_on_its_batch() -> None:
    np.testing.assert_array_equal(draw(SCENES[slice(7, 8)])[0], draw(SCENES[slice(20)])[7])


def test_every_word_of_the_world_is_drawn() -> None:
    assert set(SCENES.shape[:, 0]) == set(range(len(SHAPES)))
    assert set(SCENES.colour[:, 0]) == set(range(len(COLOURS)))
    assert set(SCENES.style) == set(range(len(STYLES)))
    assert set(SCENES.arrangement) == set(range(len(ARRANGEMENTS)))


def test_objects_lie_inside_the_picture_and_hardly_touch() -> None:
    covered = masks(SCENES)
    border = np.ones((SIDE, SIDE), dtype=bool)
    border[1:-1, 1:-1] = False
    assert covered[:, :, border].max() == 0
    one, two = SCENES[SCENES.is_pair].centre.transpose(1, 0, 2)
    gap = np.abs(one - two).max(axis=1) - SCENES[SCENES.is_pair].radius.sum(axis=1)
    assert gap.min() > -2
    assert np.median(gap) > 2


def test_an_object_stands_out_from_its_background_in_any_light() -> None:
    flat = SCENES[(SCENES.style == STYLES.index("flat")) & ~SCENES.is_pair]
    picture, inside = draw(flat), masks(flat)[:, 0] == 1
    for drawn, where in zip(picture, inside, strict=True):
        assert np.abs(drawn[:, where].mean(axis=1) - drawn[:, 0, 0]).max() > 0.2


def test_small_and_large_are_told_apart_by_their_radius() -> None:
    assert RADII[0][1] + 4 < RADII[1][0]
    large = SCENES.size[:, 0] == 1
    assert SCENES.radius[large, 0].min() >= 16
    assert 10.5 <= SCENES.radius[~large, 0].min() <= SCENES.radius[~large, 0].max() <= 12


def test_the_arrangement_is_where_the_objects_are() -> None:
    x, y = SCENES.centre[:, 0].T
    for index, name in enumerate(POSITIONS):
        rows = SCENES.arrangement == index
        left, top = x[rows] < SIDE / 2 - 3, y[rows] < SIDE / 2 - 3
        assert (left == ("left" in name)).all()
        assert (top == ("top" in name)).all()
    left_of, above = (SCENES[SCENES.arrangement == len(POSITIONS) + k].centre for k in (0, 1))
    assert (left_of[:, 0, 0] < left_of[:, 1, 0]).all()
    assert (above[:, 0, 1] < above[:, 1, 1]).all()


def test_the_word_lists_are_never_silently_reordered() -> None:
    assert SHAPES == ("circle", "square", "triangle", "star", "ring", "cross")
    assert COLOURS == ("red", "orange", "yellow", "green", "blue", "purple", "white")


def test_no_training_scene_shows_a_held_out_combination() -> None:
    scenes = training_scenes(5, 4000)
    for k in (0, 1):
        there = scenes.shape[:, k] >= 0
        shown = scenes[there]
        assert not held_out_single()[shown.shape[:, k], shown.colour[:, k], shown.background].any()
    first, second = things(scenes[scenes.is_pair]).T
    assert not held_out_pair()[first, second].any()


@pytest.mark.parametrize("pairs", [0.0, 1.0])
def test_every_held_out_scene_shows_a_held_out_combination(pairs: float) -> None:
    scenes = held_out_scenes(5, 300, pairs=pairs)
    if pairs:
        first, second = things(scenes).T
        assert held_out_pair()[first, second].all()
    else:
        assert held_out_single()[scenes.shape[:, 0], scenes.colour[:, 0], scenes.background].all()
