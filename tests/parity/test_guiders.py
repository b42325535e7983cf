"""Every guider equals the library's own: bit for bit in the library's loop, and its pipeline where there is one."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch

from engine.errors import InputError
from engine.run import Run
from nodes import guiders, latent, sampling, vae
from nodes.attending import twin
from nodes.load import Loaded
from nodes.samplers import scheduler
from nodes.values import CFG, Conditioning, Guidance
from tests.parity.conftest import Guide

PROMPT, NEGATIVE, STEPS = "a large red circle", "blue square", 5
MIDDLE = "mid_block.attentions.0.transformer_blocks"


def layers(**options: Any) -> Any:
    from diffusers.hooks import LayerSkipConfig

    return LayerSkipConfig(indices=[0], fqn=MIDDLE, **options)


SCORES = {"skip_attention": False, "skip_attention_scores": True, "skip_ff": False}
KINDS: Mapping[str, tuple[Callable[[Guidance], Guidance], str, Callable[[], dict[str, Any]]]] = {
    "apg": (
        lambda base: guiders.apg(base, 0.2, 5.0, -0.5),
        "AdaptiveProjectedGuidance",
        lambda: {
            "eta": 0.2,
            "adaptive_projected_guidance_rescale": 5.0,
            "adaptive_projected_guidance_momentum": -0.5,
        },
    ),
    "zero_star": (
        lambda base: guiders.cfg_zero_star(base, 1),
        "ClassifierFreeZeroStarGuidance",
        lambda: {"zero_init_steps": 1},
    ),
    "pag": (
        lambda base: guiders.pag(base, 3.0),
        "PerturbedAttentionGuidance",
        lambda: {
            "perturbed_guidance_scale": 3.0,
            "perturbed_guidance_start": 0.0,
            "perturbed_guidance_stop": 1.0,
            "perturbed_guidance_config": layers(**SCORES),
        },
    ),
    "slg": (
        lambda base: guiders.slg(base, 2.0),
        "SkipLayerGuidance",
        lambda: {
            "skip_layer_guidance_scale": 2.0,
            "skip_layer_guidance_start": 0.0,
            "skip_layer_guidance_stop": 1.0,
            "skip_layer_config": layers(),
        },
    ),
    "auto": (guiders.auto_guidance, "AutoGuidance", lambda: {"auto_guidance_config": layers()}),
}


BROKEN = ("zero_star", 0.6)  # the library rescales a prediction of nothing to NaN, see below


def draw(model: Loaded, guided: Guidance, run: Run, *, steps: int = STEPS) -> torch.Tensor:
    blank = latent.empty_latent(model.denoiser)
    drawn = sampling.sample(model.denoiser, guided, blank, steps=steps, seed=3, run=run).latent
    return drawn.tensor  # type: ignore[no-any-return]


def positive(guided: Guidance) -> Conditioning:
    assert isinstance(guided.rule, CFG)
    return guided.rule.positive


def library_loop(model: Loaded, base: Any, run: Run, guider: Any) -> torch.Tensor:
    """The loop of the library's documentation; both prompts in one batch where no hook is at work."""
    rule = scheduler(model.denoiser, "auto", "auto", seeds=(3,))
    rule.set_timesteps(STEPS)
    net = twin(run.load(model.denoiser))
    positive, negative = base.rule.positive.sequence, base.rule.negative.sequence
    x = torch.randn((1, 4, 8, 8), generator=torch.Generator().manual_seed(3))
    together = type(guider).__name__ != "AutoGuidance"
    with torch.inference_mode():
        for step, t in enumerate(rule.timesteps):
            guider.set_state(step=step, num_inference_steps=STEPS, timestep=t)
            states = guider.prepare_inputs({"context": (positive, negative)})
            for each in states:
                guider.prepare_models(net)
                each.noise_pred = net(x, t, encoder_hidden_states=each.context, return_dict=False)[0]
                guider.cleanup_models(net)
            if together and len(states) > 1 and states[1].__guidance_identifier__ == "pred_uncond":
                both = torch.cat([negative, positive])
                out = net(torch.cat([x, x]), t, encoder_hidden_states=both, return_dict=False)[0]
                states[1].noise_pred, states[0].noise_pred = out.chunk(2)
            x = rule.step(guider(states).pred, t, x).prev_sample
    return x


@pytest.mark.parametrize(
    ("name", "rescale"), [(name, rescale) for name in KINDS for rescale in (0.0, 0.6) if (name, rescale) != BROKEN]
)
def test_it_equals_the_library_s_guider_and_acts(name: str, rescale: float, sd: Loaded, run: Run, guide: Guide) -> None:
    import diffusers.guiders

    change, kind, options = KINDS[name]
    base = guide(sd, PROMPT, NEGATIVE, 4.0, rescale=rescale)
    guider = getattr(diffusers.guiders, kind)(guidance_scale=4.0, guidance_rescale=rescale, **options())
    ours = draw(sd, change(base), run)
    assert torch.equal(ours, library_loop(sd, base, run, guider))
    assert (ours - draw(sd, base, run)).abs().max() > 1e-3
    assert torch.equal(ours, draw(sd, change(base), run))  # nothing is left behind


