"""Draw from what was made ready once: a pool serves all steps of a while, and each of its rows several times."""

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np
import torch
from torch import Tensor

from models.bauklotz.recipe import Place

P = TypeVar("P")


class Pools(Generic[P]):
    """Pool after pool of `size` rows; each is walked through `reuse` times, every time in another order.

    `make` gives the pool of a number; `order` sets the orders of one recipe apart from those of others.
    """

    def __init__(
        self, place: Place, make: Callable[[int], P], *, size: int, batch: int, reuse: int, order: int
    ) -> None:
        self._place = place
        self._make = make
        self._size = size
        self._batch = batch
        self._steps = size * reuse // batch
        self._order = order
        self._held: tuple[int, P] | None = None

    def at(self, step: int) -> tuple[P, Tensor]:
        """Give the pool of a step, and which rows [batch] of it are its batch."""
        number = step // self._steps
        if self._held is None or self._held[0] != number:
            self._held = number, self._make(number)
        return self._held[1], torch.from_numpy(self._rows(step))

    def _rows(self, step: int) -> np.ndarray:
        number, place = divmod(step, self._size // self._batch)
        order = np.random.default_rng((self._order, number, self._place.rank)).permutation(self._size)
        return order[place * self._batch : (place + 1) * self._batch]
