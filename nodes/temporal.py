"""Measure films: how steady they are and how well they fit a text, as a network sees it; and what moves in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.errors import InputError
from engine.node import node
from nodes import facts
from nodes.nearness import cosines, seen_by
from nodes.tables import measure
from nodes.values import Cell, Embedding, Table, Video

if TYPE_CHECKING:
    from torch import Tensor

STEPS = ("from frame", "to frame", "cosine")
FITS = ("frame", "text", "cosine")
PLACES = ("frame", "x", "y", "pixels")
_SIDE = 64


class Steady(NamedTuple):
    mean: float
    least: float
    steps: Table
    table: Table


@node("TemporalConsistency", category="evaluation", libs=("torch",))
def temporal_consistency(frames: Embedding) -> Steady:
    """Say how like neighbouring frames of a film are, as the network sees them that embedded them: CLIP or DINO.

    Wire the frames of one film, in their order, through CLIPImageEmbedding or DINOEncoder. `mean` is over the cosines
    of each frame and the next; `least` is where the film jumps most. Compare with pictures drawn each by itself: a film
    that stands still is 1, and consistent too.
    """
    import torch

    if len(frames.vectors) < 2:
        raise InputError("one frame alone has no neighbour", hint="give two at least, with VideoFrames")
    with torch.inference_mode():
        unit = torch.nn.functional.normalize(frames.vectors, dim=1)
        steps: Tensor = (unit[:-1] * unit[1:]).sum(1)
    rows: list[tuple[Cell, ...]] = [(k, k + 1, float(cosine)) for k, cosine in enumerate(steps)]
    mean, least = float(steps.mean()), float(steps.min())
    name = f"temporal consistency ({seen_by(frames)})"
    made_of = f"{len(frames.vectors)} frames, {frames.space}"
    return Steady(mean, least, Table(STEPS, tuple(rows)), measure(name, mean, "higher", made_of))


class Fitting(NamedTuple):
    mean: float
    frames: Table
    table: Table


@node(
    "TextFrameSimilarity",
    title="Text-frame similarity",
    category="evaluation",
    libs=("torch",),
    describe=facts.SameSpace("frames", "text"),
)
def text_frame_similarity(frames: Embedding, text: Embedding) -> Fitting:
    """Say how well the frames of a film fit its text, as CLIP sees both: the mean cosine of the text and each frame.

    Wire the frames of one film through CLIPImageEmbedding, and its one text through CLIPTextEmbedding.
    """
    import torch

    if len(text.vectors) != 1 or not len(frames.vectors):
        raise InputError(
            f"{len(text.vectors)} texts and {len(frames.vectors)} frames cannot be compared",
            hint="give one text, and one frame at least",
        )
    with torch.inference_mode():
        fit = cosines(frames, text)[:, 0]
    rows: list[tuple[Cell, ...]] = [(k, text.names[0], float(cosine)) for k, cosine in enumerate(fit)]
    made_of = f"{len(frames.vectors)} frames, {frames.space}"
    mean = float(fit.mean())
    return Fitting(mean, Table(FITS, tuple(rows)), measure("text-frame similarity", mean, "higher", made_of))


class Watched(NamedTuple):
    motion: str
    places: Table


@node("ReadMotion", category="evaluation", libs=("torch", "numpy"))
def read_motion(video: Video) -> Watched:
    """Say what the object of a film of the scene world does, as the pixels tell, by no network.

    `motion` is left, right, up, down, grow, shrink, turn or appear, or nothing. `places` says where the object is in
    each frame that shows one, in pixels from the upper left corner, and how many it covers. With Accuracy, films are
    compared with what was asked of them.
    """
    from models.bauklotz import watching
    from models.bauklotz.moving import MOTIONS

    if tuple(video.frames.shape[2:]) != (_SIDE, _SIDE):
        raise InputError(f"films of the scene world have {_SIDE} x {_SIDE} pixels", hint="resize the frames")
    frames = video.frames.numpy()
    number = int(watching.read_motion(frames[None])[0])
    seen = [(frame, covered) for frame, covered in enumerate(watching.covering(frames)) if covered.any()]
    rows: list[tuple[Cell, ...]] = [
        (frame, *watching.centroid(covered).tolist(), int(covered.sum())) for frame, covered in seen
    ]
    return Watched(MOTIONS[number] if number >= 0 else "nothing", Table(PLACES, tuple(rows)))
