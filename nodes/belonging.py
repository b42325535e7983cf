"""Read which CLIP a model was made for: promptograph.json beside its weights says it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError
from nodes.checkpoints import read_json
from nodes.values import Embedding

BESIDE = "promptograph.json"


@dataclass(frozen=True, slots=True)
class Belonging:
    """The CLIP that a model was made for; no space is "not told", so any CLIP of the right width may be meant."""

    clip: str
    space: str
    unit: bool  # whether its embeddings have length 1


def belonging(folder: Path) -> Belonging:
    """Read it from a folder."""
    path = folder / BESIDE
    told = read_json(path) if path.is_file() else {}
    return Belonging(str(told.get("clip", "")), str(told.get("space", "")), bool(told.get("unit", False)))


def check_made_for(space: str, given: str, what: str) -> None:
    """See that something is of the CLIP that a model was made for."""
    if space and given != space:
        raise InputError(
            f"{what} is of the space {given}, this model was made for {space}",
            hint="embed with the CLIP that the model was made for: LoadCLIP with its source",
        )


def check_width(width: int, given: Embedding) -> None:
    """See that an embedding is as wide as a model reads it."""
    if given.vectors.shape[-1] != width:
        raise InputError(
            f"the embedding is {given.vectors.shape[-1]} wide, this model reads {width}",
            hint="embed with the CLIP that the model was made for, by CLIPImageEmbedding",
        )
