"""A batch of scenes as class numbers, one per question; -100 where the question does not apply."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import torch
from torch import Tensor

from models.bauklotz.scene import Ints, Scenes
from models.bauklotz.vocabulary import ARRANGEMENTS, COLOURS, LIGHTS, SHAPES, SIZES, STYLES

IGNORED: Final = -100
OBJECT: Final[Mapping[str, tuple[str, ...]]] = {"shape": SHAPES, "colour": COLOURS, "size": SIZES}
ANSWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "arrangement": ARRANGEMENTS,
    "background": COLOURS,
    "light": LIGHTS,
    "style": STYLES,
    **{f"{name}_{k}": words for k in (0, 1) for name, words in OBJECT.items()},
}
"""The words that the class numbers of each question stand for."""


def labels(scenes: Scenes) -> dict[str, Tensor]:
    """Give the right answer to each of the checker's questions [n]."""
    answers = {
        "arrangement": scenes.arrangement,
        "background": scenes.background,
        "light": scenes.light,
        "style": scenes.style,
    }
    for k in (0, 1):
        for name in OBJECT:
            answers[f"{name}_{k}"] = _applies(getattr(scenes, name)[:, k])
    return {name: torch.from_numpy(np.ascontiguousarray(a)) for name, a in answers.items()}


def _applies(answer: Ints) -> Ints:
    return np.where(answer < 0, IGNORED, answer)


def accuracy(answers: dict[str, Tensor], right: dict[str, Tensor]) -> dict[str, float]:
    """Give the share of right answers per question, among those that apply."""
    shares = {}
    for name, truth in right.items():
        counted = truth != IGNORED
        if counted.any():
            shares[name] = float((answers[name][counted] == truth[counted]).float().mean())
    return shares
