"""Play the codes of a sound piece by piece, while it is written.

Guarantees
1. All pieces together are the sound that the codec plays of all codes at once, to within rounding.
2. Each frame is played once; what is kept of those before it is bounded.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from nodes.audio_model import Composer

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

_REACH: Final = 8
"""How many frames the convolutions on one side of the recurrence look back, or ahead, at most: Encodec's reach 6."""


def can_stream(composer: Composer) -> bool:
    """Say whether the codec is one that can be played in pieces: no part of it looks at a whole sound at once."""
    config = composer.model.config.audio_encoder
    return bool(config.model_type == "encodec" and config.norm_type == "weight_norm" and not config.normalize)


def played(composer: Composer, codes: Int[Tensor, "batch books frames"]) -> Float[Tensor, "batch channels samples"]:
    """Play codes: as the library does what the model hears at once, and what is longer in pieces of that length."""
    import torch

    count, window = codes.shape[2], composer.handle.window
    if count <= window or not can_stream(composer):
        return composer.play(codes)
    player = Player(composer)
    ends = [*range(window, count, window), count]
    return torch.cat([player.play(codes[..., :end], last=end == count) for end in ends], dim=2)


class Player:
    """A codec at play: convolutions, a recurrence over the frames, and convolutions that make samples (Encodec).

    One that is not causal is heard a little later than its codes are there.
    """

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._codec: Any = composer.model.audio_encoder
        self._ahead = 0 if self._codec.config.use_causal_conv else _REACH
        self._recalled = 0  # frames that the recurrence has passed
        self._memory: Any = None
        self._states: Tensor | None = None  # what it made of the latest of them
        self.played = 0
        """How many frames were played."""

    def play(
        self, codes: Int[Tensor, "batch books frames"], *, last: bool = False
    ) -> Float[Tensor, "batch channels samples"]:
        """Play what was not played yet of the codes of all frames that are there; `last` if no more will come."""
        import torch

        count, sides = codes.shape[2], self._composer.handle.channels
        ahead = 0 if last else self._ahead
        if last or count - ahead >= _REACH:  # how it begins is a mirror of what comes first
            self._recall(codes, max(self._recalled, count - ahead))
        end = max(self.played, self._recalled - ahead)
        if end == self.played:
            return torch.zeros(len(codes), sides, 0)
        made = self._made(end)
        self.played = end
        return torch.cat(made.chunk(sides), dim=1).float().cpu()

    def _recall(self, codes: Tensor, end: int) -> None:
        """Bring the recurrence up to a frame."""
        import torch

        first, recurrence, *_ = self._codec.decoder.layers
        start, self._recalled = self._recalled, end
        if start == end:
            return
        begin = max(0, start - _REACH)
        sides = self._composer.handle.channels
        heard = codes[..., begin : min(codes.shape[2], end + self._ahead)].to(self._composer.model.device)
        rows = torch.cat([heard[:, side::sides] for side in range(sides)])
        inner = first(self._codec.quantizer.decode(rows.transpose(0, 1)))[..., start - begin : end - begin]
        told, self._memory = recurrence.lstm(inner.permute(2, 0, 1), self._memory)
        made = told.permute(1, 2, 0) + inner
        before = made[..., :0] if self._states is None else self._states[..., -(start - self.played + _REACH) :]
        self._states = torch.cat([before, made], dim=2)

    def _made(self, end: int) -> Tensor:
        """Make the samples of the frames from those that were played up to one, [sides * batch, 1, samples]."""
        assert self._states is not None
        hop = self._composer.handle.hop
        oldest = self._recalled - self._states.shape[2]
        begin = max(oldest, self.played - _REACH)
        made: Tensor = self._states[..., begin - oldest :]
        for layer in self._codec.decoder.layers[2:]:
            made = layer(made)
        return made[..., (self.played - begin) * hop : (end - begin) * hop]
