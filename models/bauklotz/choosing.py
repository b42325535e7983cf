"""Choose between the text that is true and those with one attribute replaced: which of them is nearest."""

from collections.abc import Callable, Iterator, Sequence, Sized
from typing import Final, Protocol, TypeVar

import torch
from torch import Tensor

COLUMNS: Final = {"n": "n", "en": "English", "de": "German"}
"""What the columns of a table of choices are called."""

Many = TypeVar("Many", bound=Sized, covariant=True)


class Replaced(Protocol[Many]):
    """An attribute that is in question, and what there is with each of its wrong values."""

    @property
    def attribute(self) -> str: ...

    @property
    def others(self) -> Many: ...


def chosen(
    asks: Sequence[Replaced[Many]],
    say: Callable[[Many, int], str],
    *,
    true: str,
    embed: Callable[[list[str]], Tensor],
    vector: Tensor,
) -> Iterator[tuple[str, bool]]:
    """Say of each attribute in question whether the true text is nearer to a vector than every wrong one."""
    others = [ask.others for ask in asks]
    texts = [true, *(say(each, row) for each in others for row in range(len(each)))]
    right, *wrong = torch.split(embed(texts) @ vector, [1, *map(len, others)])
    for ask, near in zip(asks, wrong, strict=True):
        yield ask.attribute, bool(right > near.max())
