"""A batch of scenes, as arrays of labels.

Guarantees
1. The same seed gives the same scenes.
2. An object never has the colour of its background, and two objects are never the same.
3. Objects lie inside the picture; two of them overlap by two pixels at most, and seldom.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.bauklotz.split import held_out_pair, held_out_single
from models.bauklotz.vocabulary import (
    ARRANGEMENTS,
    COLOURS,
    LIGHTS,
    POSITIONS,
    RADII,
    SHAPES,
    SIDE,
    SIZES,
    STYLES,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

MARGIN = 3.0
JITTER = 1.0


@dataclass(frozen=True, slots=True)
class Scenes:
    """A batch of scenes; a missing second object is -1."""

    shape: Ints  # [n, 2]
    colour: Ints  # [n, 2]
    size: Ints  # [n, 2]
    arrangement: Ints  # [n]
    background: Ints  # [n]
    light: Ints  # [n]
    style: Ints  # [n]
    centre: Floats  # [n, 2 objects, (x, y)] pixels
    radius: Floats  # [n, 2] pixels

    def __len__(self) -> int:
        return len(self.arrangement)

    def __getitem__(self, rows: slice | Ints | NDArray[np.bool_]) -> Self:
        return type(self)(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @property
    def is_pair(self) -> Bools:
        """Say which scenes hold two objects."""
        return self.arrangement >= len(POSITIONS)


def join(parts: list[Scenes]) -> Scenes:
    """Put batches one after another."""
    names = [f.name for f in fields(Scenes)]
    return Scenes(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in names})


def training_scenes(seed: int, count: int, *, pairs: float = 0.5) -> Scenes:
    """Draw scenes that show no held-out combination."""
    return _sample(seed, count, pairs=pairs, held_out=False)


def held_out_scenes(seed: int, count: int, *, pairs: float = 0.5) -> Scenes:
    """Draw scenes each of which shows a held-out combination of its kind (one object, or a pair)."""
    return _sample(seed, count, pairs=pairs, held_out=True)


def _sample(seed: int, count: int, *, pairs: float, held_out: bool) -> Scenes:
    rng = np.random.default_rng((seed, int(held_out)))
    is_pair = rng.random(count) < pairs
    singles = _fill(rng, int((~is_pair).sum()), two=False, held_out=held_out)
    doubles = _fill(rng, int(is_pair.sum()), two=True, held_out=held_out)
    order = np.empty(count, dtype=np.int64)
    order[np.flatnonzero(~is_pair)] = np.arange(len(singles))
    order[np.flatnonzero(is_pair)] = len(singles) + np.arange(len(doubles))
    return join([singles, doubles])[order]


def _fill(rng: np.random.Generator, count: int, *, two: bool, held_out: bool) -> Scenes:
    """Draw candidates until enough of them are legal and on the wanted side of the split."""
    parts: list[Scenes] = [_candidates(rng, 0, two=two)]
    have = 0
    while have < count:
        scenes = _candidates(rng, 256 + 8 * count if held_out else 64 + 2 * count, two=two)
        kept = scenes[_legal(scenes) & (_held_out(scenes) == held_out if held_out else in_training(scenes))]
        parts.append(kept)
        have += len(kept)
    return join(parts)[slice(count)]


def _candidates(rng: np.random.Generator, count: int, *, two: bool) -> Scenes:
    shape = rng.integers(len(SHAPES), size=(count, 2))
    colour = rng.integers(len(COLOURS), size=(count, 2))
    size = rng.integers(len(SIZES), size=(count, 2))
    singles = len(POSITIONS)
    if two:
        size[:, 1] = np.where(size[:, 0] == 1, 0, size[:, 1])
        size = np.where(rng.random((count, 1)) < 0.5, size, size[:, ::-1])
        arrangement = rng.integers(singles, len(ARRANGEMENTS), size=count)
    else:
        shape[:, 1] = colour[:, 1] = size[:, 1] = -1
        arrangement = rng.integers(singles, size=count)
    low, high = np.array(RADII, dtype=np.float32).T
    radius = low[size] + (high - low)[size] * rng.random((count, 2), dtype=np.float32)
    radius = np.where(size < 0, 0, radius).astype(np.float32)
    jitter = rng.uniform(-JITTER, JITTER, (count, 2, 2)).astype(np.float32)
    return Scenes(
        shape=shape,
        colour=colour,
        size=size,
        arrangement=arrangement,
        background=rng.integers(len(COLOURS), size=count),
        light=rng.integers(len(LIGHTS), size=count),
        style=rng.integers(len(STYLES), size=count),
        centre=_centres(arrangement, radius, jitter),
        radius=radius,
    )


def _centres(arrangement: Ints, radius: Floats, jitter: Floats) -> Floats:
    """Place objects a margin away from the edges that their arrangement names."""
    low, high, middle = radius + MARGIN, SIDE - radius - MARGIN, np.full_like(radius, SIDE / 2)
    first, second = (
        np.array([(0, 0), (-1, -1), (1, -1), (-1, 1), (1, 1), (-1, 0), (0, -1)]),
        np.array([(0, 0)] * len(POSITIONS) + [(1, 0), (0, 1)]),
    )
    side = np.stack([first[arrangement], second[arrangement]], axis=1)  # [n, 2, (x, y)]
    options = [low[..., None], middle[..., None], high[..., None]]
    return (np.choose(side + 1, [np.broadcast_to(o, side.shape) for o in options]) + jitter).astype(np.float32)


def _legal(scenes: Scenes) -> Bools:
    seen = (scenes.colour != scenes.background[:, None]).all(axis=1)
    same = (scenes.shape[:, 0] == scenes.shape[:, 1]) & (scenes.colour[:, 0] == scenes.colour[:, 1])
    legal: Bools = seen & ~same
    return legal


def _single_table(scenes: Scenes) -> Bools:
    table = held_out_single()[scenes.shape, scenes.colour, scenes.background[:, None]]
    held: Bools = table & (scenes.shape >= 0)
    return held


def _pair_table(scenes: Scenes) -> Bools:
    thing = scenes.shape * len(COLOURS) + scenes.colour
    table: Bools = held_out_pair()[thing[:, 0], thing[:, 1]] & scenes.is_pair
    return table


def _held_out(scenes: Scenes) -> Bools:
    held: Bools = np.where(scenes.is_pair, _pair_table(scenes), _single_table(scenes)[:, 0])
    return held


def in_training(scenes: Scenes) -> Bools:
    """Say which scenes show no held-out combination."""
    training: Bools = ~_single_table(scenes).any(axis=1) & ~_pair_table(scenes)
    return training
