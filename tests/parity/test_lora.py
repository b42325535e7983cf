"""A LoRA equals what the pipeline makes of it, bit for bit; at strength 0 it changes no bit."""

from pathlib import Path
from typing import Any

import pytest
import torch

from engine.errors import InputError
from engine.run import Run
from nodes import adapters
from nodes.load import Loaded
from tests.nodes import tiny
from tests.parity.conftest import Guide
from tests.parity.test_stable_diffusion import NEGATIVE, PROMPT, draw, generator

pytestmark = pytest.mark.filterwarnings("ignore:Already found a `peft_config`:UserWarning")  # a second LoRA is meant


@pytest.fixture(scope="session")
def loras(root: Path) -> list[Path]:
    return [tiny.lora(root, seed=seed) for seed in (4, 5)]


def drawn(sd: Loaded, run: Run, guide: Guide, *chosen: tuple[Path, float]) -> torch.Tensor:
    net = sd.denoiser
    for path, strength in chosen:
        net = adapters.lora(net, path.name, strength, run=run)
    return draw(sd._replace(denoiser=net), run, guide(sd, PROMPT, NEGATIVE), steps=3, seed=3)


def theirs(sd_folder: Path, *chosen: tuple[Path, float]) -> torch.Tensor:
    from diffusers import StableDiffusionPipeline

    none: dict[str, Any] = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    made = StableDiffusionPipeline(
        tokenizer=CLIPTokenizer.from_pretrained(sd_folder / "tokenizer"),
        text_encoder=CLIPTextModel.from_pretrained(sd_folder / "text_encoder").eval(),
        unet=UNet2DConditionModel.from_pretrained(sd_folder / "unet").eval(),
        vae=AutoencoderKL.from_pretrained(sd_folder / "vae").eval(),
        scheduler=DDIMScheduler.from_pretrained(sd_folder / "scheduler"),
        **none,
    )
    made.set_progress_bar_config(disable=True)
    for number, (path, _) in enumerate(chosen):
        made.load_lora_weights(path.parent, weight_name=path.name, adapter_name=f"one_{number}")
    made.set_adapters([f"one_{number}" for number, _ in enumerate(chosen)], [strength for _, strength in chosen])
    return made(  # type: ignore[no-any-return]
        PROMPT, negative_prompt=NEGATIVE, num_inference_steps=3, generator=generator(3), output_type="pt"
    ).images


def test_one_or_two_equal_the_pipeline(sd: Loaded, sd_folder: Path, run: Run, guide: Guide, loras: list[Path]) -> None:
    for chosen in ([(loras[0], 1.0)], [(loras[0], 0.5), (loras[1], -0.7)]):
        ours = drawn(sd, run, guide, *chosen)
        assert torch.equal(ours, theirs(sd_folder, *chosen))
        assert (ours - drawn(sd, run, guide)).abs().max() > 1e-3


def test_strength_zero_changes_no_bit_and_the_base_stays_as_it_was(
    sd: Loaded, run: Run, guide: Guide, loras: list[Path]
) -> None:
    before = drawn(sd, run, guide)
    assert torch.equal(drawn(sd, run, guide, (loras[0], 0.0)), before)
    drawn(sd, run, guide, (loras[0], 1.0))
    assert torch.equal(drawn(sd, run, guide), before)


def test_a_file_that_is_no_lora_is_refused(sd: Loaded, run: Run) -> None:
    with pytest.raises(InputError, match="tiny-sd holds no LoRA weights"):
        adapters.lora(sd.denoiser, "tiny-sd", run=run)


def test_a_lora_of_another_model_is_refused(sd: Loaded, xl: Loaded, run: Run, guide: Guide, loras: list[Path]) -> None:
    wrong = adapters.lora(xl.denoiser, loras[0].name, run=run)
    with pytest.raises(InputError, match="the LoRA does not fit the denoiser"):
        run.load(wrong)
