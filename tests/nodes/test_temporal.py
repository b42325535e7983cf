"""Measures of films: figures known by hand, and what is refused."""

import pytest
import torch

from engine.errors import InputError
from models.bauklotz.moving import MOTIONS, film, held_out_clips
from nodes.temporal import FITS, PLACES, STEPS, read_motion, temporal_consistency, text_frame_similarity
from nodes.values import Embedding, Table, Video


def embedded(*rows: tuple[float, float], space: str = "clip-1") -> Embedding:
    return Embedding(torch.tensor(rows, dtype=torch.float32), space, tuple(f"text {k}" for k in range(len(rows))))


def test_consistency_is_the_mean_cosine_of_neighbours() -> None:
    found = temporal_consistency(embedded((1, 0), (2, 0), (0, 3)))
    assert (found.mean, found.least) == (0.5, 0.0)
    assert found.steps == Table(STEPS, ((0, 1, 1.0), (1, 2, 0.0)))
    assert found.table.rows[0][:3] == ("temporal consistency (CLIP)", 0.5, "higher")
    with pytest.raises(InputError, match="no neighbour"):
        temporal_consistency(embedded((1, 0)))


@pytest.mark.parametrize("kind", ["clip", "clap", "dino", "pooled"])
def test_a_figure_says_which_network_saw(kind: str) -> None:
    found = temporal_consistency(embedded((1, 0), (0, 1), space=f"{kind}-1"))
    assert found.table.rows[0][0] == f"temporal consistency ({kind.upper()})"


def test_shuffled_frames_are_less_consistent() -> None:
    steps = [(1.0, k / 8) for k in range(8)]
    shuffled = [steps[k] for k in (0, 5, 2, 7, 1, 6, 3, 4)]
    assert temporal_consistency(embedded(*shuffled)).mean < temporal_consistency(embedded(*steps)).mean


def test_a_text_is_compared_with_every_frame() -> None:
    found = text_frame_similarity(embedded((1, 0), (0, 1)), embedded((2, 0)))
    assert found.mean == 0.5
    assert found.frames == Table(FITS, ((0, "text 0", 1.0), (1, "text 0", 0.0)))
    with pytest.raises(InputError, match="2 texts"):
        text_frame_similarity(embedded((1, 0)), embedded((1, 0), (0, 1)))
    with pytest.raises(InputError, match="dino-1"):
        text_frame_similarity(embedded((1, 0)), embedded((1, 0), space="dino-1"))


def test_what_a_film_shows_is_read_and_where_its_object_is() -> None:
    clips = held_out_clips(3, 24)
    films = torch.from_numpy(film(clips))
    for number, frames in zip(clips.motion, films, strict=True):
        assert read_motion(Video(frames, 8.0)).motion == MOTIONS[number]
    right = films[int((clips.motion == MOTIONS.index("right")).argmax())]
    places = read_motion(Video(right, 8.0)).places
    assert places.columns == PLACES
    across = [row[1] for row in places.rows]
    assert across == sorted(across)


def test_a_film_of_nothing_has_no_places_and_one_of_another_size_is_refused() -> None:
    empty = read_motion(Video(torch.full((2, 3, 64, 64), 0.5), 8.0))
    assert empty.motion == "nothing"
    assert empty.places == Table(PLACES, ())
    with pytest.raises(InputError, match="64 x 64"):
        read_motion(Video(torch.rand(2, 3, 32, 64), 8.0))
