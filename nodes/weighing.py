"""Apply the weights of a prompt to its encoding, as compel 2.5 does it.

Guarantees
1. A prompt without weights is encoded exactly as the model does it.
2. A prompt with weights, or of several chunks, equals compel's encoding bit for bit.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from nodes.values import TokenSet

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

Read = Callable[[Sequence[int], Sequence[int]], "Tensor"]  # ids, and a mask: 0 hides -> [1 length width]

_ALMOST_NOTHING = 1e-5  # a weight of zero would make the tangent infinite


def weigh(
    tokens: TokenSet, plain: Sequence[Tensor], empty: Float[Tensor, "1 length width"], *, read: Read
) -> Float[Tensor, "1 tokens width"]:
    """Apply the weights of a token set to its chunks' encodings (each [1 length width]); `empty` is that of no text.

    More than 1 moves a token's vector away from the empty prompt's. Less than 1 also blends in the encoding in which
    the words of that part are hidden, the stronger the closer the weight is to 0.
    """
    import torch

    whole = _weighted(plain, tokens, empty)
    faint = _faint(tokens)
    if faint:
        hidden = [_weighted(_without(part, tokens, read, plain), tokens, empty) for part in faint]
        shares = torch.tensor([1.0, *(_share(weight) for weight in faint.values())], dtype=whole.dtype)
        shares = (shares / shares.sum()).reshape(-1, 1, 1).to(whole.device)
        whole = (torch.stack([whole, *hidden], dim=1) * shares).sum(dim=1)
    return whole.to(empty.dtype)


def _weighted(
    chunks: Sequence[Tensor], tokens: TokenSet, empty: Float[Tensor, "1 length width"]
) -> Float[Tensor, "1 tokens width"]:
    import torch

    weighted = []
    for z, row in zip(chunks, tokens.weights, strict=True):
        weights = torch.tensor(row, dtype=torch.float32).reshape(1, -1, 1).expand(z.shape).to(z.device)
        as_written = weights == 1
        weighted.append(z if bool(as_written.all()) else torch.where(as_written, z, empty + (z - empty) * weights))
    return torch.cat(weighted, dim=1)


def _faint(tokens: TokenSet) -> dict[int, float]:
    """Give the parts that weigh less than 1, in order, with their weights."""
    pairs = zip(chain(*tokens.parts), chain(*tokens.weights), strict=True)
    return {part: weight for part, weight in pairs if part >= 0 and weight < 1}


def _share(weight: float) -> float:
    return math.tan((1.0 - max(_ALMOST_NOTHING, weight)) * math.pi / 2)


def _without(part: int, tokens: TokenSet, read: Read, plain: Sequence[Tensor]) -> list[Tensor]:
    """Encode with one part hidden; a chunk that holds none of it stays as it was."""
    length = len(tokens.empty)
    places = [at for at, each in enumerate(chain(*tokens.parts)) if each == part]
    masks = []
    for number in range(len(tokens.ids)):
        flat = range(number * length, (number + 1) * length)
        masks.append([int(not places[0] <= at <= places[-1]) for at in flat])
        masks[-1][0] = masks[-1][-1] = 1
    return [z if all(mask) else read(ids, mask) for ids, mask, z in zip(tokens.ids, masks, plain, strict=True)]
