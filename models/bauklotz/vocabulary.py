"""The words of the scene world: everything a picture can be made of."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SIDE: Final = 64

SHAPES: Final = ("circle", "square", "triangle", "star", "ring", "cross")
COLOURS: Final = ("red", "orange", "yellow", "green", "blue", "purple", "white")
SIZES: Final = ("small", "large")
LIGHTS: Final = ("bright", "dark")
STYLES: Final = ("flat", "outlined", "striped")

POSITIONS: Final = ("centre", "top left", "top right", "bottom left", "bottom right")
RELATIONS: Final = ("left of", "above")
"""Canonical: "A right of B" is said of the same scene as "B left of A"."""

ARRANGEMENTS: Final = POSITIONS + RELATIONS
"""One object has a position, two have a relation; one number says which."""

RGB: Final[NDArray[np.float32]] = np.array(
    [
        (0.86, 0.08, 0.12),
        (1.00, 0.52, 0.00),
        (1.00, 0.93, 0.20),
        (0.10, 0.62, 0.20),
        (0.13, 0.32, 0.92),
        (0.52, 0.14, 0.68),
        (0.97, 0.97, 0.95),
    ],
    dtype=np.float32,
)
"""What each of COLOURS looks like in bright light."""

DARKNESS: Final = 0.55
"""What dark light leaves of a colour."""

RADII: Final = ((10.5, 11.5), (16.0, 17.5))
"""The range of an object's radius in pixels, for each of SIZES."""
