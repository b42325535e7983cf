"""The checker: a small convolutional net that reads what a picture shows.

It is trained on real renders only (recipes/checker.py) and judges generated pictures.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from models.bauklotz.vocabulary import ARRANGEMENTS, COLOURS, LIGHTS, SHAPES, SIZES, STYLES

HEADS: Final[Mapping[str, int]] = {
    "arrangement": len(ARRANGEMENTS),
    "background": len(COLOURS),
    "light": len(LIGHTS),
    "style": len(STYLES),
    "shape_0": len(SHAPES),
    "shape_1": len(SHAPES),
    "colour_0": len(COLOURS),
    "colour_1": len(COLOURS),
    "size_0": len(SIZES),
    "size_1": len(SIZES),
}
"""What is read, and how many answers each has; object 0 is the left or upper one."""


class Checker(nn.Module):
    """Read pictures [n, 3, 64, 64] in 0..1 into one row of logits per head."""

    def __init__(self) -> None:
        super().__init__()
        self.see = nn.Sequential(
            _stage(3, 32, size=5, stride=2),
            _stage(32, 64, stride=2),
            _stage(64, 96, stride=2),
            _stage(96, 96),
            nn.Conv2d(96, 32, 1),
            nn.Flatten(),
            nn.Linear(32 * 8 * 8, 192),
            nn.SiLU(),
        )
        self.heads = nn.ModuleDict({name: nn.Linear(192, count) for name, count in HEADS.items()})

    def forward(self, picture: Tensor) -> dict[str, Tensor]:
        seen = self.see(picture * 2 - 1)
        return {name: head(seen) for name, head in self.heads.items()}


def _stage(inside: int, outside: int, *, size: int = 3, stride: int = 1) -> nn.Module:
    return nn.Sequential(nn.Conv2d(inside, outside, size, stride, size // 2), nn.GroupNorm(8, outside), nn.SiLU())


def load_checker(folder: Path) -> Checker:
    """Load the trained checker, in float32."""
    checker = Checker()
    tensors = load_file(folder / "model.safetensors")
    checker.load_state_dict({name: t.float() for name, t in tensors.items()})
    return checker.eval()


@torch.no_grad()
def read(checker: Checker, picture: Tensor) -> dict[str, Tensor]:
    """Give the checker's answer per head [n]."""
    return {name: logits.argmax(-1) for name, logits in checker(picture).items()}
