"""Stable Diffusion XL: two CLIP text encoders, a pooled vector and the picture's size beside the sequence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from engine.spec import Json
from nodes.families.family import Family
from nodes.families.stable_diffusion import SCHEDULE
from nodes.preview import Colours
from nodes.values import Defaults

if TYPE_CHECKING:
    from torch import Tensor


class StableDiffusionXL(Family):
    """Stable Diffusion XL base."""

    name = "stable-diffusion-xl"
    watchable = True
    space = "stable-diffusion-xl"
    defaults = Defaults(steps=20, scale=5.0, rescale=0.0, width=1024, height=1024)
    # a linear fit of pictures on latents, as it is passed on in the community; not measured here
    preview = Colours(
        (
            (0.3920, 0.4054, 0.4549),
            (-0.2634, -0.0196, 0.0653),
            (0.0568, 0.1687, -0.0755),
            (-0.3112, -0.2359, -0.2076),
        )
    )

    schedule: ClassVar[Mapping[str, Json]] = {
        **SCHEDULE,
        "_class_name": "EulerDiscreteScheduler",
        "timestep_spacing": "leading",
    }
    zero_empty = True

    def read(self, encoder: Any, ids: Tensor, mask: Tensor | None, skip: int) -> tuple[Tensor, Tensor]:
        """Take the last layer but one, as it is; pooled from the last layer, projected where the encoder projects."""
        read = encoder(ids, attention_mask=mask, output_hidden_states=True)
        pooled = read.text_embeds if hasattr(read, "text_embeds") else read.pooler_output
        return read.hidden_states[-(skip + 2)], pooled

    def extras(self, denoiser: Any, pooled: Tensor, size: tuple[int, int]) -> Mapping[str, Tensor] | None:
        """Give the pooled text and the sizes: original, top left corner, target; the picture is a whole one."""
        import torch

        ids = torch.tensor([[*size, 0, 0, *size]], dtype=pooled.dtype, device=pooled.device)
        return {"text_embeds": pooled, "time_ids": ids.repeat(pooled.shape[0], 1)}
