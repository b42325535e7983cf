"""A model built like bauklotz (VQGAN, v prediction, zero terminal SNR, pooled text in the U-Net) equals the pipeline.

StableDiffusionPipeline cannot decode with a VQModel, so its latents are compared, and decoded by the library's VQModel.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.run import Run
from nodes import latent, sampling, vae
from nodes.load import Loaded
from tests.parity.conftest import Guide
from tests.parity.test_stable_diffusion import NEGATIVE, PROMPT, SAMPLERS, generator


@pytest.fixture(scope="module")
def pipe(vq_folder: Path, sd_parts: dict[str, Any]) -> Callable[[str], Any]:
    from diffusers import DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    parts = {
        "tokenizer": CLIPTokenizer.from_pretrained(vq_folder / "tokenizer"),
        "text_encoder": CLIPTextModel.from_pretrained(vq_folder / "text_encoder").eval(),
        "unet": UNet2DConditionModel.from_pretrained(vq_folder / "unet").eval(),
    }
    own = DDIMScheduler.from_pretrained(vq_folder / "scheduler").config

    def make(scheduler: str) -> Any:
        import diffusers

        rule = getattr(diffusers, scheduler).from_config(own)
        none = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
        made = StableDiffusionPipeline(**parts, vae=sd_parts["vae"], scheduler=rule, **none)
        made.set_progress_bar_config(disable=True)
        return made

    return make


@pytest.mark.parametrize("name", ["ddim", "euler", "dpmpp_2m", "unipc", "heun", "plms", "tcd"])
def test_latents_and_pictures_equal_the_libraries(
    name: str, vq: Loaded, vq_folder: Path, run: Run, guide: Guide, pipe: Callable[[str], Any]
) -> None:
    from diffusers import VQModel

    theirs = pipe(SAMPLERS[name][0])(
        PROMPT,
        negative_prompt=NEGATIVE,
        num_inference_steps=5,
        guidance_scale=3.0,
        guidance_rescale=0.3,
        generator=generator(3),
        output_type="latent",
    ).images
    blank = latent.empty_latent(vq.denoiser)
    guided = guide(vq, PROMPT, NEGATIVE, 3.0, rescale=0.3)
    drawn = sampling.sample(vq.denoiser, guided, blank, sampler=name, steps=5, seed=3, run=run).latent
    assert torch.equal(drawn.tensor, theirs)
    net = VQModel.from_pretrained(vq_folder / "vqvae").eval()
    with torch.inference_mode():
        picture = net.decode(theirs / net.config.scaling_factor, force_not_quantize=True).sample
    assert torch.equal(vae.vae_decode(drawn, vq.autoencoder, run=run).pixels, (picture * 0.5 + 0.5).clamp(0, 1))
