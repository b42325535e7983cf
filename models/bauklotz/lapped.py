"""Build an Encodec whose convolutions are a lapped transform, and whose codebooks are fitted to its coefficients.

The transform is the MDCT (Princen and Bradley 1987): each frame sees itself and the one before it. Strided
convolutions first lay neighbouring samples side by side, as channels, then turn them into coefficients; transposed
ones go back the same way, one frame later. Signals are so quiet inside that every ELU is as good as linear, and the
recurrence adds nothing.

Guarantees
1. Without its codebooks the codec gives back what it hears, one frame later, to within half a percent.
2. The same coefficients and generator give the same codebooks.
"""

from itertools import accumulate, pairwise
from math import prod
from operator import mul
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Generator, Tensor, nn

if TYPE_CHECKING:
    from transformers import EncodecModel

QUIET: Final = 2.0**-10
"""The scale of signals inside the network, so that no ELU bends them."""
ROUNDS: Final = 8
"""How often each code moves to the mean of what it stands for."""
SLICE: Final = 8192
HUSH: Final = 0.5
"""What counts as silence beside what usually sounds, by power."""


def lapped_codec(ratios: tuple[int, ...], *, rate: int, books: int, codes: int, loudness: Tensor) -> "EncodecModel":
    """Give a codec of frames of prod(ratios) samples; each coefficient counts as much as `loudness` says."""
    from transformers import EncodecConfig, EncodecModel

    size = prod(ratios)
    bits = (codes - 1).bit_length()
    config = EncodecConfig(
        target_bandwidths=[books * bits * rate / size / 1000],
        sampling_rate=rate,
        num_filters=size // 2 ** len(ratios),
        hidden_size=size,
        upsampling_ratios=list(ratios),
        codebook_size=codes,
        num_residual_layers=0,
        num_lstm_layers=1,
        use_causal_conv=True,
    )
    codec = EncodecModel(config).eval()
    assert len(codec.quantizer.layers) == books
    with torch.no_grad():
        _listen(codec.encoder.layers, ratios, loudness)
        _speak(codec.decoder.layers, ratios, loudness)
    return codec


def transform(size: int) -> Tensor:
    """Give the MDCT of a sine window [2 * size samples, size coefficients]; it is its own inverse, overlapped."""
    n, k = torch.arange(2 * size, dtype=torch.float64), torch.arange(size, dtype=torch.float64)
    window = torch.sin(torch.pi * (n + 0.5) / (2 * size))
    turned = torch.cos(torch.pi / size * (n[:, None] + 0.5 + size / 2) * (k + 0.5))
    found: Tensor = ((2 / size) ** 0.5 * window[:, None] * turned).float()
    return found


def _listen(layers: Any, ratios: tuple[int, ...], loudness: Tensor) -> None:
    """Make the encoder: samples side by side, coefficients, and what each of them counts."""
    first, *strided, last = [layer.conv for layer in layers if hasattr(layer, "conv")]
    _carry(first, torch.full((1,), QUIET))
    side = 1
    for conv, ratio in zip(strided[:-1], reversed(ratios[1:]), strict=True):
        weight = torch.zeros_like(conv.weight)
        for tap in range(ratio):
            for channel in range(side):
                weight[tap * side + channel, channel, ratio + tap] = 1
        _put(conv, weight)
        side *= ratio
    _put(strided[-1], _by_taps(strided[-1].weight, transform(prod(ratios)), side))
    _still(layers)
    _carry(last, loudness / QUIET)


def _speak(layers: Any, ratios: tuple[int, ...], loudness: Tensor) -> None:
    """Make the decoder: the encoder backwards."""
    first, *strided, last = [layer.conv for layer in layers if hasattr(layer, "conv")]
    _carry(first, QUIET / loudness)
    _still(layers)
    sides = [prod(ratios) // done for done in accumulate(ratios, mul)]  # channels that stand for samples
    _put(strided[0], _by_taps(strided[0].weight, transform(prod(ratios)), sides[0]))
    for conv, ratio, side in zip(strided[1:], ratios[1:], sides[1:], strict=True):
        weight = torch.zeros_like(conv.weight)
        for tap in range(ratio):
            for channel in range(side):
                weight[tap * side + channel, channel, tap] = 1
        _put(conv, weight)
    _carry(last, torch.full((1,), 1 / QUIET))


def _by_taps(like: Tensor, basis: Tensor, side: int) -> Tensor:
    """Lay a transform out over the taps of a kernel [coefficients, channels, taps], `side` samples in each."""
    weight = torch.zeros_like(like)
    weight[: basis.shape[1], :side] = basis.T.reshape(basis.shape[1], -1, side).transpose(1, 2)
    return weight


def _carry(conv: nn.Conv1d, scales: Tensor) -> None:
    """Hand the first channels on, the present sample alone, each by its scale."""
    weight = torch.zeros_like(conv.weight)
    each = torch.arange(len(scales))
    weight[each, each, -1] = scales
    _put(conv, weight)


def _put(conv: Any, weight: Tensor) -> None:
    """Set a convolution under weight normalisation, which cannot be all zero in any row."""
    norm = weight.flatten(1).norm(dim=1)[:, None, None]
    parts = conv.parametrizations.weight
    parts.original0.copy_(norm)
    parts.original1.copy_(torch.where(norm > 0, weight, 1.0))
    conv.bias.zero_()


def _still(layers: Any) -> None:
    """Let the recurrence add nothing."""
    for layer in layers:
        if hasattr(layer, "lstm"):
            for weight in layer.lstm.parameters():
                weight.zero_()


def fit_codebooks(codec: "EncodecModel", latent: Tensor, *, bands: tuple[int, ...], generator: Generator) -> None:
    """Fit one codebook to each band of a latent [n, channels], so that soft sounds are kept like loud ones.

    Its codes are silent in the other bands: what the codec searches in turn are then independent choices. Codes are the
    means of what is nearest to them (Lloyd 1982), each vector counted the less the louder it is.
    """
    for layer, (start, end) in zip(codec.quantizer.layers, pairwise(bands), strict=True):
        band = latent[:, start:end]
        power = band.square().sum(1)
        usual = power[power > power.max() * 1e-4].median()
        book = layer.codebook.embed
        book.zero_()
        book[:, start:end] = _fitted(band, (power + HUSH * usual).rsqrt(), len(book), generator)


def _fitted(vectors: Tensor, counts: Tensor, codes: int, generator: Generator) -> Tensor:
    chances = counts / counts.sum()
    book = vectors[torch.multinomial(chances, codes, generator=generator)].clone()
    for _ in range(ROUNDS):
        index = _nearest(vectors, book)
        total = torch.zeros(codes).index_add_(0, index, counts)
        sums = torch.zeros_like(book).index_add_(0, index, vectors * counts[:, None])
        used = total > 0
        book[used] = sums[used] / total[used, None]
        lost = int((~used).sum())
        if lost:
            book[~used] = vectors[torch.multinomial(chances, lost, generator=generator)]
    return book


def _nearest(vectors: Tensor, book: Tensor) -> Tensor:
    norms = book.square().sum(1)
    parts = [vectors[start : start + SLICE] for start in range(0, len(vectors), SLICE)]
    return torch.cat([(norms - 2 * part @ book.T).argmin(1) for part in parts])
