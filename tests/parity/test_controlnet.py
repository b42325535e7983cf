"""A ControlNet equals StableDiffusionControlNetPipeline bit for bit; at strength 0 it changes no bit."""

from pathlib import Path
from typing import Any

import pytest
import torch

from engine.errors import InputError
from engine.run import Run
from nodes import control
from nodes.load import Loaded
from nodes.values import Image
from tests.nodes import tiny
from tests.parity.conftest import Guide
from tests.parity.test_stable_diffusion import NEGATIVE, PROMPT, draw, generator

PICTURE = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(8))


@pytest.fixture(scope="session")
def folder(root: Path) -> Path:
    return tiny.controlnet(root)


def drawn(sd: Loaded, run: Run, guide: Guide, folder: Path | None = None, **options: Any) -> torch.Tensor:
    chosen = [] if folder is None else [control.controlnet(folder.name, Image(PICTURE), run=run, **options)]
    return draw(sd, run, guide(sd, PROMPT, NEGATIVE), steps=4, seed=3, controls=chosen)


def theirs(sd_parts: dict[str, Any], folder: Path, strength: float, **options: Any) -> torch.Tensor:
    from diffusers import ControlNetModel, StableDiffusionControlNetPipeline

    none: dict[str, Any] = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    made = StableDiffusionControlNetPipeline(
        **sd_parts, **none, controlnet=ControlNetModel.from_pretrained(folder).eval()
    )
    made.set_progress_bar_config(disable=True)
    return made(  # type: ignore[no-any-return]
        PROMPT,
        image=PICTURE,
        height=16,
        width=16,
        negative_prompt=NEGATIVE,
        num_inference_steps=4,
        controlnet_conditioning_scale=strength,
        generator=generator(3),
        output_type="pt",
        **options,
    ).images


@pytest.mark.parametrize(("strength", "start", "stop"), [(1.0, 0.0, 1.0), (0.6, 0.25, 0.75)])
def test_it_equals_the_pipeline(
    strength: float,
    start: float,
    stop: float,
    sd: Loaded,
    sd_parts: dict[str, Any],
    run: Run,
    guide: Guide,
    folder: Path,
) -> None:
    ours = drawn(sd, run, guide, folder, strength=strength, start=start, stop=stop)
    span = {"control_guidance_start": start, "control_guidance_end": stop}
    assert torch.equal(ours, theirs(sd_parts, folder, strength, **span))
    assert (ours - drawn(sd, run, guide)).abs().max() > 1e-3


def test_strength_zero_changes_no_bit(sd: Loaded, run: Run, guide: Guide, folder: Path) -> None:
    assert torch.equal(drawn(sd, run, guide, folder, strength=0.0), drawn(sd, run, guide))


def test_a_picture_of_another_size_and_a_folder_of_another_kind_are_refused(
    sd: Loaded, run: Run, guide: Guide, folder: Path, sd_folder: Path
) -> None:
    small = control.controlnet(folder.name, Image(PICTURE[..., :8]), run=run)
    with pytest.raises(InputError, match="1 of 8 x 16 pixels, drawn are 1 of 16 x 16"):
        draw(sd, run, guide(sd, PROMPT, None), steps=1, controls=[small])
    with pytest.raises(InputError, match="tiny-sd/unet is no ControlNet"):
        control.controlnet("tiny-sd/unet", Image(PICTURE), run=run)
