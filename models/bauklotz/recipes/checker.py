"""Train the checker, on real renders only (with noise and blur, never on generated pictures)."""

from collections.abc import Mapping
from typing import Final

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.checker import Checker, read
from models.bauklotz.draw import draw
from models.bauklotz.labels import IGNORED, accuracy, labels
from models.bauklotz.recipe import Place, Recipe
from models.bauklotz.scene import held_out_scenes, training_scenes

BATCH: Final = 64


class CheckerTask:
    """The checker in training."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.checker = Checker().to(place.device)

    @property
    def module(self) -> nn.Module:
        return self.checker

    def loss(self, step: int) -> Tensor:
        scenes = training_scenes(self.place.seed(1_000_000, step), BATCH, pairs=0.6)
        generator = torch.Generator().manual_seed(step)
        picture = blemish(torch.from_numpy(draw(scenes)), generator).to(self.place.device)
        right = {name: a.to(self.place.device) for name, a in labels(scenes).items()}
        logits = self.checker(picture)
        losses = [F.cross_entropy(logits[name], a, ignore_index=IGNORED) for name, a in right.items()]
        return torch.stack(losses).sum()

    def report(self, step: int) -> Mapping[str, float]:
        """Measure on held-out combinations, one and two objects apart."""
        shares: dict[str, float] = {}
        for kind, pairs in (("one", 0.0), ("two", 1.0)):
            scenes = held_out_scenes(7, 1000, pairs=pairs)
            answers = read(self.checker, torch.from_numpy(draw(scenes)).to(self.place.device))
            found = accuracy({n: a.cpu() for n, a in answers.items()}, labels(scenes))
            shares |= {f"{kind}/{name}": round(share, 4) for name, share in found.items()}
        return shares

    def export(self) -> None:
        folder = self.place.out / "checker"
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {name: t.half().contiguous().cpu() for name, t in self.checker.state_dict().items()}
        save_file(tensors, folder / "model.safetensors")


def blemish(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Add a little noise and, to every other picture, a little blur: a decoder's faults, not an object's."""
    soft = F.avg_pool2d(F.pad(picture, (1, 1, 1, 1), mode="replicate"), 3, 1)
    amount = torch.rand((len(picture), 1, 1, 1), generator=generator) - 0.5
    picture = torch.lerp(picture, soft, amount.clamp(min=0))
    level = 0.06 * torch.rand((len(picture), 1, 1, 1), generator=generator)
    return picture + level * torch.randn(picture.shape, generator=generator)


CHECKER: Final = Recipe("checker", CheckerTask, steps=2500, rate=2e-3, average=0.995, report_every=250)