def test_zero_steps_are_no_numbers_in_the_library_when_it_rescales_and_are_zero_here(
    sd: Loaded, run: Run, guide: Guide
) -> None:
    from diffusers.guiders import ClassifierFreeZeroStarGuidance

    base = guide(sd, PROMPT, NEGATIVE, 4.0, rescale=0.6)
    theirs = ClassifierFreeZeroStarGuidance(guidance_scale=4.0, guidance_rescale=0.6, zero_init_steps=1)
    assert library_loop(sd, base, run, theirs).isnan().all()
    assert bool(draw(sd, guiders.cfg_zero_star(base), run).isfinite().all())


def test_plain_guidance_is_as_before_after_a_guider_was_at_work(sd: Loaded, run: Run, guide: Guide) -> None:
    base = guide(sd, PROMPT, NEGATIVE)
    before = draw(sd, base, run)
    draw(sd, guiders.pag(base), run)
    assert torch.equal(draw(sd, base, run), before)


@pytest.mark.parametrize("scale", [4.0, 1.0])
def test_perturbed_attention_equals_the_pipeline(
    scale: float, sd: Loaded, sd_parts: dict[str, Any], run: Run, guide: Guide
) -> None:
    """The pipeline disturbs the first step too, which the guider does not: its scale there is set to zero.

    It asks with all pictures in one batch, so there is a tolerance.
    """
    from diffusers import StableDiffusionPAGPipeline

    none = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    pipe = StableDiffusionPAGPipeline(**sd_parts, **none, pag_applied_layers=["mid"])
    pipe.set_progress_bar_config(disable=True)
    known = pipe._get_pag_scale
    first = [True]

    def late(t: Any) -> float:
        scale_, first[0] = (0.0 if first[0] else known(t)), False
        return scale_

    pipe._get_pag_scale = late
    theirs = pipe(
        PROMPT,
        negative_prompt=NEGATIVE,
        num_inference_steps=STEPS,
        guidance_scale=scale,
        pag_scale=3.0,
        generator=torch.Generator().manual_seed(3),
        output_type="pt",
    ).images
    base = guide(sd, PROMPT, NEGATIVE, scale)
    guided = guiders.pag(base, 3.0)
    drawn = sampling.sample(sd.denoiser, guided, latent.empty_latent(sd.denoiser), steps=STEPS, seed=3, run=run).latent
    ours = vae.vae_decode(drawn, sd.autoencoder, run=run).pixels
    torch.testing.assert_close(ours, theirs, atol=2e-4, rtol=0)
    plain = sampling.sample(sd.denoiser, base, latent.empty_latent(sd.denoiser), steps=STEPS, seed=3, run=run).latent
    assert (vae.vae_decode(plain, sd.autoencoder, run=run).pixels - theirs).abs().max() > 1e-3


def test_two_prompts_at_once_are_pulled_by_their_own_scales(sd: Loaded, run: Run, guide: Guide) -> None:
    base = guide(sd, PROMPT, NEGATIVE, 4.0)
    second = positive(guide(sd, "large star", None))
    alone = draw(sd, base, run)
    torch.testing.assert_close(draw(sd, guiders.dual_guidance(base, second, 0.0), run), alone, atol=2e-4, rtol=0)
    same = guiders.dual_guidance(guide(sd, PROMPT, NEGATIVE, 1.5), positive(base), 2.5)
    torch.testing.assert_close(draw(sd, same, run), alone, atol=2e-4, rtol=0)
    assert (draw(sd, guiders.dual_guidance(base, second, 4.0), run) - alone).abs().max() > 1e-2


def test_guidance_switches_at_its_fraction_of_the_steps(sd: Loaded, run: Run, guide: Guide) -> None:
    first, second = guide(sd, PROMPT, None), guide(sd, "large blue star", None)
    drawn = {at: draw(sd, guiders.switch_guidance(first, second, at), run, steps=4) for at in (0.0, 0.5, 1.0)}
    assert torch.equal(drawn[0.0], draw(sd, second, run, steps=4))
    assert torch.equal(drawn[1.0], draw(sd, first, run, steps=4))
    assert not torch.equal(drawn[0.5], drawn[1.0])


def test_a_guider_wants_plain_guidance(sd: Loaded, guide: Guide) -> None:
    with pytest.raises(InputError, match="PAG changes plain guidance, not APG; wire a CFG node to it"):
        guiders.pag(guiders.apg(guide(sd, PROMPT, None)))


def test_a_guider_whose_history_is_not_taken_down_starts_again(sd: Loaded, run: Run, guide: Guide) -> None:
    saved: list[Any] = []

    class Notes:
        def saved(self) -> None:
            return None

        def save(self, state: Any) -> None:
            saved.append(state)

    noting = Run(files=run.files, journal=Notes(), checkpoint_every=1)
    draw(sd, guiders.apg(guide(sd, PROMPT, None), momentum=-0.5), noting)
    assert saved == []
    draw(sd, guiders.apg(guide(sd, PROMPT, None), momentum=0.0), noting)
    assert len(saved) == STEPS - 1
