"""Open a DINO of transformers' layout: DINO (ViT), DINOv2, with registers or without, DINOv3 (ViT or ConvNeXt).

Guarantees
1. A picture is encoded alone, so that what is seen in it does not depend on its company.
2. A picture is rounded to eight bits first, and prepared as the folder's own processor says.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.errors import InputError
from nodes.checkpoints import read_json, weight_files
from nodes.families.filling import precision as dtype_of
from nodes.handles import Named, Precision, named, weight
from nodes.opening import opened, opened_beside
from nodes.pixels import pictures
from nodes.sources import locate_reader
from nodes.tensors import like

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from engine.files import Files
    from nodes.values import Image

_CONFIG = "config.json"
_PROCESSOR = "preprocessor_config.json"
_KINDS = ("vit", "dinov2", "dinov2_with_registers", "dinov3_vit", "dinov3_convnext")
_PATCHLESS = "dinov3_convnext"
_STRIDE = 32  # pixels for each cell of a ConvNeXt


@dataclass(frozen=True, slots=True)
class DINOModel:
    """A DINO: which files, computed in which precision, and the name of the space that it embeds in."""

    part: Named
    kind: str
    space: str
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Dino:
        """Give the model, ready to use."""
        from transformers import AutoImageProcessor, AutoModel

        with files.view(dict(self.part)) as folder:
            # other implementations give no attention, without a word
            model = opened(AutoModel, folder, spare=("pooler.",), attn_implementation="eager")
            processor = opened_beside(AutoImageProcessor, folder)
        return Dino(model.to(device, dtype_of(self.precision, device)), processor, self.kind)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


class Seen(NamedTuple):
    """What is seen in a batch of pictures; an encoder of convolutions has no attention."""

    whole: Float[Tensor, "batch width"]
    patches: Float[Tensor, "batch rows columns width"]
    attention: Float[Tensor, "batch heads rows columns"] | None
    patch: int


@dataclass(frozen=True, slots=True, eq=False)
class Dino:
    """A transformers encoder with its own way to prepare pictures."""

    model: Any
    processor: Any
    kind: str

    def see(self, image: Image) -> Seen:
        """Encode pictures, one by one; attention is the last layer's, from the class vector to each patch."""
        import torch

        with torch.inference_mode():
            parts = [self._see(each) for each in pictures(image)]
        whole, patches, attention, patch = zip(*parts, strict=True)
        maps = None if attention[0] is None else torch.cat(attention)
        return Seen(torch.cat(whole), torch.cat(patches), maps, patch[0])

    def _see(self, picture: Any) -> Seen:
        model = self.model
        ready = self.processor(images=[picture], return_tensors="pt")["pixel_values"].to(like(model))
        more = {"interpolate_pos_encoding": True} if self.kind == "vit" else {}
        if self.kind != _PATCHLESS:
            more["output_attentions"] = True
        given = model(ready, **more)
        states = given.last_hidden_state.float().cpu()
        before = 1 + getattr(model.config, "num_register_tokens", 0)  # the class vector and the registers
        patch = getattr(model.config, "patch_size", _STRIDE)
        rows, columns = (side // patch for side in ready.shape[-2:])
        patches = states[:, before:].reshape(1, rows, columns, -1)
        if self.kind == _PATCHLESS:
            return Seen(states[:, 0], patches, None, patch)
        maps = given.attentions[-1][:, :, 0, before:].float().cpu()
        return Seen(states[:, 0], patches, maps.reshape(1, -1, rows, columns), patch)


def dino_files(source: str, files: Files) -> Mapping[str, Path]:
    """Name every file of a DINO by the name that transformers looks for."""
    folder = locate_reader(source, "dino", files)
    kind = _kind(folder)
    if not (folder / _PROCESSOR).is_file():
        raise InputError(
            f"{folder.name}/{_PROCESSOR} is missing", hint="it says how pictures are prepared; download it"
        )
    if kind not in _KINDS:
        raise InputError(f"a model of the type {kind[:40]!r} is no DINO", hint=f"known are {', '.join(_KINDS)}")
    return {_CONFIG: folder / _CONFIG, _PROCESSOR: folder / _PROCESSOR, **weight_files(folder)}


def describe_dino(source: str, precision: Precision, files: Files) -> DINOModel:
    """Make the handle of a DINO from its config and the header of its weights."""
    found = dino_files(source, files)
    part = named(found, files)
    weights = next(digest for name, digest in part if name.endswith(".safetensors"))
    kind = _kind(found[_CONFIG].parent)
    return DINOModel(part, kind, f"dino-{weights[:12]}", precision)


def _kind(folder: Path) -> str:
    return str(read_json(folder / _CONFIG).get("model_type", ""))
