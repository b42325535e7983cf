"""Change a denoiser by small weights beside its own; they are never fused into them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import film_facts
from nodes.families.header import shapes
from nodes.handles import Denoiser, check_draws_pictures
from nodes.widgets import ModelName, slider

Weight = Annotated[float, slider(-4, 4, 0.05)]


def _file_of(source: str, files: Files) -> Iterable[Path]:
    return (files.source(source),)


@node("LoRA", title="LoRA", category="model", lane="io", reads=_file_of, describe=film_facts.of_adapter)
def lora(denoiser: Denoiser, source: ModelName, strength: Weight = 1.0, *, run: Run) -> Denoiser:
    """Add a LoRA to a denoiser: small weights that were trained for a style or a thing (Hu et al., arXiv 2106.09685).

    `source` is a .safetensors file below a models folder, in diffusers' or kohya's layout. `strength` says how much of
    it counts; 0 changes no bit. Several may follow one another. What it has for text encoders is not used.
    """
    check_draws_pictures(denoiser, hint="LoRAs are for models that draw pictures")
    path = run.files.source(source)
    if path.is_dir() or not any("lora" in name for name in shapes(path)):
        raise InputError(f"{source[:80]} holds no LoRA weights", hint="give the .safetensors file of a LoRA")
    return replace(denoiser, adapters=(*denoiser.adapters, (run.files.digest(path), strength)))
