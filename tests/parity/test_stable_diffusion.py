"""A graph equals StableDiffusionPipeline bit for bit, with every sampler that it offers."""

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any, get_args

import pytest
import torch

from engine.codec import canonical
from engine.errors import InputError
from engine.run import Run
from nodes import latent, sampling, vae
from nodes.load import Loaded
from nodes.samplers import SamplerName
from nodes.values import Image
from tests.parity.conftest import Guide

pytestmark = [
    # schedulers hand tensors to NumPy in an old way, and leave torchsde's interval by a rounding error
    pytest.mark.filterwarnings("ignore:__array_wrap__:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Should have tb<=t1:UserWarning"),
]

PROMPT, NEGATIVE = "a large red circle", "blue square"

SAMPLERS: dict[str, tuple[str, dict[str, Any]]] = {
    "cogvideox_ddim": ("CogVideoXDDIMScheduler", {}),
    "ddim": ("DDIMScheduler", {}),
    "ddim_inverse": ("DDIMInverseScheduler", {}),
    "ddim_parallel": ("DDIMParallelScheduler", {}),
    "ddpm": ("DDPMScheduler", {}),
    "ddpm_parallel": ("DDPMParallelScheduler", {}),
    "deis": ("DEISMultistepScheduler", {}),
    "dpm_2": ("KDPM2DiscreteScheduler", {}),
    "dpm_2_ancestral": ("KDPM2AncestralDiscreteScheduler", {}),
    "dpmpp_2m": ("DPMSolverMultistepScheduler", {}),
    "dpmpp_2m_inverse": ("DPMSolverMultistepInverseScheduler", {}),
    "dpmpp_2m_sde": ("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}),
    "dpmpp_2s": ("DPMSolverSinglestepScheduler", {}),
    "dpmpp_3m": ("DPMSolverMultistepScheduler", {"solver_order": 3}),
    "dpmpp_sde": ("DPMSolverSDEScheduler", {"noise_sampler_seed": 3}),
    "euler": ("EulerDiscreteScheduler", {}),
    "euler_ancestral": ("EulerAncestralDiscreteScheduler", {}),
    "heun": ("HeunDiscreteScheduler", {}),
    "ipndm": ("IPNDMScheduler", {}),
    "lcm": ("LCMScheduler", {}),
    "lms": ("LMSDiscreteScheduler", {}),
    "plms": ("PNDMScheduler", {}),
    "sa_solver": ("SASolverScheduler", {}),
    "tcd": ("TCDScheduler", {}),
    "unipc": ("UniPCMultistepScheduler", {}),
}
NO_PICTURE = {"ipndm", "ddim_inverse", "dpmpp_2m_inverse"}
OWN = ("CMStochasticIterativeScheduler", "EDMEulerScheduler", "EDMDPMSolverMultistepScheduler")


def draw(model: Loaded, run: Run, guidance: Any, *, batch: int = 1, start: Any = None, **options: Any) -> torch.Tensor:
    """The graph: latent, sampler, decoder."""
    blank = latent.empty_latent(model.denoiser, batch=batch)
    drawn = sampling.sample(model.denoiser, guidance, start or blank, run=run, **options).latent
    picture: Image = vae.vae_decode(drawn, model.autoencoder, run=run)
    return picture.pixels


def samplers(*names: str) -> list[Any]:
    """Samplers by name; one whose package is not installed is skipped."""
    packages = {"lms": "scipy", "dpmpp_sde": "torchsde"}
    missing = {name for name, package in packages.items() if find_spec(package) is None}
    reason = "its package is not installed"
    return [pytest.param(name, marks=pytest.mark.skipif(name in missing, reason=reason)) for name in names]


def generator(seed: int) -> torch.Generator:
    return torch.Generator("cpu").manual_seed(seed)


def test_every_sampler_on_offer_is_compared() -> None:
    assert {*SAMPLERS, "auto"} == set(get_args(SamplerName))


@pytest.mark.parametrize("name", samplers(*SAMPLERS))
def test_text_to_image_with_a_negative_prompt_equals_the_pipeline(
    name: str, sd: Loaded, run: Run, guide: Guide, pipeline: Callable[..., Any]
) -> None:
    kind, options = SAMPLERS[name]
    theirs = pipeline(scheduler=kind, **options)(
        PROMPT, negative_prompt=NEGATIVE, num_inference_steps=5, generator=generator(3), output_type="pt"
    ).images
    ours = draw(sd, run, guide(sd, PROMPT, NEGATIVE), sampler=name, steps=5, seed=3)
    assert torch.equal(ours, theirs)
    assert ours.std() > 0.01


@pytest.mark.parametrize("name", OWN)
def test_a_checkpoint_s_own_sampler_equals_the_pipeline(
    name: str, sd: Loaded, run: Run, guide: Guide, pipeline: Callable[..., Any]
) -> None:
    theirs = pipeline(scheduler=name)
    config = {key: value for key, value in theirs.scheduler.config.items() if key != "_use_default_values"}
    own = json.loads(canonical({**config, "_class_name": name}))
    model = sd._replace(denoiser=replace(sd.denoiser, schedule=canonical(own).decode()))
    drawn = theirs(PROMPT, negative_prompt=NEGATIVE, num_inference_steps=5, generator=generator(3), output_type="pt")
    assert torch.equal(draw(model, run, guide(model, PROMPT, NEGATIVE), steps=5, seed=3), drawn.images)


@pytest.mark.parametrize("name", ["ddim", "euler_ancestral", "dpmpp_2m", "unipc", "plms", "heun"])
@pytest.mark.parametrize(("scale", "rescale"), [(1.0, 0.0), (3.0, 0.7), (12.0, 0.3)])
def test_scale_and_rescale_equal_the_pipeline(
    name: str, scale: float, rescale: float, sd: Loaded, run: Run, guide: Guide, pipeline: Callable[..., Any]
) -> None:
    kind, options = SAMPLERS[name]
    theirs = pipeline(scheduler=kind, **options)(
        PROMPT,
        num_inference_steps=4,
        guidance_scale=scale,
        guidance_rescale=rescale,
        generator=generator(4),
        output_type="pt",
    ).images
    ours = draw(sd, run, guide(sd, PROMPT, None, scale, rescale=rescale), sampler=name, steps=4, seed=4)
    assert torch.equal(ours, theirs)


@pytest.mark.parametrize("name", ["ddim", "ddpm", "euler_ancestral", "dpm_2_ancestral", "lcm", "tcd", "dpmpp_2m_sde"])
def test_several_seeds_equal_the_pipeline_with_a_generator_each(
    name: str, sd: Loaded, run: Run, guide: Guide, pipeline: Callable[..., Any]
) -> None:
    kind, options = SAMPLERS[name]
    theirs = pipeline(scheduler=kind, **options)(
        PROMPT,
        negative_prompt=NEGATIVE,
        num_inference_steps=4,
        num_images_per_prompt=3,
        generator=[generator(seed) for seed in (5, 6, 9)],
        output_type="pt",
    ).images
    ours = draw(sd, run, guide(sd, PROMPT, NEGATIVE), sampler=name, steps=4, seeds=(5, 6, 9))
    assert torch.equal(ours, theirs)


def test_a_batch_from_one_seed_equals_the_pipeline(
    sd: Loaded, run: Run, guide: Guide, pipeline: Callable[..., Any]
) -> None:
    theirs = pipeline()(
        PROMPT, num_inference_steps=3, num_images_per_prompt=2, generator=generator(1), output_type="pt"
    ).images
    assert torch.equal(draw(sd, run, guide(sd, PROMPT, None), batch=2, steps=3, seed=1), theirs)


def test_noise_inside_ddim_steps_equals_the_pipeline(
    sd: Loaded, run: Run, guide: Guide, pipeline: Callable[..., Any]
) -> None:
    theirs = pipeline()(PROMPT, num_inference_steps=4, eta=0.8, generator=generator(1), output_type="pt").images
    assert torch.equal(draw(sd, run, guide(sd, PROMPT, None), steps=4, seed=1, eta=0.8), theirs)


@pytest.mark.parametrize("schedule", ["karras", "exponential", "beta"])
@pytest.mark.parametrize("name", ["euler", "dpmpp_2m", "heun", "unipc", "deis"])
def test_schedules_equal_the_pipeline(
    name: str, schedule: str, sd: Loaded, run: Run, guide: Guide, pipeline: Callable[..., Any]
) -> None:
    kind, options = SAMPLERS[name]
    theirs = pipeline(scheduler=kind, **options, **{f"use_{schedule}_sigmas": True})(
        PROMPT, num_inference_steps=4, generator=generator(8), output_type="pt"
    ).images
    ours = draw(sd, run, guide(sd, PROMPT, None), sampler=name, schedule=schedule, steps=4, seed=8)
    assert torch.equal(ours, theirs)


def test_a_schedule_that_a_sampler_does_not_have_is_refused(sd: Loaded, run: Run, guide: Guide) -> None:
    with pytest.raises(InputError, match="ddim has no karras schedule"):
        draw(sd, run, guide(sd, PROMPT, None), sampler="ddim", schedule="karras")


@pytest.mark.parametrize("name", samplers(*sorted(SAMPLERS.keys() - NO_PICTURE)))
def test_image_to_image_equals_the_pipeline(
    name: str, sd: Loaded, run: Run, guide: Guide, pipeline: Callable[..., Any]
) -> None:
    kind, options = SAMPLERS[name]
    photo = torch.rand(1, 3, 16, 16, generator=generator(11))
    theirs = pipeline("StableDiffusionImg2ImgPipeline", kind, **options)(
        PROMPT,
        image=photo,
        strength=0.6,
        negative_prompt=NEGATIVE,
        num_inference_steps=6,
        generator=generator(3),
        output_type="pt",
    ).images
    start = vae.vae_encode(Image(photo), sd.autoencoder, run=run).latent
    ours = draw(sd, run, guide(sd, PROMPT, NEGATIVE), start=start, sampler=name, steps=6, seed=3, strength=0.6)
    assert torch.equal(ours, theirs)


def test_too_few_steps_for_a_sampler_are_refused(sd: Loaded, run: Run, guide: Guide) -> None:
    with pytest.raises(InputError, match="plms cannot do with 2 steps; take more steps"):
        draw(sd, run, guide(sd, PROMPT, None), sampler="plms", steps=2)


def test_a_sampler_that_cannot_start_from_a_picture_is_refused(sd: Loaded, run: Run, guide: Guide) -> None:
    start = vae.vae_encode(Image(torch.zeros(1, 3, 16, 16)), sd.autoencoder, run=run).latent
    with pytest.raises(InputError, match="cannot start from a picture"):
        draw(sd, run, guide(sd, PROMPT, None), start=start, sampler="ipndm", strength=0.5)


@pytest.mark.full
@pytest.mark.parametrize("name", samplers(*SAMPLERS))
@pytest.mark.parametrize("steps", [1, 2, 7, 20])
@pytest.mark.parametrize("seeds", [(3,), (5, 6)])
def test_everything_at_once_equals_the_pipeline(
    name: str, steps: int, seeds: tuple[int, ...], sd: Loaded, run: Run, guide: Guide, pipeline: Callable[..., Any]
) -> None:
    if name == "plms" and steps < 4:
        pytest.skip("the library's own cannot do with so few steps")
    kind, options = SAMPLERS[name]
    own = {"noise_sampler_seed": seeds[0] if len(seeds) == 1 else list(seeds)} if name == "dpmpp_sde" else {}
    theirs = pipeline(scheduler=kind, **{**options, **own})(
        PROMPT,
        negative_prompt=NEGATIVE,
        num_inference_steps=steps,
        guidance_scale=4.0,
        guidance_rescale=0.6,
        num_images_per_prompt=len(seeds),
        generator=[generator(seed) for seed in seeds],
        output_type="pt",
    ).images
    ours = draw(sd, run, guide(sd, PROMPT, NEGATIVE, 4.0, rescale=0.6), sampler=name, steps=steps, seeds=seeds)
    assert torch.equal(ours, theirs) or bool(theirs.isnan().any() and ours.isnan().any())


@pytest.mark.parametrize("name", ["ddim", "euler_ancestral", "dpmpp_2m"])
@pytest.mark.parametrize("strength", [0.25, 1.0])
def test_image_to_image_with_several_seeds_equals_the_pipeline(
    name: str, strength: float, sd: Loaded, run: Run, guide: Guide, pipeline: Callable[..., Any]
) -> None:
    kind, options = SAMPLERS[name]
    photo = torch.rand(1, 3, 16, 16, generator=generator(12))
    theirs = pipeline("StableDiffusionImg2ImgPipeline", kind, **options)(
        [PROMPT] * 2,
        image=photo,
        strength=strength,
        num_inference_steps=5,
        generator=[generator(3), generator(4)],
        output_type="pt",
    ).images
    start = vae.vae_encode(Image(photo), sd.autoencoder, run=run).latent
    ours = draw(sd, run, guide(sd, PROMPT, None), start=start, sampler=name, steps=5, seeds=(3, 4), strength=strength)
    assert torch.equal(ours, theirs)
