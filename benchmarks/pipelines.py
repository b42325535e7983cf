"""The same picture, made by a graph of ours and by the diffusers pipeline, with the same weights."""

import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cli.compose import files
from engine import Cache, Engine, Files
from graphs import Graph
from nodes import CATALOG
from nodes.sources import EMBEDDED, locate

STEPS = 20
SCALE = 3.0
THREADS = 1

Draw = Callable[[str, int], Any]  # a prompt and a seed -> float pixels [1, 3, height, width]


def graph(source: str) -> Graph:
    """Give text-to-image for a model, with the settings of the comparison."""
    return Graph.load("text-to-image").set({"model": source, "steps": STEPS, "scale": SCALE, "sampler": "ddim"})


def tiny(root: Path) -> str:
    """Make a tiny Stable Diffusion with random weights below a folder, and give its name."""
    from tests.nodes.tiny import stable_diffusion

    return stable_diffusion(root).name


def models(root: Path) -> Files:
    """Give the files of models that lie below a folder."""
    return Files(root / "data", roots=(root, *files().roots))


def ours(source: str, root: Path) -> Draw:
    """Draw with a graph; models stay loaded, results are kept on disk and in memory."""
    folder = Path(tempfile.mkdtemp(prefix="cache-", dir=root))
    engine = Engine(CATALOG, cache=Cache(folder), files=models(root), threads=THREADS)
    document = graph(source)

    def draw(prompt: str, seed: int) -> Any:
        result = engine.run(document, {"prompt": prompt, "seed": seed})
        assert result.status == "done", result.failures
        return result.outputs["image"].pixels

    return draw


def theirs(source: str, root: Path) -> Draw:
    """Draw with StableDiffusionPipeline; a VQGAN, which it cannot call, is called after it as it would be."""
    import torch
    from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel, VQModel
    from transformers import CLIPTextModel, CLIPTokenizer

    warnings.simplefilter("ignore")  # of configs that the pipeline would like to be newer
    folder = locate(source, models(root))
    quantized = source == EMBEDDED
    kind, name = (VQModel, "vqvae") if quantized else (AutoencoderKL, "vae")
    options: dict[str, Any] = {"torch_dtype": torch.float32}
    torch.set_num_threads(THREADS)
    pipeline = StableDiffusionPipeline(
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer"),
        text_encoder=CLIPTextModel.from_pretrained(folder / "text_encoder", dtype=torch.float32).eval(),
        unet=UNet2DConditionModel.from_pretrained(folder / "unet", **options).eval(),
        vae=kind.from_pretrained(folder / name, **options).eval(),
        scheduler=DDIMScheduler.from_pretrained(folder / "scheduler"),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)

    def draw(prompt: str, seed: int) -> Any:
        generator = torch.Generator("cpu").manual_seed(seed)
        drawn = pipeline(
            prompt,
            num_inference_steps=STEPS,
            guidance_scale=SCALE,
            generator=generator,
            output_type="latent" if quantized else "pt",
        ).images
        return _decoded(pipeline.vae, drawn) if quantized else drawn

    return draw


def _decoded(vae: Any, latents: Any) -> Any:
    import torch

    with torch.no_grad():
        pixels = vae.decode(latents / vae.config.scaling_factor, force_not_quantize=True, return_dict=False)[0]
        return (pixels / 2 + 0.5).clamp(0, 1)
