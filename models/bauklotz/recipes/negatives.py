"""Make hard negatives: what differs from a scene or a sound in one attribute, to learn from what is said of it."""

from collections.abc import Callable, Mapping, Sequence, Sized
from typing import Protocol, Self, TypeVar

import numpy as np

from models.bauklotz.choosing import Replaced
from models.bauklotz.scene import Bools, Ints
from models.bauklotz.sentence import Rng


class Batch(Sized, Protocol):
    """Scenes, or sounds."""

    def __getitem__(self, rows: Ints | Bools, /) -> Self: ...


Many = TypeVar("Many", bound=Batch)


def negatives(
    asks: Sequence[Replaced[Many]],
    count: int,
    *,
    weights: Mapping[str, float],
    in_training: Callable[[Many], Bools],
    rng: Rng,
) -> list[Many]:
    """Replace one of the attributes in question, `count` times, by what may be seen or heard in training.

    Held-out combinations would be wrong every time that they are said, and so be learned to be wrong. `weights` say how
    much oftener than others some attributes are replaced.
    """
    shares = np.array([weights.get(ask.attribute, 1.0) for ask in asks])
    chosen = rng.choice(len(asks), size=count, p=shares / shares.sum())
    return [_one(asks[k].others, in_training, rng) for k in chosen]


def _one(others: Many, in_training: Callable[[Many], Bools], rng: Rng) -> Many:
    fair = others[in_training(others)]
    some = fair if len(fair) else others
    return some[np.array([int(rng.integers(len(some)))])]
