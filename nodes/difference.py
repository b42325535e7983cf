"""Show what guidance adds: what the denoiser would draw with the prompt, what without it, and how they differ."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from engine.errors import InputError
from engine.node import node
from engine.run import Run
from nodes import film_facts
from nodes.families import family
from nodes.handles import Denoiser
from nodes.noise import Noise
from nodes.samplers import scheduler
from nodes.steering import Denoising
from nodes.tensors import like
from nodes.values import CFG, Guidance, Latent, Mask
from nodes.widgets import Fraction, Seed

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class Difference(NamedTuple):
    with_prompt: Latent
    without_prompt: Latent
    difference: Latent
    heat: Mask


@node("GuidanceDifference", lane="gpu", libs=("torch", "diffusers", "peft"), describe=film_facts.of_difference)
def guidance_difference(
    denoiser: Denoiser, guidance: Guidance, latent: Latent, noise: Fraction = 0.7, seed: Seed = 0, *, run: Run
) -> Difference:
    """Show what guidance adds, at one noise level: the two pictures that the denoiser believes in, and the difference.

    `noise` says how far back a latent is taken: at 1 nothing of it is left. `with_prompt` is what the positive prompt
    alone makes of it in one step, `without_prompt` what the negative one does; guidance is a push from the second past
    the first. `heat` is where they differ most.
    """
    import torch

    rule = guidance.rule
    if not isinstance(rule, CFG):
        raise InputError("the difference is shown of plain guidance", hint="wire a CFG node to it")
    net = run.load(denoiser)
    with torch.inference_mode():
        x, t, alpha = _noised(denoiser, latent, noise, Noise.of(seed), net)
        size = (x.shape[2] * denoiser.factor, x.shape[3] * denoiser.factor)
        work = Denoising(net, family(denoiser.family), x.shape[0], size, 1)
        asked = work.asked(rule.negative, rule.positive, prompted=1)
        without, with_ = (
            _clean(denoiser.prediction, each, x, alpha).cpu() for each in work.ask(x, t, asked, 0).chunk(2)
        )
        apart = (with_ - without).norm(dim=1, keepdim=True)
        heat = apart / apart.amax((2, 3), keepdim=True).clamp_min(1e-12)
    seen, unseen, added = (Latent(each, latent.space) for each in (with_, without, with_ - without))
    return Difference(seen, unseen, added, Mask(heat.float()))


def _noised(denoiser: Denoiser, latent: Latent, noise: float, draw: Noise, net: Any) -> tuple[Tensor, Tensor, Tensor]:
    """Give the noised latent, its timestep and the share of signal that is left (alpha bar)."""
    import torch

    rule = scheduler(denoiser, "ddim", "auto", seeds=(0,))
    last = len(rule.alphas_cumprod) - 1
    at = last if latent.blank else round(noise * last)
    alpha = rule.alphas_cumprod[at].to(like(net))
    x = latent.tensor.to(like(net))
    drawn = draw.like(x)
    return alpha.sqrt() * x + (1 - alpha).sqrt() * drawn, torch.tensor(at, device=net.device), alpha


def _clean(
    prediction: str, predicted: Tensor, x: Tensor, alpha: Tensor
) -> Float[Tensor, "batch channels height width"]:
    """Give the picture that a prediction means (as DDIMScheduler.step does)."""
    match prediction:
        case "epsilon":
            return (x - (1 - alpha).sqrt() * predicted) / alpha.sqrt().clamp_min(1e-4)
        case "v_prediction":
            return alpha.sqrt() * x - (1 - alpha).sqrt() * predicted
    return predicted
