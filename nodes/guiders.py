"""Steer in other ways than plain guidance: each of these nodes changes what a CFG node does."""

from typing import Annotated

from engine.errors import InputError
from engine.node import node
from nodes import facts
from nodes.guidance import padded
from nodes.values import APG, CFG, Conditioning, Dual, Guidance, Level, Perturbed, Rule, Switched, Weakened, ZeroStar
from nodes.widgets import Fraction, Scale, slider

Momentum = Annotated[float, slider(-1, 1, 0.05)]
Limit = Annotated[float, slider(0, 100, 0.5)]


@node("APG", title="Adaptive projected guidance", libs=("diffusers",), describe=facts.of_changed_guidance)
def apg(guidance: Guidance, eta: Fraction = 0.0, limit: Limit = 15.0, momentum: Momentum = -0.5) -> Guidance:
    """Keep high scales from oversaturating (Sadat et al., arXiv 2410.02416).

    The part of the guidance that runs along the prediction counts only `eta` times; no step is pushed further than
    `limit` (0 sets none); `momentum` weighs earlier steps in, less than 0 against them.
    """
    return Guidance(APG(_plain(guidance, "APG"), eta, limit, momentum))


@node("CFGZeroStar", title="CFG-Zero*", libs=("diffusers",), describe=facts.of_changed_guidance)
def cfg_zero_star(guidance: Guidance, zero_steps: Annotated[int, slider(0, 10)] = 1) -> Guidance:
    """Scale the negative prediction to fit the positive one; the first `zero_steps` predict nothing.

    As in Fan et al., arXiv 2503.18886. Made for flow models; elsewhere try 0 zero steps.
    """
    return Guidance(ZeroStar(_plain(guidance, "CFGZeroStar"), zero_steps))


@node("PAG", title="Perturbed-attention guidance", libs=("diffusers",), describe=facts.of_changed_guidance)
def pag(
    guidance: Guidance, strength: Scale = 3.0, level: Level = "middle", start: Fraction = 0.0, stop: Fraction = 1.0
) -> Guidance:
    """Away from what the denoiser predicts when its cells look only at themselves (Ahn et al., arXiv 2403.17377).

    That is done at one `level` of the U-Net, after the fraction `start` of the steps and before `stop`, never in the
    first step. It costs a third pass.
    """
    return Guidance(Perturbed(_plain(guidance, "PAG"), "attention", strength, level, start, stop))


@node("SLG", title="Skip-layer guidance", libs=("diffusers",), describe=facts.of_changed_guidance)
def slg(
    guidance: Guidance, strength: Scale = 2.8, level: Level = "middle", start: Fraction = 0.0, stop: Fraction = 1.0
) -> Guidance:
    """Away from what the denoiser predicts without the transformer layers of one `level`; costs a third pass."""
    return Guidance(Perturbed(_plain(guidance, "SLG"), "layers", strength, level, start, stop))


@node("AutoGuidance", title="Autoguidance", libs=("diffusers",), describe=facts.of_changed_guidance)
def auto_guidance(guidance: Guidance, level: Level = "middle") -> Guidance:
    """Guide a model with a bad version of itself: the negative prompt is read by one that lacks layers of a `level`.

    As in Karras et al., arXiv 2406.02507.
    """
    return Guidance(Weakened(_plain(guidance, "AutoGuidance"), level))


@node("DualGuidance", title="Two prompts at once", libs=("torch",), describe=facts.of_dual)
def dual_guidance(guidance: Guidance, second: Conditioning, scale: Scale = 3.0) -> Guidance:
    """Pull towards a second prompt as well, as strongly as `scale` says (Liu et al., arXiv 2206.01714)."""
    base = _plain(guidance, "DualGuidance")
    tokens = max(base.positive.sequence.shape[1], second.sequence.shape[1])
    rule = CFG(padded(base.positive, tokens), padded(base.negative, tokens), *_numbers(base))
    return Guidance(Dual(rule, padded(second, tokens), scale))


@node("SwitchGuidance", title="Switch guidance", describe=facts.of_switch)
def switch_guidance(before: Guidance, after: Guidance, at: Fraction = 0.5) -> Guidance:
    """Steer one way until the fraction `at` of the steps is taken, another way after: other prompt, scale or kind."""
    return Guidance(Switched(before.rule, after.rule, at))


def _plain(guidance: Guidance, name: str) -> CFG:
    rule: Rule = guidance.rule
    if not isinstance(rule, CFG):
        raise InputError(f"{name} changes plain guidance, not {type(rule).__name__}", hint="wire a CFG node to it")
    if rule.start >= 1:
        raise InputError("the guidance starts when all is done", hint="let the CFG node start before 1")
    return rule


def _numbers(rule: CFG) -> tuple[float, float, float, float]:
    return rule.scale, rule.rescale, rule.start, rule.stop
