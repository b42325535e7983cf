"""Lift a U-Net into time by a motion adapter (AnimateDiff: Guo et al., arXiv 2307.04725), by diffusers."""

from typing import Any

import torch
from torch import Tensor, nn


def lift(net: Any, adapter: Any) -> Any:
    """Give a UNetMotionModel with the weights of a U-Net and of a motion adapter, in eval mode.

    The library's class leaves out the text that some U-Nets add to the time, pooled; here it is told as the time's
    condition: `timestep_cond` takes one sequence for each clip.
    """
    from diffusers.models.unets.unet_motion_model import UNetMotionModel

    with torch.random.fork_rng(devices=[]):  # what it draws first is overwritten
        moving = UNetMotionModel.from_unet2d(net, adapter).to(net.device)
    if net.config.addition_embed_type == "text":
        moving.time_embedding = _TimeAndText(moving.time_embedding, net.add_embedding)
    return moving.eval().requires_grad_(requires_grad=False)


class _TimeAndText(nn.Module):
    def __init__(self, time: nn.Module, text: nn.Module) -> None:
        super().__init__()
        self.time, self.text = time, text

    def forward(self, sample: Tensor, condition: Tensor) -> Tensor:
        added: Tensor = self.time(sample) + self.text(condition)
        return added
