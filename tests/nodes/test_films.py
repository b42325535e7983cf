"""Films: written, read back, shown, and taken apart."""

from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from PIL import Image as Pillow

from engine.errors import InputError
from engine.files import Files
from engine.run import Run
from nodes import CATALOG, films, views
from nodes.values import Image, Video
from nodes.video import frame_grid, load_video, video_frames, video_from_frames

COLOURS = ((0.9, 0.1, 0.1), (0.1, 0.8, 0.2), (0.1, 0.2, 0.9), (0.5, 0.5, 0.5), (0.9, 0.9, 0.2))


def flat(height: int = 16, width: int = 24) -> torch.Tensor:
    """Frames of one colour each."""
    return torch.tensor(COLOURS)[:, :, None, None].expand(-1, -1, height, width).contiguous()


def decoded(data: bytes) -> tuple[np.ndarray, float]:
    with av.open(BytesIO(data), "r") as film:
        stream = film.streams.video[0]
        rate = float(stream.average_rate or 0)
        return np.stack([frame.to_ndarray(format="rgb24") for frame in film.decode(stream)]), rate


def means(frames: np.ndarray) -> np.ndarray:
    found: np.ndarray = frames.reshape(len(frames), -1, 3).mean(1) / 255
    return found


def test_an_mp4_has_every_frame_in_order_at_its_rate() -> None:
    frames, rate = decoded(films.mp4(flat().numpy(), 12.5))
    assert frames.shape[0] == len(COLOURS)
    assert rate == 12.5
    np.testing.assert_allclose(means(frames), COLOURS, atol=0.04)


def test_the_same_frames_give_the_same_bytes() -> None:
    for write in (films.mp4, films.webp, films.gif):
        assert write(flat().numpy(), 8.0) == write(flat().numpy(), 8.0)


def test_an_odd_size_is_padded_not_refused() -> None:
    frames, _ = decoded(films.mp4(flat(301, 257).numpy(), 8.0))
    assert frames.shape[1:3] == (302, 258)


@pytest.mark.parametrize("kind", ["webp", "gif"])
def test_a_moving_picture_has_every_frame_and_runs_for_ever(kind: str) -> None:
    data = {"webp": films.webp, "gif": films.gif}[kind](flat().numpy(), 10.0)
    with Pillow.open(BytesIO(data)) as picture:
        assert picture.n_frames == len(COLOURS)  # type: ignore[attr-defined]
        assert picture.info["loop"] == 0
        picture.seek(2)
        seen = np.asarray(picture.convert("RGB")).reshape(-1, 3).mean(0) / 255
        assert picture.info["duration"] == 100
    np.testing.assert_allclose(seen, COLOURS[2], atol=0.02)


def test_a_film_is_saved_as_mp4_and_shown_frame_by_frame() -> None:
    stored = CATALOG.codecs.kind(Video(flat(), 8.0)).encode(Video(flat(), 8.0))
    (file,) = views.files(stored)
    assert (file.suffix, file.media_type) == (".mp4", "video/mp4")
    assert file.data == views.view(stored, "mp4").file.data
    assert views.view(stored, "gif").file.media_type == "image/gif"
    with Pillow.open(BytesIO(views.view(stored, "png", item=1).file.data)) as picture:
        assert picture.getpixel((0, 0)) == (26, 204, 51)
    with pytest.raises(views.NoViewError, match="no item 5"):
        views.view(stored, "png", item=5)


def test_frames_go_into_a_film_and_out_again() -> None:
    film = video_from_frames([Image(flat()[:2]), Image(flat()[2:])], 6.0)
    assert film.fps == 6.0
    assert torch.equal(video_frames(film).pixels, flat())
    assert torch.equal(video_frames(film, 2, 1).pixels, flat()[1::2])
    with pytest.raises(InputError, match="no frame 5"):
        video_frames(film, 1, 5)


def test_pictures_of_several_sizes_are_refused() -> None:
    with pytest.raises(InputError, match="24 x 16, 24 x 18"):
        video_from_frames([Image(flat()), Image(flat(18))])
    with pytest.raises(InputError, match="no picture"):
        video_from_frames([])


def test_a_grid_spreads_over_the_whole_film() -> None:
    grid = frame_grid(Video(flat(16, 16), 8.0), 3, 3, 16).pixels[0]
    assert torch.equal(grid[:, 0, [0, 18, 36]].T, torch.tensor(COLOURS)[[0, 2, 4]])


def test_a_film_is_brought_in_again(tmp_path: Path) -> None:
    run = Run(files=Files(tmp_path / "files", roots=(tmp_path,)))
    (tmp_path / "film.mp4").write_bytes(films.mp4(flat(256, 256).numpy(), 8.0))
    film = load_video(run.files.bring(tmp_path / "film.mp4"), run=run)
    assert film.fps == 8.0
    torch.testing.assert_close(film.frames.mean((2, 3)), torch.tensor(COLOURS), atol=0.04, rtol=0)
    (tmp_path / "text.mp4").write_text("no film at all")
    with pytest.raises(InputError, match="not a film"):
        load_video(run.files.bring(tmp_path / "text.mp4"), run=run)
