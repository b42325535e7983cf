"""Ask a denoiser under the guiders of diffusers: they say which predictions are wanted and join them.

The guiders are experimental by their own word: versions are pinned, and tests compare each with the library's own loop
and pipelines. Hooks are put on a twin of the denoiser, never on the shared module.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, assert_never

from engine.errors import InputError
from nodes.attending import twin
from nodes.steering import Asked, Denoising, rescaled
from nodes.values import APG, CFG, Level, Perturbed, Weakened, ZeroStar

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

Kin = APG | ZeroStar | Perturbed | Weakened
_BLOCKS: Mapping[str, tuple[str, ...]] = {
    "down": ("down_blocks.",),
    "middle": ("mid_block.",),
    "up": ("up_blocks.",),
    "all": ("down_blocks.", "mid_block.", "up_blocks."),
}


@dataclass(frozen=True, slots=True, eq=False)
class Guided:
    """A denoiser under one of the library's guiders."""

    work: Denoising
    disturbed: Denoising  # the twin that the guider may put hooks on
    guider: Any
    both: Asked
    positive: Asked
    negative: Asked
    rescale: float
    stateful: bool

    def predict(
        self, x: Float[Tensor, "batch channels height width"], t: Tensor, step: int
    ) -> Float[Tensor, "batch channels height width"]:
        self.guider.set_state(step=step, num_inference_steps=self.work.steps, timestep=t)
        wanted = [each.__guidance_identifier__ for each in self.guider.prepare_inputs({})]
        predicted = self._plain(x, t, step, wanted)
        for name in wanted:
            if name not in predicted:
                predicted[name] = self._hooked(x, t, step, name)
        guided = self._joined(predicted)
        silent = not guided.any()  # the library's own rescaling would make nothing of a prediction of nothing
        return guided if self.rescale == 0 or silent else rescaled(guided, predicted["pred_cond"], self.rescale)

    def _joined(self, predicted: Mapping[str, Tensor]) -> Tensor:
        if predicted.keys() == {"pred_cond", "pred_cond_skip"}:
            # the library would start from the disturbed prediction here, which takes one from the strength
            cond, skip = predicted["pred_cond"], predicted["pred_cond_skip"]
            pushed: Tensor = cond + self.guider.skip_layer_guidance_scale * (cond - skip)
            return pushed
        joined: Tensor = self.guider.forward(**predicted).pred
        return joined

    def _plain(self, x: Tensor, t: Tensor, step: int, wanted: list[str]) -> dict[str, Tensor]:
        """Ask for what no hook disturbs: both prompts in one batch, uncond first, as the pipelines do."""
        if "pred_uncond" not in wanted or self.weak:
            return {"pred_cond": self.work.ask(x, t, self.positive, step)}
        uncond, cond = self.work.ask(x, t, self.both, step).chunk(2)
        return {"pred_cond": cond, "pred_uncond": uncond}

    def _hooked(self, x: Tensor, t: Tensor, step: int, name: str) -> Tensor:
        """Ask the disturbed denoiser; the guider counts passes to know which one to disturb."""
        asked = self.negative if name == "pred_uncond" else self.positive
        self.guider._count_prepared = 1 if name == "pred_uncond" else 2
        self.guider.prepare_models(self.disturbed.net)
        try:
            return self.disturbed.ask(x, t, asked, step)
        finally:
            self.guider.cleanup_models(self.disturbed.net)

    @property
    def weak(self) -> bool:
        """Whether it is the negative prompt that a disturbed denoiser is asked with."""
        return "auto_guidance_config" in self.guider.config


def guided(rule: Kin, work: Denoising) -> Guided:
    """Prepare one of the library's guiders."""
    base = rule.base
    net = twin(work.net) if isinstance(rule, Perturbed | Weakened) else work.net
    return Guided(
        work=work,
        disturbed=replace(work, net=net, keeping=False),
        guider=_guider(rule, work.net),
        both=work.asked(base.negative, base.positive, prompted=1),
        positive=work.asked(base.positive, prompted=0),
        negative=work.asked(base.negative, prompted=None),
        rescale=base.rescale,
        stateful=isinstance(rule, APG) and rule.momentum != 0,
    )


def _guider(rule: Kin, net: Any) -> Any:
    from diffusers import guiders

    common = _common(rule.base)
    match rule:
        case APG():
            return guiders.AdaptiveProjectedGuidance(
                **common,
                eta=rule.eta,
                adaptive_projected_guidance_rescale=rule.limit,
                adaptive_projected_guidance_momentum=rule.momentum or None,
            )
        case ZeroStar():
            return guiders.ClassifierFreeZeroStarGuidance(**common, zero_init_steps=rule.zero_steps)
        case Perturbed():
            return _perturbed(rule, net, common)
        case Weakened():
            return guiders.AutoGuidance(**common, auto_guidance_config=_layers(net, rule.level, attention=False))
    assert_never(rule)


def _common(base: CFG) -> dict[str, float]:
    return {"guidance_scale": max(1.0, base.scale), "start": base.start, "stop": base.stop}


def _perturbed(rule: Perturbed, net: Any, common: Mapping[str, float]) -> Any:
    from diffusers import guiders

    if rule.kind == "attention":
        return guiders.PerturbedAttentionGuidance(
            **common,
            perturbed_guidance_scale=rule.strength,
            perturbed_guidance_start=rule.start,
            perturbed_guidance_stop=rule.stop,
            perturbed_guidance_config=_layers(net, rule.level, attention=True),
        )
    return guiders.SkipLayerGuidance(
        **common,
        skip_layer_guidance_scale=rule.strength,
        skip_layer_guidance_start=rule.start,
        skip_layer_guidance_stop=rule.stop,
        skip_layer_config=_layers(net, rule.level, attention=False),
    )


def _layers(net: Any, level: Level, *, attention: bool) -> list[Any]:
    """Name the transformer layers of a level; a U-Net's must be named, the library finds only other models' itself."""
    from diffusers.hooks import LayerSkipConfig

    found = [
        (name, len(module))
        for name, module in net.named_modules()
        if name.endswith(".transformer_blocks") and name.startswith(_BLOCKS[level])
    ]
    if not found:
        raise InputError(f"the denoiser has no transformer layers at the level {level}", hint="choose another level")
    only = {"skip_attention": not attention, "skip_attention_scores": attention, "skip_ff": not attention}
    return [LayerSkipConfig(indices=list(range(count)), fqn=name, **only) for name, count in found]
