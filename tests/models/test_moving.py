"""The moving world: what a clip does is said, seen and read back, and the training of it makes a step."""

import numpy as np
import pytest

from models.bauklotz.captions import Mention
from models.bauklotz.moving import (
    FRAMES,
    MOTIONS,
    SHORTEST,
    clip_caption,
    film,
    held_out_clips,
    training_clips,
)
from models.bauklotz.scene import in_training
from models.bauklotz.watching import read_motion


def test_what_a_clip_does_is_read_from_its_pixels() -> None:
    clips = held_out_clips(3, 128)
    right = read_motion(film(clips)) == clips.motion
    assert right.mean() >= 0.97
    for number, name in enumerate(MOTIONS):
        assert right[clips.motion == number].mean() >= 0.9, name


def test_what_stands_still_is_read_as_nothing() -> None:
    first = film(held_out_clips(3, 64))[:, 4:5].repeat(FRAMES, 1)
    assert (read_motion(first) == -1).all()


def test_an_object_goes_a_part_of_its_way_and_does_all_of_anything_else() -> None:
    clips = training_clips(7, 128)
    goes = clips.motion < MOTIONS.index("grow")
    length = clips.span[:, 1] - clips.span[:, 0]
    assert SHORTEST <= length[goes].min() < length[goes].max() <= 1
    assert (clips.span[goes] >= 0).all()
    assert (clips.span[goes] <= 1 + 1e-6).all()
    assert (clips.span[~goes] == (0, 1)).all()


def test_the_last_frame_of_a_clip_that_appears_is_the_scene_itself() -> None:
    from models.bauklotz.draw import draw

    clips = training_clips(4, 64)
    rows = np.flatnonzero(clips.motion == MOTIONS.index("appear"))
    np.testing.assert_allclose(film(clips)[rows, -1], draw(clips.scenes)[rows], atol=1e-6)


def test_training_clips_hold_nothing_back_and_repeat_themselves() -> None:
    clips = training_clips(5, 64)
    assert in_training(clips.scenes).all()
    np.testing.assert_array_equal(film(clips[slice(8)]), film(training_clips(5, 64)[slice(8)]))


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_caption_says_what_moves_and_not_what_changes(language: str) -> None:
    clips = training_clips(6, 64)
    rng = np.random.default_rng(0)
    for row in range(len(clips)):
        said = clip_caption(clips, row, Mention(), language, rng)  # type: ignore[arg-type]
        if MOTIONS[clips.motion[row]] == "left":
            assert ("left" if language == "en" else "links") in said
            assert "corner" not in said
            assert "ecke" not in said.split()
