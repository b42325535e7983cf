"""Which combinations no training scene may show.

Guarantees
1. The split depends on nothing but the words below: it is the same in every process and version.
2. A training scene holds no held-out combination (shape, colour, background) in any of its objects.
3. A training scene holds no held-out pair of objects, in either order.
"""

from functools import cache
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.bauklotz.vocabulary import COLOURS, SHAPES

SALT: Final = "bauklotz-1"
SHARE: Final = 0.15
"""The share of combinations that is held out."""


def is_held_out(*words: str) -> bool:
    """Say whether the combination of these words is held out."""
    digest = sha256("/".join((SALT, *words)).encode()).digest()
    return int.from_bytes(digest[:4], "big") < SHARE * 2**32


@cache
def held_out_single() -> NDArray[np.bool_]:
    """Give the table [shape, colour, background] of held-out one-object combinations."""
    return np.array([[[is_held_out(s, c, b) for b in COLOURS] for c in COLOURS] for s in SHAPES])


@cache
def held_out_pair() -> NDArray[np.bool_]:
    """Give the symmetric table [object, object] of held-out pairs; an object is shape * 7 + colour."""
    things = [f"{colour} {shape}" for shape in SHAPES for colour in COLOURS]
    return np.array([[is_held_out(*sorted((a, b))) for b in things] for a in things])
