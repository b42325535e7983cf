"""Tell each frame of a film what it shows: a small network that changes the sequence of a prompt, frame by frame.

Layers of time see no text, and a denoiser for pictures hears words of motion as words of place. This network reads what
kind of thing happens, knows how far each kind has come in each frame, and says what the denoiser understands.
"""

from pathlib import Path

import torch
from torch import Tensor, nn

FILE = "frame_words.safetensors"
_TAIL = 12  # vectors at the end of a sequence, where our text encoder gathers what a prompt says


class Reader(nn.Module):
    """Read from a sequence which of some kinds of things happens."""

    def __init__(self, *, width: int, kinds: int, looks: int = 8, hidden: int = 256) -> None:
        super().__init__()
        self.look = nn.Linear(width, looks)
        self.hold = nn.Linear(width, width)
        self.join = nn.Linear(looks * width, hidden)
        self.tell = nn.Linear(hidden, kinds)

    def forward(self, text: Tensor) -> Tensor:
        """Give logits [..., kinds] of sequences [..., tokens, width]."""
        seen = self.look(text).softmax(-2).transpose(-1, -2) @ self.hold(text)
        told: Tensor = self.tell(nn.functional.gelu(self.join(seen.flatten(-2))))
        return told


class FrameWords(nn.Module):
    """Change sequences [..., frames, tokens, width] for the places of their frames in the film."""

    def __init__(self, reader: Reader, *, frames: int, tokens: int, width: int, hidden: int = 256) -> None:
        super().__init__()
        self.reader = reader
        self.read = nn.Linear(_TAIL * width, hidden)
        begin, way = torch.randn(2, reader.tell.out_features, 1, hidden)
        self.place = nn.Parameter(begin + way * torch.linspace(-1, 1, frames)[:, None])
        self.mix = nn.Linear(hidden, hidden)
        self.keep = nn.Linear(hidden, 1)
        self.write = nn.Linear(hidden, tokens * width)
        for layer in (self.keep, self.write):  # at first, every frame is told the same
            nn.init.zeros_(layer.weight)
        nn.init.zeros_(self.write.bias)
        nn.init.constant_(self.keep.bias, 6.0)

    @classmethod
    def load(cls, file: Path) -> "FrameWords":
        """Load the weights, in float32; they say how large it is."""
        from safetensors.torch import load_file

        weights = load_file(file)
        (kinds, frames, hidden), (looks, width) = weights["place"].shape, weights["reader.look.weight"].shape
        reader = Reader(width=width, kinds=kinds, looks=looks, hidden=len(weights["reader.join.bias"]))
        net = cls(reader, frames=frames, tokens=len(weights["write.bias"]) // width, width=width, hidden=hidden)
        net.load_state_dict(weights)
        return net.float().eval().requires_grad_(requires_grad=False)

    def forward(self, text: Tensor, at: Tensor | None = None) -> Tensor:
        """Tell each frame what it shows; `at` [..., frames] says how far things have come, by default from 0 to 1."""
        at = torch.linspace(0, 1, text.shape[-3], device=text.device) if at is None else at
        come = torch.einsum("...fk,k...fh->...fh", self.reader(text).softmax(-1), self._come(at))
        seen = self.read(text[..., -_TAIL:, :].flatten(-2))
        mixed = nn.functional.gelu(self.mix(nn.functional.gelu(seen + come)))
        told: Tensor = self.keep(mixed).sigmoid()[..., None] * text + self.write(mixed).view(text.shape)
        return told

    def _come(self, at: Tensor) -> Tensor:
        """Give what is known of each kind when it has come so far [kinds, ..., frames, hidden]."""
        last = self.place.shape[1] - 1
        before = (at * last).floor().long().clamp(max=last - 1)
        return torch.lerp(self.place[:, before], self.place[:, before + 1], (at * last - before)[..., None])
