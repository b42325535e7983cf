"""Count the objects in pictures: written, not trained, because the checker was never shown a wrong number.

An object is a connected patch that differs from the background, which is the median colour along the edge.
Two objects that touch count as one, on real renders too: read the figure beside that of real renders.
"""

from typing import Final

import numpy as np
from scipy import ndimage

from models.bauklotz.scene import Floats, Ints

DIFFERENT: Final = 0.14
"""How far a pixel's colour is from the background, in its most different channel, to belong to an object."""
SMALLEST: Final = 24
"""Fewer pixels than this are a blot."""


def count_objects(picture: Floats) -> Ints:
    """Count the objects in each picture [n, 3, 64, 64] in 0..1."""
    return np.array([_count(one) for one in picture], dtype=np.int64)


def _count(picture: Floats) -> int:
    edge = np.concatenate([picture[:, 0], picture[:, -1], picture[:, :, 0], picture[:, :, -1]], axis=1)
    background = np.median(edge, axis=1)[:, None, None]
    inside = np.abs(picture - background).max(axis=0) > DIFFERENT
    patches, found = ndimage.label(inside)
    sizes = np.bincount(patches.ravel(), minlength=found + 1)[1:]
    return int((sizes >= SMALLEST).sum())
