"""Judge pictures: what the checker reads in them, and how many objects they hold."""

import torch
from torch import Tensor

from models.bauklotz.checker import Checker, read
from models.bauklotz.count import count_objects


def judge(checker: Checker, picture: Tensor) -> dict[str, Tensor]:
    """Give an answer per question [n], on the CPU, for pictures [n, 3, 64, 64] in 0..1."""
    device = next(checker.parameters()).device
    answers = {name: a.cpu() for name, a in read(checker, picture.to(device)).items()}
    return {**answers, "count": torch.from_numpy(count_objects(picture.cpu().numpy()))}
