"""Stable Diffusion 1 and 2, and everything built like them: one CLIP text encoder, one U-Net."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.spec import Json
from nodes.families.family import Family
from nodes.preview import Colours
from nodes.values import Defaults

if TYPE_CHECKING:
    from torch import Tensor

SCHEDULE: Mapping[str, Json] = {
    "_class_name": "PNDMScheduler",
    "num_train_timesteps": 1000,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "prediction_type": "epsilon",
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
}


class StableDiffusion(Family):
    """Stable Diffusion 1.x and 2.x; bauklotz is built like it too."""

    name = "stable-diffusion"
    watchable = True
    space = "stable-diffusion"
    defaults = Defaults(steps=20, scale=7.5, rescale=0.0, width=512, height=512)
    # a linear fit of pictures on latents, as it is passed on in the community; not measured here
    preview = Colours(
        (
            (0.298, 0.207, 0.208),
            (0.187, 0.286, 0.173),
            (-0.158, 0.189, 0.264),
            (-0.184, -0.271, -0.473),
        )
    )

    schedule = SCHEDULE

    def read(self, encoder: Any, ids: Tensor, mask: Tensor | None, skip: int) -> tuple[Tensor, Tensor]:
        """Take the last layer, or an earlier one normalised as if it were the last; pooled from the last layer."""
        read = encoder(ids, attention_mask=mask, output_hidden_states=skip > 0)
        if skip == 0:
            return read.last_hidden_state, read.pooler_output
        norm = getattr(encoder, "text_model", encoder).final_layer_norm  # transformers 5 took `text_model` away
        return norm(read.hidden_states[-(skip + 1)]), read.pooler_output

    def extras(self, denoiser: Any, pooled: Tensor, size: tuple[int, int]) -> Mapping[str, Tensor] | None:
        return None
