"""Go between pictures and films, and lay a film out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from engine.spec import Widget
from nodes.batches import Columns, Tile, image_grid
from nodes.values import Image, Video
from nodes.widgets import FPS, Frames, slider

FilmName = Annotated[str, Widget("video", {"maxLength": 80})]
_MOST = 2**28  # numbers in the frames of a film: one gigabyte


@node("VideoFromFrames", category="video", libs=("torch",))
def video_from_frames(images: Sequence[Image], fps: FPS = 8.0) -> Video:
    """Make a film of pictures of one size, in their order; every picture of a batch is a frame."""
    import torch

    sizes = {tuple(each.pixels.shape[-2:]) for each in images if len(each.pixels)}
    if not sizes:
        raise InputError("there is no picture to make a film of", hint="wire one at least")
    if len(sizes) > 1:
        named = ", ".join(f"{width} x {height}" for height, width in sorted(sizes))
        raise InputError(f"the pictures are of several sizes: {named}", hint="bring them to one with ResizeImage")
    return Video(torch.cat([each.pixels for each in images]), fps)


@node("VideoFrames", category="video", libs=("torch",))
def video_frames(video: Video, every: Frames = 1, first: Annotated[int, slider(0, 10_000)] = 0) -> Image:
    """Give the frames of a film as a batch of pictures: from `first`, counted from 0, and then one of `every`."""
    if first >= len(video.frames):
        raise InputError(
            f"there is no frame {first}: the film has {len(video.frames)}", hint="frames are counted from 0"
        )
    return Image(video.frames[first::every].clone())


@node("FrameGrid", category="video", libs=("torch",))
def frame_grid(video: Video, count: Frames = 8, columns: Columns = 0, tile: Tile = 64) -> Image:
    """Lay `count` frames of a film out, evenly spread from the first to the last, row by row."""
    import torch

    places = torch.linspace(0, len(video.frames) - 1, min(count, len(video.frames))).round().long()
    sheet: Image = image_grid([Image(video.frames[places])], columns, tile)
    return sheet


def _asset(video: str, files: Files) -> tuple[Path, ...]:
    return (files.asset(video),)


@node("LoadVideo", category="video", lane="io", libs=("av",), reads=_asset)
def load_video(video: FilmName, most: Frames = 200, *, run: Run) -> Video:
    """Bring in a film that was imported as an asset: its first `most` frames, without its sound."""
    import av
    import numpy as np
    import torch

    try:
        with av.open(str(run.asset(video)), "r") as film:
            stream = film.streams.video[0]
            stream.thread_type = "NONE"
            if most * stream.width * stream.height * 3 > _MOST:
                raise InputError(
                    f"{most} frames of {stream.width} x {stream.height} pixels are too many", hint="take fewer"
                )
            eight = [frame.to_ndarray(format="rgb24") for frame in islice(film.decode(stream), most)]
            fps = float(stream.average_rate or 25)
    except (OSError, IndexError, ValueError) as error:
        raise InputError("the asset is not a film that can be read", hint="use MP4 or WebM") from error
    if not eight:
        raise InputError("the film has no frame that can be read", hint="use MP4 or WebM")
    frames = torch.from_numpy(np.stack(eight)).permute(0, 3, 1, 2).contiguous().float() / 255
    return Video(frames, fps)
