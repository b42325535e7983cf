"""What the comparisons with the libraries' own pipelines share: guidance, and a pipeline of the tiny models."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.run import Run
from nodes import guidance, text
from nodes.load import Loaded
from nodes.values import Guidance


@pytest.fixture(scope="session", autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compare with one thread on both sides, whether or not a test asks for a model."""


Guide = Callable[..., Guidance]


@pytest.fixture(scope="session")
def guide(run: Run) -> Guide:
    """Encode two prompts and join them to guidance."""

    def make(model: Loaded, positive: str, negative: str | None, scale: float = 7.5, **options: Any) -> Guidance:
        def encoded(prompt: str) -> Any:
            tokens = text.tokenize(model.tokenizer, prompt, 1, run=run).tokens
            return text.encode(tokens, model.text_encoder, run=run)

        against = None if negative is None else encoded(negative)
        guided: Guidance = guidance.cfg(encoded(positive), against, scale, **options)
        return guided

    return make


@pytest.fixture(scope="session")
def sd_parts(sd_folder: Path) -> dict[str, Any]:
    """The modules of the tiny Stable Diffusion, opened by the libraries themselves."""
    from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    return {
        "tokenizer": CLIPTokenizer.from_pretrained(sd_folder / "tokenizer"),
        "text_encoder": CLIPTextModel.from_pretrained(sd_folder / "text_encoder").eval(),
        "unet": UNet2DConditionModel.from_pretrained(sd_folder / "unet").eval(),
        "vae": AutoencoderKL.from_pretrained(sd_folder / "vae").eval(),
        "scheduler": DDIMScheduler.from_pretrained(sd_folder / "scheduler"),
    }


@pytest.fixture(scope="session")
def pipeline(sd_parts: dict[str, Any]) -> Callable[..., Any]:
    """Make a pipeline of the tiny Stable Diffusion with a scheduler."""

    def make(kind: str = "StableDiffusionPipeline", scheduler: str | None = None, **options: Any) -> Any:
        import diffusers

        rule = sd_parts["scheduler"]
        if scheduler is not None:
            rule = getattr(diffusers, scheduler).from_config(rule.config, **options)
        none = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
        made = getattr(diffusers, kind)(**(sd_parts | {"scheduler": rule}), **none)
        made.set_progress_bar_config(disable=True)
        return made

    return make
