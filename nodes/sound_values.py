"""What flows between the nodes that denoise sounds, beside what pictures have too."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class SoundPrompt:
    """What a sound is to be like and what it is to be unlike, as a denoiser of sounds reads both: unlike comes first.

    `sequence` has a vector for each token, and `mask` is 1 where one counts. `beside` is what is read beside it: the
    times for Stable Audio, for AudioLDM 2 what its language model writes. The sound runs from `start` to `end`, in
    seconds.
    """

    sequence: Float[Tensor, "2 tokens width"]
    mask: Int[Tensor, "2 tokens"]
    beside: Float[Tensor, "2 vectors beside"]
    family: str
    start: float
    end: float
