"""Ask a denoiser what it predicts, the way the guidance says."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from nodes.values import CFG, Conditioning

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from nodes.families.family import Family


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What a denoiser is asked with beside the latent: both prompts, uncond first as the library has it, or one."""

    sequence: Tensor
    extras: Mapping[str, Tensor] | None


@dataclass(frozen=True, slots=True, eq=False)
class Steering:
    """A denoiser under classifier-free guidance."""

    net: Any
    rule: CFG
    both: Asked
    alone: Asked
    distilled: Tensor | None  # the scale as an embedding, where the model was distilled to take it so
    steps: int

    @classmethod
    def of(cls, family: Family, net: Any, rule: CFG, *, batch: int, size: tuple[int, int], steps: int) -> Steering:
        """Prepare everything that is the same in each step; `size` is the picture's height and width."""
        import torch

        positive, negative = (_repeated(each, batch, net) for each in (rule.positive, rule.negative))
        both = [torch.cat(pair) for pair in zip(negative, positive, strict=True)]
        return cls(
            net=net,
            rule=rule,
            both=Asked(both[0], family.extras(net, both[1], size)),
            alone=Asked(positive[0], family.extras(net, positive[1], size)),
            distilled=_distilled(net, rule.scale, batch),
            steps=steps,
        )

    def predict(
        self, x: Float[Tensor, "batch channels height width"], t: Tensor, step: int
    ) -> Float[Tensor, "batch channels height width"]:
        """Predict noise, velocity or picture, whichever the model was trained for (Ho & Salimans, arXiv 2207.12598)."""
        import torch

        if not self._acts(step):
            return self._ask(x, t, self.alone)
        uncond, cond = self._ask(torch.cat([x, x]), t, self.both).chunk(2)
        guided = uncond + self.rule.scale * (cond - uncond)
        return _rescaled(guided, cond, self.rule.rescale) if self.rule.rescale > 0 else guided

    def _acts(self, step: int) -> bool:
        first, last = int(self.rule.start * self.steps), int(self.rule.stop * self.steps)
        return self.rule.scale > 1 and self.distilled is None and first <= step < last

    def _ask(self, x: Tensor, t: Tensor, asked: Asked) -> Tensor:
        predicted: Tensor = self.net(
            x,
            t,
            encoder_hidden_states=asked.sequence,
            timestep_cond=self.distilled,
            added_cond_kwargs=asked.extras,
            return_dict=False,
        )[0]
        return predicted


def _repeated(conditioning: Conditioning, batch: int, net: Any) -> tuple[Tensor, Tensor]:
    """Give sequence [batch tokens width] and pooled [batch pooled] on the denoiser's device, one for each picture."""
    given = conditioning.sequence.shape[0]
    if batch % given:
        raise InputError(
            f"{given} prompts do not fit {batch} pictures", hint="give one prompt, or one for each picture"
        )
    width = getattr(net.config, "cross_attention_dim", None)
    if isinstance(width, int) and conditioning.sequence.shape[-1] != width:
        raise InputError(
            f"the conditioning is {conditioning.sequence.shape[-1]} wide, the denoiser reads {width}",
            hint="take text encoder and denoiser from one checkpoint",
        )
    times = batch // given
    sequence, pooled = conditioning.sequence.to(net.device, net.dtype), conditioning.pooled.to(net.device, net.dtype)
    return sequence.repeat_interleave(times, 0), pooled.repeat_interleave(times, 0)


def _rescaled(
    guided: Float[Tensor, "batch channels height width"], cond: Float[Tensor, "batch channels height width"], phi: float
) -> Float[Tensor, "batch channels height width"]:
    """Bring the spread back to the conditional prediction's, by the share phi (Lin et al., arXiv 2305.08891, 3.4)."""
    dims = tuple(range(1, guided.ndim))
    rescaled = guided * (cond.std(dim=dims, keepdim=True) / guided.std(dim=dims, keepdim=True))
    return phi * rescaled + (1 - phi) * guided


def _distilled(net: Any, scale: float, batch: int) -> Float[Tensor, "batch width"] | None:
    """Embed the scale, for models that were distilled to take it as an input (Meng et al., arXiv 2210.03142)."""
    import torch

    width = net.config.time_cond_proj_dim
    if width is None:
        return None
    half = width // 2
    w = torch.tensor(scale - 1).repeat(batch) * 1000.0
    frequencies = torch.exp(torch.arange(half, dtype=torch.float32) * -(torch.log(torch.tensor(10000.0)) / (half - 1)))
    angles = w[:, None] * frequencies[None, :]
    embedding = torch.nn.functional.pad(torch.cat([angles.sin(), angles.cos()], dim=1), (0, width % 2))
    return embedding.to(net.device, net.dtype)
