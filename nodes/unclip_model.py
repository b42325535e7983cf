"""Open what makes a prompt of an image embedding: IP-Adapter Plus's resampler of diffusers, with one vector to read.

Its folder holds config.json, the weights (`image_proj.*`) and the prompt of no picture at all (`nothing`).
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from engine.spec import Json
from nodes.belonging import BESIDE, belonging
from nodes.checkpoints import read_json, weight_files
from nodes.families.filling import filled, precision
from nodes.families.parts import config_of, weights_of
from nodes.handles import Named, Precision, named, weight
from nodes.sources import locate_reader

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from engine.files import Files

_CONFIG = "config.json"
_KIND = "IPAdapterPlusImageProjection"
_INSIDE = "image_proj."
_SIZES = ("embed_dims", "output_dims", "hidden_dims", "depth", "dim_head", "heads", "num_queries", "ffn_ratio")


@dataclass(frozen=True, slots=True)
class UnclipModel:
    """A decoder's way in: from embeddings `width` wide, of a CLIP's space, to the prompts that a denoiser reads."""

    part: Named
    space: str
    width: int
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> UnCLIP:
        """Give the model, ready to use."""
        from diffusers.models.embeddings import IPAdapterPlusImageProjection

        config = config_of(self.part, files)
        weights = weights_of(self.part, files)
        inner = {name.removeprefix(_INSIDE): each for name, each in weights.items() if name.startswith(_INSIDE)}
        if "nothing" not in weights:
            raise InputError("the weights have no prompt of no picture (`nothing`)", hint="the folder is not whole")
        sizes = {name: config[name] for name in _SIZES}
        net = filled(lambda: IPAdapterPlusImageProjection(**sizes), inner, self.precision, device)
        return UnCLIP(net, weights["nothing"].to(device, precision(self.precision, device)))

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


@dataclass(frozen=True, slots=True, eq=False)
class UnCLIP:
    """The projection, and the prompt of no picture at all."""

    net: Any
    nothing: Float[Tensor, "1 tokens width"]

    def prompts(self, vectors: Float[Tensor, "batch embeds"]) -> Float[Tensor, "batch tokens width"]:
        """Give a prompt for each embedding; each is made alone, so that it does not depend on its company."""
        import torch

        with torch.inference_mode():
            ready = vectors.to(self.nothing.device, self.nothing.dtype)
            return torch.cat([self.net(each[:, None]) for each in torch.split(ready, 1)]).float().cpu()


def unclip_files(source: str, files: Files) -> Mapping[str, Path]:
    """Name every file of the projection."""
    folder = locate_reader(source, "unclip", files)
    beside = {BESIDE: folder / BESIDE} if (folder / BESIDE).is_file() else {}
    return {_CONFIG: folder / _CONFIG, **weight_files(folder), **beside}


def read_unclip(folder: Path) -> Mapping[str, Json]:
    """Read what the projection says of itself."""
    config = read_json(folder / _CONFIG)
    kind = str(config.get("_class_name", ""))
    if kind != _KIND or not all(isinstance(config.get(name), int) for name in _SIZES):
        raise InputError(f"{folder.name}/{_CONFIG} describes no {_KIND}", hint="take another folder")
    return config


def describe_unclip(source: str, asked: Precision, files: Files) -> UnclipModel:
    """Make the handle of the projection from its configs."""
    found = unclip_files(source, files)
    folder = found[_CONFIG].parent
    config, told = read_unclip(folder), belonging(folder)
    net = {name: path for name, path in found.items() if name != BESIDE}
    return UnclipModel(named(net, files), told.space, int(config["embed_dims"]), asked)
