"""Open a checkpoint: handles of its parts, and how it is meant to be used."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import facts
from nodes.handles import Autoencoder, Denoiser, Precision, TextEncoderModel, TokenizerModel
from nodes.sources import EMBEDDED, locate
from nodes.values import Defaults
from nodes.widgets import ModelName


class Loaded(NamedTuple):
    tokenizer: TokenizerModel
    text_encoder: TextEncoderModel
    denoiser: Denoiser
    autoencoder: Autoencoder
    defaults: Defaults


def _files_of(source: str, files: Files) -> Iterable[Path]:
    from nodes.describe import paths

    return paths(locate(source, files))


class Sizes(NamedTuple):
    steps: int
    scale: float
    rescale: float
    width: int
    height: int


@node("SamplingDefaults", category="model")
def sampling_defaults(defaults: Defaults) -> Sizes:
    """Take apart how a model is meant to be used, to wire its steps, scale and size."""
    return Sizes(defaults.steps, defaults.scale, defaults.rescale, defaults.width, defaults.height)


@node("Checkpoint", category="model", lane="io", reads=_files_of, describe=facts.of_checkpoint)
def checkpoint(
    source: ModelName = EMBEDDED,
    precision: Precision = "auto",
    prediction: Literal["auto", "epsilon", "v_prediction"] = "auto",
    *,
    run: Run,
) -> Loaded:
    """Open a model: its tokenizer, text encoder, denoiser and autoencoder, without loading their weights yet.

    `source` is `bauklotz`, which comes with the program; the name of a folder in diffusers layout or of a .safetensors
    file below a models folder; or `hub:org/name`. Wan and LTX, which draw films, are folders.

    `precision` is what it computes in: `auto` is float32 on a CPU and float16 elsewhere, bfloat16 for films.
    `prediction` is only needed for single files of Stable Diffusion 2, which do not say it.
    """
    from nodes.describe import describe

    handles, defaults = describe(locate(source, run.files), run.files, precision=precision, prediction=prediction)
    return Loaded(*handles, defaults)
