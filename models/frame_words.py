"""Tell each frame of a film what it shows: a small network that changes the sequence of a prompt, frame by frame.

Layers of time see no text, and a denoiser for pictures hears words of motion as words of place. This network hears them
and says of each frame what the denoiser understands.
"""

from pathlib import Path

import torch
from torch import Tensor, nn

FILE = "frame_words.safetensors"
_TAIL = 12  # vectors at the end of a sequence, where our text encoder gathers what a prompt says


class FrameWords(nn.Module):
    """Change sequences [..., frames, tokens, width] for the places of their frames in the film."""

    def __init__(self, *, frames: int, tokens: int, width: int, hidden: int = 256) -> None:
        super().__init__()
        self.read = nn.Linear(_TAIL * width, hidden)
        self.place = nn.Embedding(frames, hidden)
        self.mix = nn.Linear(hidden, hidden)
        self.write = nn.Linear(hidden, tokens * width)
        nn.init.zeros_(self.write.weight)  # at first, every frame is told the same
        nn.init.zeros_(self.write.bias)

    @classmethod
    def load(cls, file: Path) -> "FrameWords":
        """Load the weights, in float32; they say how large it is."""
        from safetensors.torch import load_file

        weights = load_file(file)
        (frames, hidden), (_, tail) = weights["place.weight"].shape, weights["read.weight"].shape
        width = tail // _TAIL
        tokens = len(weights["write.bias"]) // width
        net = cls(frames=frames, tokens=tokens, width=width, hidden=hidden)
        net.load_state_dict(weights)
        return net.float().eval().requires_grad_(requires_grad=False)

    def forward(self, text: Tensor) -> Tensor:
        """Spread a film of any length over the places that were learned."""
        seen = self.read(text[..., -_TAIL:, :].flatten(-2)) + self._places(text.shape[-3])
        mixed = nn.functional.gelu(self.mix(nn.functional.gelu(seen)))
        told: Tensor = text + self.write(mixed).view(text.shape)
        return told

    def _places(self, frames: int) -> Tensor:
        learned = self.place.weight
        at = torch.linspace(0, len(learned) - 1, frames, device=learned.device)
        before = at.floor().long().clamp(max=len(learned) - 2)
        return torch.lerp(learned[before], learned[before + 1], (at - before)[:, None])
