"""One set of tiny models for all comparisons with the libraries' own pipelines."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.files import Files
from engine.run import Run
from nodes import guidance, load, text
from nodes.load import Loaded
from nodes.values import Guidance
from tests.nodes import tiny


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def run(root: Path) -> Run:
    return Run(files=Files(root / "assets", roots=(root,)))


@pytest.fixture(scope="session")
def sd_folder(root: Path) -> Path:
    return tiny.stable_diffusion(root)


@pytest.fixture(scope="session")
def xl_folder(root: Path) -> Path:
    return tiny.stable_diffusion_xl(root)


@pytest.fixture(scope="session")
def sd(sd_folder: Path, run: Run) -> Loaded:
    loaded: Loaded = load.checkpoint(sd_folder.name, run=run)
    return loaded


@pytest.fixture(scope="session")
def xl(xl_folder: Path, run: Run) -> Loaded:
    loaded: Loaded = load.checkpoint(xl_folder.name, run=run)
    return loaded


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
