"""Draw noise from seeds, on the CPU, in the library's order."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Generator, Tensor, device, dtype


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """Where random numbers come from: one generator for the whole batch, or one for each picture in it.

    With one for each, a picture looks the same alone as in company, as far as its noise goes. A batch that is the
    frames of a film (`film`) is drawn as one: channel by channel, frame by frame, as the library has it.
    """

    generators: tuple[Generator, ...]
    each: bool
    film: bool = False

    @classmethod
    def of(cls, seed: int, seeds: Sequence[int] = (), *, film: bool = False) -> Noise:
        """Make the generators; `seeds`, where there are any, win over the one seed."""
        import torch

        made = tuple(torch.Generator("cpu").manual_seed(each) for each in seeds or (seed,))
        return cls(made, bool(seeds) and not film, film)

    @property
    def generator(self) -> Any:
        """What the library takes: a generator, or a list of them."""
        return list(self.generators) if self.each else self.generators[0]

    def like(self, x: Tensor) -> Float[Tensor, "batch channels height width"]:
        """Draw a standard normal tensor, with the shape, dtype and device of another."""
        return self.normal(x.shape, x.device, x.dtype)

    def normal(self, shape: Sequence[int], where: device, kind: dtype) -> Float[Tensor, "batch channels height width"]:
        """Draw a standard normal tensor."""
        from diffusers.utils.torch_utils import randn_tensor

        wanted = tuple(shape)
        if self.film:
            frames, channels, *size = wanted
            wanted = (channels, frames, *size)
        drawn: Tensor = randn_tensor(wanted, generator=self.generator, device=where, dtype=kind)
        return drawn.transpose(0, 1).contiguous() if self.film else drawn
