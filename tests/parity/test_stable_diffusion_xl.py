"""A graph equals StableDiffusionXLPipeline bit for bit."""

from pathlib import Path
from typing import Any

import pytest
import torch

from engine.run import Run
from nodes import guidance, text, vae
from nodes.load import Loaded
from nodes.values import Image
from tests.parity.conftest import Guide
from tests.parity.test_stable_diffusion import NEGATIVE, PROMPT, SAMPLERS, draw, generator


@pytest.fixture(scope="module")
def xl_parts(xl_folder: Path) -> dict[str, Any]:
    from diffusers import AutoencoderKL, EulerDiscreteScheduler, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

    return {
        "tokenizer": CLIPTokenizer.from_pretrained(xl_folder / "tokenizer"),
        "tokenizer_2": CLIPTokenizer.from_pretrained(xl_folder / "tokenizer_2"),
        "text_encoder": CLIPTextModel.from_pretrained(xl_folder / "text_encoder").eval(),
        "text_encoder_2": CLIPTextModelWithProjection.from_pretrained(xl_folder / "text_encoder_2").eval(),
        "unet": UNet2DConditionModel.from_pretrained(xl_folder / "unet").eval(),
        "vae": AutoencoderKL.from_pretrained(xl_folder / "vae").eval(),
        "scheduler": EulerDiscreteScheduler.from_pretrained(xl_folder / "scheduler"),
    }


def pipeline(parts: dict[str, Any], kind: str = "StableDiffusionXLPipeline", scheduler: str | None = None) -> Any:
    import diffusers

    rule = parts["scheduler"]
    if scheduler is not None:
        rule = getattr(diffusers, scheduler).from_config(rule.config)
    made = getattr(diffusers, kind)(**(parts | {"scheduler": rule}), add_watermarker=False)
    made.set_progress_bar_config(disable=True)
    return made


@pytest.mark.parametrize("name", ["auto", "ddim", "dpmpp_2m", "euler_ancestral", "heun", "unipc"])
@pytest.mark.parametrize("negative", [None, NEGATIVE])
def test_text_to_image_equals_the_pipeline(
    name: str, negative: str | None, xl: Loaded, run: Run, guide: Guide, xl_parts: dict[str, Any]
) -> None:
    kind = None if name == "auto" else SAMPLERS[name][0]
    theirs = pipeline(xl_parts, scheduler=kind)(
        PROMPT,
        negative_prompt=negative,
        num_inference_steps=4,
        guidance_scale=5.0,
        guidance_rescale=0.5,
        generator=generator(3),
        output_type="pt",
    ).images
    ours = draw(xl, run, guide(xl, PROMPT, negative, 5.0, rescale=0.5), sampler=name, steps=4, seed=3)
    assert torch.equal(ours, theirs)
    assert ours.std() > 0.01


def test_several_seeds_equal_the_pipeline(xl: Loaded, run: Run, guide: Guide, xl_parts: dict[str, Any]) -> None:
    theirs = pipeline(xl_parts)(
        PROMPT,
        negative_prompt=NEGATIVE,
        num_inference_steps=3,
        num_images_per_prompt=2,
        guidance_scale=5.0,
        generator=[generator(1), generator(2)],
        output_type="pt",
    ).images
    assert torch.equal(draw(xl, run, guide(xl, PROMPT, NEGATIVE, 5.0), steps=3, seeds=(1, 2)), theirs)


def test_image_to_image_equals_the_pipeline(xl: Loaded, run: Run, guide: Guide, xl_parts: dict[str, Any]) -> None:
    photo = torch.rand(1, 3, 16, 16, generator=generator(11))
    theirs = pipeline(xl_parts, "StableDiffusionXLImg2ImgPipeline")(
        PROMPT,
        negative_prompt=NEGATIVE,
        image=photo,
        strength=0.5,
        num_inference_steps=6,
        guidance_scale=5.0,
        generator=generator(3),
        output_type="pt",
    ).images
    start = vae.vae_encode(Image(photo), xl.autoencoder, run=run).latent
    ours = draw(xl, run, guide(xl, PROMPT, NEGATIVE, 5.0), start=start, steps=6, seed=3, strength=0.5)
    assert torch.equal(ours, theirs)


def test_skipped_layers_equal_the_pipeline(xl: Loaded, run: Run, xl_parts: dict[str, Any]) -> None:
    theirs = pipeline(xl_parts)(
        PROMPT, clip_skip=1, num_inference_steps=3, guidance_scale=5.0, generator=generator(3), output_type="pt"
    ).images
    tokens = text.tokenize(xl.tokenizer, PROMPT, 1, run=run).tokens
    positive = text.encode(tokens, xl.text_encoder, skip=1, run=run)
    assert torch.equal(draw(xl, run, guidance.cfg(positive, scale=5.0), steps=3, seed=3), theirs)
