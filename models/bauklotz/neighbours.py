"""Measure DINO by its neighbours: what the nearest pictures show, which no training ever named.

The same is asked of the plain pixels: what they tell already was not learned.
Run: python -m models.bauklotz.neighbours [--weights DIR] [--out FILE]
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from models.bauklotz.draw import draw
from models.bauklotz.json_file import write_json
from models.bauklotz.options import options
from models.bauklotz.scene import Scenes, held_out_scenes, training_scenes
from models.bauklotz.score import Shares
from models.bauklotz.table import table

if TYPE_CHECKING:
    from transformers import Dinov2Model

ATTRIBUTES: Final = ("shape", "colour", "background", "light", "style", "size", "arrangement")
BANK: Final = 4000
COUNT: Final = 1000
NEAREST: Final = 20
TEMPERATURE: Final = 0.07
ABOVE_PIXELS: Final = 0.1
"""The floor: how far the features' accuracy on shape must be above that of pixels."""
GOAL: Final = 0.9


def load_dino(folder: Path) -> "Dinov2Model":
    """Load the encoder from a folder in transformers' layout, in float32."""
    from transformers import AutoModel

    return AutoModel.from_pretrained(folder, dtype=torch.float32).eval()


@torch.no_grad()
def features(model: "Dinov2Model", picture: Tensor) -> Tensor:
    """Give the class vector [n, width] of pictures [n, 3, 64, 64] in 0..1."""
    parts = torch.split(picture * 2 - 1, 100)
    return torch.cat([model(part).last_hidden_state[:, 0] for part in parts])


def evaluate(model: "Dinov2Model", *, bank: int = BANK, count: int = COUNT) -> dict[str, Shares]:
    """Give the accuracy of the features' and of the pixels' neighbours on held-out scenes of one object.

    Of the pixels' figures with one neighbour and with twenty, the better one counts.
    """
    known, asked = training_scenes(21, bank, pairs=0), held_out_scenes(22, count, pairs=0)
    pictures = [torch.from_numpy(draw(scenes)) for scenes in (known, asked)]
    near = nearest(*(features(model, picture) for picture in pictures))
    near_pixels = nearest(*(picture.flatten(1) for picture in pictures))
    found: dict[str, Shares] = {"features": {}, "pixels": {}}
    for name in ATTRIBUTES:
        truth, right = _truth(known, name), _truth(asked, name)
        found["features"][name] = vote(near, truth, right, count=NEAREST)
        found["pixels"][name] = max(vote(near_pixels, truth, right, count=k) for k in (1, NEAREST))
    return found


def _truth(scenes: Scenes, name: str) -> Tensor:
    values = getattr(scenes, name)
    return torch.from_numpy(np.ascontiguousarray(values if values.ndim == 1 else values[:, 0]))


def nearest(bank: Tensor, asked: Tensor) -> Tensor:
    """Give the cosine of each asked vector to each of the bank [asked, bank]."""
    return F.normalize(asked, dim=1) @ F.normalize(bank, dim=1).T


def vote(near: Tensor, truth: Tensor, right: Tensor, *, count: int) -> float:
    """Let the nearest vote, weighted by closeness (Wu et al. 2018, as in DINO); give the share of right answers."""
    closeness, rows = near.topk(count, dim=1)
    votes = torch.zeros(len(near), int(truth.max()) + 1)
    votes.scatter_add_(1, truth[rows], (closeness / TEMPERATURE).exp())
    return float((votes.argmax(1) == right).float().mean())


def main() -> None:
    """Evaluate, print the table and write the figures."""
    asked = options(__doc__, "evaluation_dino.json").parse_args()
    torch.set_num_threads(1)
    found = evaluate(load_dino(asked.weights / "dino"))
    goals, floors = {"shape": GOAL}, {"shape": found["pixels"]["shape"] + ABOVE_PIXELS}
    report = {"bank": BANK, "scenes": COUNT, "nearest": NEAREST, "shares": found, "goal": goals}
    write_json(asked.out, report)
    print(table(found, {column: column for column in found}, floors=floors, goals=goals))


if __name__ == "__main__":
    main()
