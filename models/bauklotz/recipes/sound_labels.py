"""The labels of sounds, as questions that a vector answers: heads that are thrown away after training."""

from collections.abc import Mapping
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.bauklotz.sound import LOUDNESSES, MOTIONS, NOTES, REGISTERS, RHYTHMS, TEMPOS, WAVES, Sounds

_CLASSES: Final[Mapping[str, int]] = {
    "wave": len(WAVES),
    "pitch": len(REGISTERS) * len(NOTES),
    "motion": len(MOTIONS),
    "loudness": len(LOUDNESSES),
    "rhythm": len(RHYTHMS),
    "tempo": len(TEMPOS),
}


def label_heads(width: int) -> nn.ModuleDict:
    """Give a head for each label of a sound."""
    return nn.ModuleDict({name: nn.Linear(width, count) for name, count in _CLASSES.items()})


def label_loss(heads: nn.ModuleDict, vectors: Tensor, sounds: Sounds) -> Tensor:
    """Ask vectors [n, width] for every label that there is."""
    losses = []
    for name, head in heads.items():
        right = torch.from_numpy(getattr(sounds, name)).to(vectors.device)
        if bool((right >= 0).any()):
            losses.append(F.cross_entropy(head(vectors), right, ignore_index=-1))
    return torch.stack(losses).sum()
