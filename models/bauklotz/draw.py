"""Draw scenes: anti-aliased shapes on a flat background, vectorised over the batch.

Guarantees
1. The same scenes give the same pixels.
2. Every object differs from its background by at least 0.2 in some channel, in any light.
"""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.bauklotz.scene import Floats, Scenes
from models.bauklotz.vocabulary import DARKNESS, LIGHTS, RGB, SHAPES, SIDE, STYLES

OUTLINE: Final = 2.4
"""Width of the black line around an outlined object, in pixels."""
STRIPE: Final = 4
"""Height of a stripe in pixels: stripes lie on the grid of the latent's 4 x 4 patches."""
SHADE: Final = 0.4
"""What the dark stripes of a striped object leave of its colour."""


def draw(scenes: Scenes, *, angle: Floats | None = None) -> Floats:
    """Draw pictures [n, 3, 64, 64] in 0..1; `angle` [n] turns objects clockwise, in radians."""
    light = np.where(scenes.light == LIGHTS.index("dark"), DARKNESS, 1.0).astype(np.float32)
    picture = np.broadcast_to(RGB[scenes.background][:, :, None, None], (len(scenes), 3, SIDE, SIDE)).copy()
    for k in (0, 1):
        rows = np.flatnonzero(scenes.shape[:, k] >= 0)
        if len(rows):
            picture[rows] = _paint(picture[rows], scenes[rows], k, None if angle is None else angle[rows])
    return picture * light[:, None, None, None]


def masks(scenes: Scenes) -> Floats:
    """Give the share of each pixel [n, 2 objects, 64, 64] that an object covers."""
    covered = np.zeros((len(scenes), 2, SIDE, SIDE), dtype=np.float32)
    for k in (0, 1):
        rows = np.flatnonzero(scenes.shape[:, k] >= 0)
        if len(rows):
            covered[rows, k] = _cover(_distance(scenes[rows], k))
    return covered


def _paint(picture: Floats, scenes: Scenes, k: int, angle: Floats | None) -> Floats:
    distance = _distance(scenes, k, angle)
    outlined = (scenes.style == STYLES.index("outlined"))[:, None, None]
    edge = np.where(outlined, _cover(distance - OUTLINE / 2), 0)[:, None]
    body = np.where(outlined, _cover(distance + OUTLINE / 2), _cover(distance))[:, None]
    stripes = np.where(np.arange(SIDE) // STRIPE % 2 == 0, 1.0, SHADE).astype(np.float32)
    striped = (scenes.style == STYLES.index("striped"))[:, None, None, None]
    shade = np.where(striped, stripes[None, None, :, None], np.float32(1))
    colour = RGB[scenes.colour[:, k]][:, :, None, None] * shade
    painted: Floats = picture * (1 - edge) * (1 - body) + colour * body
    return painted


def _cover(distance: Floats) -> Floats:
    cover: Floats = np.clip(0.5 - distance, 0, 1)
    return cover


def _distance(scenes: Scenes, k: int, angle: Floats | None = None) -> Floats:
    """Give each pixel's signed distance to the outline of object k; inside is negative."""
    grid = np.arange(SIDE, dtype=np.float32) + 0.5
    x = grid[None, None, :] - scenes.centre[:, k, 0, None, None]
    y = grid[None, :, None] - scenes.centre[:, k, 1, None, None]
    if angle is not None:
        cos, sin = np.cos(angle)[:, None, None], np.sin(angle)[:, None, None]
        x, y = cos * x + sin * y, cos * y - sin * x
    r = scenes.radius[:, k, None, None]
    distance = np.empty((len(scenes), SIDE, SIDE), dtype=np.float32)
    for index, shape in enumerate(SHAPES):
        rows = scenes.shape[:, k] == index
        if rows.any():
            distance[rows] = _DISTANCES[shape](x[rows], y[rows], r[rows])
    return distance


def _circle(x: Floats, y: Floats, r: Floats) -> Floats:
    distance: Floats = np.hypot(x, y) - r
    return distance


def _square(x: Floats, y: Floats, r: Floats) -> Floats:
    distance: Floats = np.maximum(np.abs(x), np.abs(y)) - np.float32(0.88) * r
    return distance


def _triangle(x: Floats, y: Floats, r: Floats) -> Floats:
    """Point up; base at 0.8 r below the centre."""
    slope = np.abs(x) * np.float32(0.874) - (y + r) * np.float32(0.486)
    distance: Floats = np.maximum(slope, y - np.float32(0.8) * r)
    return distance


def _star(x: Floats, y: Floats, r: Floats) -> Floats:
    """Five points, one up; inner radius 0.52 r: one straight edge per folded sector."""
    sector = np.float32(np.pi / 5)
    angle = np.abs((np.arctan2(x, -y) + sector) % (2 * sector) - sector)
    reach = np.hypot(x, y)
    inner = np.float32(0.52)
    tip = np.array((1.0, 0.0), dtype=np.float32)
    valley = inner * np.array((np.cos(sector), np.sin(sector)), dtype=np.float32)
    normal = np.array((valley[1] - tip[1], tip[0] - valley[0]), dtype=np.float32)
    normal /= np.hypot(*normal)
    across = np.cos(angle) * normal[0] + np.sin(angle) * normal[1]
    distance: Floats = reach * across - r * normal[0] * tip[0]
    return distance


def _ring(x: Floats, y: Floats, r: Floats) -> Floats:
    distance: Floats = np.abs(np.hypot(x, y) - np.float32(0.74) * r) - np.float32(0.26) * r
    return distance


def _cross(x: Floats, y: Floats, r: Floats) -> Floats:
    """A plus sign with arms 0.66 r wide."""
    x, y = np.abs(x), np.abs(y)
    arm = np.float32(0.33) * r
    distance: Floats = np.minimum(np.maximum(x - arm, y - r), np.maximum(y - arm, x - r))
    return distance


_DISTANCES: Final = {
    "circle": _circle,
    "square": _square,
    "triangle": _triangle,
    "star": _star,
    "ring": _ring,
    "cross": _cross,
}

Pixels = NDArray[np.uint8]


def to_bytes(picture: Floats) -> Pixels:
    """Turn [n, 3, h, w] in 0..1 into [n, h, w, 3] bytes."""
    return (picture.clip(0, 1) * 255 + 0.5).astype(np.uint8).transpose(0, 2, 3, 1)


def save_sheet(picture: Floats, file: Path, *, columns: int) -> None:
    """Write pictures [n, 3, h, w] in 0..1 as one image, laid out in rows."""
    from PIL import Image

    Image.fromarray(contact_sheet(picture, columns=columns)).save(file)


def contact_sheet(picture: Floats, *, columns: int) -> Pixels:
    """Lay pictures [n, 3, h, w] out in rows, as one image [h, w, 3] of bytes."""
    pixels = to_bytes(picture)
    rows = -(-len(pixels) // columns)
    n, h, w, _ = pixels.shape
    sheet = np.zeros((rows * columns, h, w, 3), dtype=np.uint8)
    sheet[:n] = pixels
    return sheet.reshape(rows, columns, h, w, 3).transpose(0, 2, 1, 3, 4).reshape(rows * h, columns * w, 3)
