"""Show a latent as a small picture, without decoding it."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

import math
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

_SIDE = 128  # pixels of the longer side, at least
_FRAMES = 16  # of a film that are shown, at most
_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Colours:
    """A linear fit of pictures, from -1 to 1, on latents: red, green and blue of each channel, and of nothing."""

    channels: tuple[tuple[float, float, float], ...]
    ground: tuple[float, float, float] = (0.0, 0.0, 0.0)


DECODED: Final = Colours(((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)))
"""Of a decoded picture, whose channels are red, green and blue themselves."""


def jpeg(latent: Float[Tensor, "batch channels height width"], colours: Colours | None) -> bytes:
    """Draw the first latent as a JPEG; where no fit is known, its first three channels."""
    import torch

    x = latent[0].detach().float().cpu()
    fit = colours or _first_three(x.shape[0])
    rgb = torch.einsum("chw,cr->hwr", x, torch.tensor(fit.channels)) + torch.tensor(fit.ground)
    return _written(rgb)


def grey(latent: Float[Tensor, "batch channels rows columns"]) -> bytes:
    """Draw the first latent of a sound as a JPEG, time from left to right; of one row, its channels lie upon another.

    Any other is a spectrogram of so many rows in time, whose first channel is drawn with low tones below.
    """
    x = latent[0].detach().float().cpu()
    sheet = x[:, 0] if x.shape[1] == 1 else x[0].T.flip(0)
    return _written((sheet / 2).unsqueeze(-1).expand(-1, -1, 3))


def _written(rgb: Float[Tensor, "height width 3"]) -> bytes:
    """Write colours from -1 to 1 as a JPEG that is not too small to see."""
    from PIL import Image

    picture = Image.fromarray(((rgb / 2 + 0.5).clamp(0, 1).nan_to_num(0.5) * 255).byte().numpy())
    scale = max(1, _SIDE // max(picture.size))
    file = BytesIO()
    picture.resize((picture.width * scale, picture.height * scale)).save(file, "JPEG", quality=80)
    return file.getvalue()


def laid_out(film: Float[Tensor, "frames channels height width"]) -> Float[Tensor, "1 channels rows columns"]:
    """Lay frames of a film out side by side, evenly spread from the first to the last."""
    import torch

    count = min(len(film), _FRAMES)
    chosen = film[torch.linspace(0, len(film) - 1, count).round().long()]
    columns = min(count, _COLUMNS)
    rows = math.ceil(count / columns)
    sheet = film.new_zeros(rows * columns, *film.shape[1:])
    sheet[:count] = chosen
    lines = sheet.view(rows, columns, *film.shape[1:]).permute(2, 0, 3, 1, 4)
    return lines.flatten(3, 4).flatten(1, 2)[None]


def _first_three(channels: int) -> Colours:
    unit = ((0.5, 0.0, 0.0), (0.0, 0.5, 0.0), (0.0, 0.0, 0.5))
    return Colours((unit + ((0.0, 0.0, 0.0),) * channels)[:channels])
