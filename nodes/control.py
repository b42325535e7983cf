"""Let a picture say where things go: a ControlNet beside the denoiser."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import facts
from nodes.handles import ControlModel, Precision, named
from nodes.values import Control, Image
from nodes.widgets import Fraction, ModelName, slider

Weight = Annotated[float, slider(0, 2, 0.05)]


def _files_of(source: str, files: Files) -> Iterable[Path]:
    from nodes.checkpoints import read_part

    return read_part(files.source(source)).files.values()


@node("ControlNet", title="ControlNet", category="model", lane="io", reads=_files_of, describe=facts.of_control)
def controlnet(
    source: ModelName,
    image: Image,
    strength: Weight = 1.0,
    start: Fraction = 0.0,
    stop: Fraction = 1.0,
    precision: Precision = "auto",
    *,
    run: Run,
) -> Control:
    """Let a picture (edges, depth, a pose) say where things go (Zhang et al., arXiv 2302.05543): wire it to a Sampler.

    `source` is a folder in diffusers layout below a models folder, made for the denoiser's family. It acts from the
    fraction `start` of the steps to `stop`, as strongly as `strength` says; 0 changes no bit.
    """
    from nodes.checkpoints import read_part

    part = read_part(run.files.source(source))
    if part.config.get("_class_name") != "ControlNetModel":
        raise InputError(f"{source[:80]} is no ControlNet", hint="give the folder of one, in diffusers layout")
    return Control(ControlModel(named(part.files, run.files), precision), image, strength, start, stop)
