"""Say how a denoiser is steered."""

from engine.errors import InputError
from engine.node import node
from nodes import facts
from nodes.values import CFG, Conditioning, Guidance
from nodes.widgets import Fraction, Scale


def _interval(start: float, stop: float) -> str | None:
    return None if start <= stop else f"the interval starts at {start} and stops at {stop}; start before you stop"


@node("CFG", title="CFG guidance", revision=2, libs=("torch",), check=_interval, describe=facts.of_guidance)
def cfg(
    positive: Conditioning,
    negative: Conditioning | None = None,
    scale: Scale = 7.5,
    rescale: Fraction = 0.0,
    start: Fraction = 0.0,
    stop: Fraction = 1.0,
) -> Guidance:
    """Steer towards the positive prompt and away from the negative one (classifier-free guidance).

    `scale` is how strongly; at 1 or less only the positive prompt counts, which takes half the time. Without a negative
    prompt the model's idea of no prompt stands there. `rescale` takes the overexposure out of high scales (Lin et al.,
    arXiv 2305.08891, 3.4). Guidance acts from the fraction `start` of the steps to `stop` (Kynkäänniemi et al.,
    arXiv 2404.07724); outside, the positive prompt alone.
    """
    against = _empty_like(positive) if negative is None else negative
    tokens = max(positive.sequence.shape[1], against.sequence.shape[1])
    return Guidance(CFG(padded(positive, tokens), padded(against, tokens), scale, rescale, start, stop))


def _empty_like(conditioning: Conditioning) -> Conditioning:
    """Give what the model takes for no prompt at all."""
    import torch

    empty, pooled = conditioning.empty_sequence, conditioning.empty_pooled
    if conditioning.zero_empty:
        empty, pooled = torch.zeros_like(conditioning.sequence), torch.zeros_like(conditioning.pooled)
    return Conditioning(empty, pooled, conditioning.empty_sequence, conditioning.empty_pooled)


def padded(conditioning: Conditioning, tokens: int) -> Conditioning:
    """Make a prompt as long as the other one, with chunks of no text, as compel does it."""
    import torch

    missing = tokens - conditioning.sequence.shape[1]
    if missing == 0:
        return conditioning
    length = conditioning.empty_sequence.shape[1]
    if missing % length:
        raise InputError(
            f"a prompt of {tokens} tokens cannot be set against one of {conditioning.sequence.shape[1]}",
            hint="encode both with one text encoder",
        )
    batch = conditioning.sequence.shape[0]
    padding = conditioning.empty_sequence.expand(batch, -1, -1).repeat(1, missing // length, 1)
    return Conditioning(
        torch.cat([conditioning.sequence, padding], dim=1),
        conditioning.pooled,
        conditioning.empty_sequence,
        conditioning.empty_pooled,
        zero_empty=conditioning.zero_empty,
    )
