"""Inpainting equals StableDiffusionInpaintPipeline bit for bit, and the kept pixels are the original's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.errors import InputError
from engine.run import Run
from nodes import latent, load, masks, sampling, vae
from nodes.load import Loaded
from nodes.values import Image, Mask
from tests.nodes import tiny
from tests.parity.conftest import Guide
from tests.parity.test_stable_diffusion import NEGATIVE, PROMPT, SAMPLERS, generator

PHOTO = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(11))
HOLE = torch.zeros(1, 1, 16, 16)
HOLE[..., 4:12, 2:10] = 1
Pipeline = Callable[..., Any]


@pytest.fixture(scope="session")
def paint(sd_folder: Path, run: Run) -> Loaded:
    folder = tiny.for_inpainting(sd_folder.parent)
    return load.checkpoint(folder.name, run=run)  # type: ignore[no-any-return]


def draw(model: Loaded, guided: Any, run: Run, photo: torch.Tensor = PHOTO, **options: Any) -> torch.Tensor:
    start = vae.inpaint_latent(Image(photo), Mask(HOLE), model.autoencoder, run=run)
    drawn = sampling.sample(model.denoiser, guided, start, run=run, **options).latent
    return vae.vae_decode(drawn, model.autoencoder, run=run).pixels  # type: ignore[no-any-return]


def theirs(made: Any, *, strength: float, **options: Any) -> torch.Tensor:
    return made(  # type: ignore[no-any-return]
        PROMPT,
        image=PHOTO,
        mask_image=HOLE,
        height=16,
        width=16,
        strength=strength,
        negative_prompt=NEGATIVE,
        num_inference_steps=5,
        generator=generator(3),
        output_type="pt",
        **options,
    ).images


@pytest.mark.parametrize("strength", [1.0, 0.6])
@pytest.mark.parametrize("name", ["ddim", "euler", "euler_ancestral", "dpmpp_2m", "ddpm", "heun", "unipc"])
def test_a_plain_model_equals_the_pipeline(
    name: str, strength: float, sd: Loaded, run: Run, guide: Guide, pipeline: Pipeline
) -> None:
    kind, options = SAMPLERS[name]
    made = pipeline("StableDiffusionInpaintPipeline", kind, **options)
    ours = draw(sd, guide(sd, PROMPT, NEGATIVE), run, sampler=name, steps=5, seed=3, strength=strength)
    assert torch.equal(ours, theirs(made, strength=strength))


@pytest.mark.parametrize("strength", [1.0, 0.6])
@pytest.mark.parametrize("name", ["ddim", "euler_ancestral", "dpmpp_2m"])
def test_a_model_made_for_it_equals_the_pipeline(
    name: str,
    strength: float,
    paint: Loaded,
    run: Run,
    guide: Guide,
    sd_parts: dict[str, Any],
    sd_folder: Path,
) -> None:
    import diffusers

    kind, options = SAMPLERS[name]
    rule = getattr(diffusers, kind).from_config(sd_parts["scheduler"].config, **options)
    net = diffusers.UNet2DConditionModel.from_pretrained(sd_folder.parent / "tiny-paint" / "unet").eval()
    none = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    made = diffusers.StableDiffusionInpaintPipeline(**(sd_parts | {"scheduler": rule, "unet": net}), **none)
    made.set_progress_bar_config(disable=True)
    ours = draw(paint, guide(paint, PROMPT, NEGATIVE), run, sampler=name, steps=5, seed=3, strength=strength)
    assert torch.equal(ours, theirs(made, strength=strength))


def test_a_model_made_for_it_needs_a_mask(paint: Loaded, run: Run, guide: Guide) -> None:
    with pytest.raises(InputError, match="make the latent with an InpaintLatent node"):
        sampling.sample(paint.denoiser, guide(paint, PROMPT, None), latent.empty_latent(paint.denoiser), run=run)


@pytest.mark.parametrize("feather", [0.0, 3.0])
def test_kept_pixels_are_unchanged_to_the_bit(feather: float, sd: Loaded, run: Run, guide: Guide) -> None:
    drawn = Image(draw(sd, guide(sd, PROMPT, None), run, steps=3, seed=3))
    outside = HOLE.expand(1, 3, 16, 16) == 0
    assert not torch.equal(drawn.pixels[outside], PHOTO[outside])
    joined = masks.composite(drawn, Image(PHOTO), Mask(HOLE), feather).pixels
    assert torch.equal(joined[outside], PHOTO[outside])
    assert not torch.equal(joined[~outside], PHOTO[~outside])
    middle = joined[..., 7:9, 5:7]
    assert torch.equal(middle, drawn.pixels[..., 7:9, 5:7]) or feather > 2


def test_what_is_kept_of_the_latent_is_the_picture_s(sd: Loaded, run: Run, guide: Guide) -> None:
    start = vae.inpaint_latent(Image(PHOTO), Mask(HOLE), sd.autoencoder, run=run)
    assert start.inpaint is not None
    drawn = sampling.sample(sd.denoiser, guide(sd, PROMPT, None), start, seeds=(3, 4), steps=3, run=run).latent.tensor
    assert drawn.shape[0] == 2
    outside = (start.inpaint.mask == 0).expand_as(start.tensor)
    assert start.gaussian is not None
    far = (drawn[:1] - start.tensor).abs()[outside].max()
    assert far < 10 * start.gaussian.spread.max() * 0.18215


def test_a_border_is_masked_and_the_picture_in_it_is_not() -> None:
    padded = masks.pad_image(Image(PHOTO), left=4, bottom=8)
    assert padded.image.pixels.shape == (1, 3, 24, 20)
    assert torch.equal(padded.image.pixels[..., :16, 4:], PHOTO)
    assert padded.mask.pixels[..., :16, 4:].max() == 0
    assert int(padded.mask.pixels.sum()) == 24 * 20 - 16 * 16


def test_masks_are_joined_grown_and_turned() -> None:
    left, top = (masks.rectangle_mask(Image(PHOTO), *sides) for sides in ((0, 0, 0.5, 1), (0, 0, 1, 0.5)))
    areas = {how: int(masks.join_masks(left, top, how).pixels.sum()) for how in ("either", "both", "first only")}
    assert areas == {"either": 192, "both": 64, "first only": 64}
    assert int(masks.invert_mask(left).pixels.sum()) == 128
    assert int(masks.grow_mask(left, 2).pixels.sum()) == 10 * 16
    assert int(masks.grow_mask(left, -2).pixels.sum()) == 6 * 16
    soft = masks.grow_mask(left, 0, 3.0).pixels
    assert torch.equal(soft >= 1, left.pixels >= 1)
    assert 0 < float(soft[0, 0, 8, 8]) < 1
    red = torch.zeros(1, 3, 4, 4)
    red[:, 0, :2] = 0.9
    assert int(masks.colour_mask(Image(red)).pixels.sum()) == 8
    with pytest.raises(InputError, match="does not fit"):
        masks.join_masks(left, masks.colour_mask(Image(red)))
