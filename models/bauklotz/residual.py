"""Train the codebooks of an Encodec, which transformers only reads: by running averages, one on what the last left.

Guarantees
1. What passes through is quantised as the library does it; its gradient passes straight through.
2. A code that nothing comes near is put where something is; where, depends on the generator alone.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

if TYPE_CHECKING:
    from transformers import EncodecModel

DECAY: Final = 0.97
DEAD: Final = 0.05
"""A code that stands for less than so many vectors a step is put elsewhere."""


def quantise(codec: "EncodecModel", latent: Tensor, *, generator: Generator) -> tuple[Tensor, Tensor]:
    """Quantise a latent [n, channels, frames] in training; give it, and how far the encoder was from its codes."""
    rest = latent.transpose(1, 2).flatten(0, 1)
    found, apart = torch.zeros_like(rest), rest.new_zeros(())
    for layer in codec.quantizer.layers:
        book = layer.codebook
        with torch.no_grad():
            _revive(book, rest, generator)
            index = book.quantize(rest)
            _average(book, rest, index)
        code = F.embedding(index, book.embed)
        apart = apart + F.mse_loss(rest, code)
        rest, found = rest - code, found + code
    flat = latent.transpose(1, 2).flatten(0, 1)
    straight = flat + (found - flat).detach()
    return straight.view(latent.shape[0], latent.shape[2], -1).transpose(1, 2), apart


def codebooks(codec: "EncodecModel") -> Iterator[tuple[str, Tensor]]:
    """Give every tensor of the codebooks that training changes."""
    for number, layer in enumerate(codec.quantizer.layers):
        for name in ("embed", "embed_avg", "cluster_size"):
            yield f"{number}.{name}", getattr(layer.codebook, name)


def _revive(book: Any, vectors: Tensor, generator: Generator) -> None:
    """Put codes that are not used onto vectors of the batch."""
    dead = book.cluster_size < DEAD
    count = int(dead.sum())
    if count:
        rows = torch.randint(len(vectors), (count,), generator=generator).to(vectors.device)
        book.embed[dead] = vectors[rows]
        book.embed_avg[dead] = vectors[rows]
        book.cluster_size[dead] = 1.0


def _average(book: Any, vectors: Tensor, index: Tensor) -> None:
    """Move each code towards the mean of the vectors that it stands for."""
    size = len(book.embed)
    counts = torch.bincount(index, minlength=size).to(vectors.dtype)
    sums = torch.zeros_like(book.embed).index_add_(0, index, vectors)
    book.cluster_size.lerp_(counts, 1 - DECAY)
    book.embed_avg.lerp_(sums, 1 - DECAY)
    seen = book.cluster_size > 1e-3
    book.embed[seen] = book.embed_avg[seen] / book.cluster_size[seen, None]
