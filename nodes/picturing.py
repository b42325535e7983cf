"""Show pictures to a denoiser while it works: which vectors it gets, and how much they count in each step."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from nodes.tensors import like
from nodes.values import PicturePrompt

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Pictured:
    """What a denoiser with IP-Adapters is shown, one prompt for each adapter."""

    prompts: tuple[PicturePrompt, ...]

    @classmethod
    def of(cls, prompts: Sequence[PicturePrompt], net: Any) -> Pictured:
        """See that every layer that is asked for is there."""
        names = [name for name, _ in _lookers(net)]
        for wanted in (layer for prompt in prompts for layer in prompt.layers):
            if not any(wanted in name for name in names):
                known = ", ".join(sorted({name.split(".transformer_blocks")[0] for name in names}))
                raise InputError(f"no layer that looks at pictures is named {wanted[:60]!r}", hint=f"there are {known}")
        return cls(tuple(prompts))

    def rows(self, without: int, with_: int, net: Any) -> list[Float[Tensor, "rows pictures *vectors width"]]:
        """Give each adapter what it reads in a batch: first for so many rows without pictures, then with them."""
        import torch

        def repeated(vectors: Tensor, count: int) -> Tensor:
            return vectors.to(like(net))[None].expand(count, *vectors.shape)

        return [torch.cat([repeated(each.without, without), repeated(each.vectors, with_)]) for each in self.prompts]

    def tune(self, net: Any, step: int, steps: int) -> None:
        """Set how much each adapter counts in each layer in this step; 0 takes it out of the computation."""
        outside = [step / steps < each.start or (step + 1) / steps > each.stop for each in self.prompts]
        for name, processor in _lookers(net):
            processor.scale = [
                each.strength if not gone and _named(name, each.layers) else 0.0
                for each, gone in zip(self.prompts, outside, strict=True)
            ]


def _lookers(net: Any) -> Iterator[tuple[str, Any]]:
    """Give the library's processors that look at pictures, also those that are watched."""
    for name, processor in net.attn_processors.items():
        inner = getattr(processor, "plain", processor)
        if hasattr(inner, "to_k_ip"):
            yield name, inner


def _named(name: str, layers: Sequence[str]) -> bool:
    return not layers or any(layer in name for layer in layers)
