"""Read from the pixels of a film what its object does; by no network."""

import numpy as np
from numpy.typing import NDArray

from models.bauklotz.moving import MOTIONS
from models.bauklotz.scene import Floats, Ints

Seen = NDArray[np.bool_]


def read_motion(frames: Floats) -> Ints:
    """Read from frames [n, frames, 3, 64, 64] what the object does, -1 where nothing does; by pixels, no network."""
    return np.array([_read(each) for each in frames], dtype=np.int64)


def _read(frames: Floats) -> int:
    covered = covering(frames)
    area = covered.sum((1, 2))
    if area[-1] > 60 and area[0] < 0.1 * area[-1]:
        return MOTIONS.index("appear")
    if area.min() < 30:
        return -1
    first, last = centroid(covered[0]), centroid(covered[-1])
    step = last - first
    axis = int(np.abs(step).argmax())
    if np.abs(step[axis]) > 6:
        return MOTIONS.index((("left", "right"), ("up", "down"))[axis][int(step[axis] > 0)])
    ratio = area[-1] / area[0]
    if not 1 / 1.6 < ratio < 1.6:
        return MOTIONS.index("grow" if ratio > 1 else "shrink")
    changed = (covered != covered[0]).sum((1, 2)).max() / area.mean()
    return MOTIONS.index("turn") if changed > 0.12 else -1


def ground_of(frames: Floats) -> Floats:
    """Give the colour of the ground [..., 3] of frames [..., 3, 64, 64]: what their rim shows most."""
    rim = np.concatenate([frames[..., 0, :], frames[..., -1, :], frames[..., :, 0], frames[..., :, -1]], axis=-1)
    ground: Floats = np.median(rim, axis=-1)
    return ground


def covering(frames: Floats) -> Seen:
    """Say which pixels [..., 64, 64] of frames [..., 3, 64, 64] differ from the ground."""
    seen: Seen = np.abs(frames - ground_of(frames)[..., None, None]).max(-3) > 0.15
    return seen


def centroid(covered: Seen) -> Floats:
    """Give where a mask lies, as (x, y) in pixels from the upper left corner."""
    rows, columns = np.nonzero(covered)
    return np.array([columns.mean(), rows.mean()], dtype=np.float32)
