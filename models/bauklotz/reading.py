"""Read texts with the shipped CLIP as a prior reads them: a vector for the whole, and one for each token."""

from typing import NamedTuple

import torch
from torch import Tensor

from models.bauklotz.choice import Clip


class Read(NamedTuple):
    """Texts as CLIP reads them; `embedding` is not brought to length 1."""

    embedding: Tensor  # [n, width]
    states: Tensor  # [n, tokens, width]
    mask: Tensor  # [n, tokens], True where there is a token and not padding


@torch.no_grad()
def read(clip: Clip, texts: list[str]) -> Read:
    """Read texts; every one is padded to the model's length."""
    parts = [_read(clip, texts[i : i + 256]) for i in range(0, len(texts), 256)]
    return Read(*(torch.cat(tensors) for tensors in zip(*parts, strict=True)))


def _read(clip: Clip, texts: list[str]) -> Read:
    ids = clip.tokenizer(texts)
    given = clip.model.forward_intermediates(text=ids, text_indices=1, normalize=False, normalize_intermediates=True)
    ends = ids.argmax(1, keepdim=True)  # the end of a text has the largest id, and pads
    return Read(given["text_features"], given["text_intermediates"][-1], torch.arange(ids.shape[1]) <= ends)
