"""Open a CLIP of open_clip's layout: a folder with its config, its .safetensors weights and its tokenizer.

Guarantees
1. Nothing is downloaded: a config that would make the libraries fetch something is refused.
2. A picture or a text is embedded alone, so that its vector does not depend on its company.
3. A picture is rounded to eight bits first: it is embedded as the PNG of it would be.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError, in_a_line
from engine.spec import Json
from nodes.checkpoints import TOKENIZER_FILES, read_json
from nodes.families.header import shapes
from nodes.handles import Named, Precision, named, weight
from nodes.pixels import pictures
from nodes.sources import locate_reader

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from engine.files import Files
    from nodes.values import Image

CONFIG = "open_clip_config.json"
_WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "model.safetensors")
_PRECISIONS: Mapping[Precision, str] = {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16"}
_TOKENIZING = {"clean", "strip_sep_token"}
_UNKNOWN: Mapping[str, str] = {
    "multimodal_cfg": "it writes captions (CoCa)",
    "init_logit_bias": "it was trained by single pairs (SigLIP)",
    "audio_cfg": "it hears",
}


@dataclass(frozen=True, slots=True)
class CLIPModel:
    """A CLIP: which files, computed in which precision, and the name of the space that it embeds in."""

    part: Named
    space: str
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Clip:
        """Give the model, ready to use."""
        import open_clip

        asked = self.precision if self.precision != "auto" else "float32" if device == "cpu" else "float16"
        with files.view(dict(self.part)) as folder:
            name = f"local-dir:{folder}"
            try:
                model = open_clip.create_model(name, precision=_PRECISIONS[asked], device=device)
                tokenizer = open_clip.get_tokenizer(name)
            except (RuntimeError, ValueError, KeyError, TypeError, AssertionError) as error:
                said = f"open_clip cannot open this model: {in_a_line(error)}"
                raise InputError(said, hint="take another folder") from error
        settings = open_clip.transform.PreprocessCfg(**model.visual.preprocess_cfg)
        transform = open_clip.transform.image_transform_v2(settings, is_train=False)
        return Clip(model.eval().requires_grad_(False), tokenizer, transform, device)

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """An open_clip model with its own tokenizer and its own way to prepare pictures."""

    model: Any
    tokenizer: Any
    transform: Any
    device: str

    @property
    def scale(self) -> float:
        """What cosines are multiplied with."""
        return float(self.model.logit_scale.exp())

    def embed_pictures(self, image: Image, *, normalize: bool = True) -> Float[Tensor, "batch width"]:
        """Give unit vectors, or as long as the model makes them."""
        import torch

        dtype = next(self.model.visual.parameters()).dtype
        with torch.inference_mode():
            ready = [self.transform(each)[None].to(self.device, dtype) for each in pictures(image)]
            return torch.cat([self.model.encode_image(each, normalize=normalize) for each in ready]).float().cpu()

    @property
    def side(self) -> int:
        """How many pixels wide and high a picture is when the model sees it."""
        size = self.model.visual.preprocess_cfg["size"]
        return int(min(size) if isinstance(size, tuple | list) else size)

    def embed_views(self, views: Float[Tensor, "batch 3 side side"]) -> Float[Tensor, "batch width"]:
        """Give unit vectors of pixels from 0 to 1, of the model's own size, all at once; gradients flow back."""
        import torch

        visual = self.model.visual
        mean, std = (torch.tensor(visual.preprocess_cfg[name], device=views.device) for name in ("mean", "std"))
        ready = (views - mean[:, None, None]) / std[:, None, None]
        seen: Tensor = self.model.encode_image(ready.to(next(visual.parameters()).dtype), normalize=True)
        return seen.float()

    def embed_texts(self, texts: Sequence[str]) -> Float[Tensor, "count width"]:
        """Give unit vectors; a text that is longer than the model reads is cut."""
        import torch

        with torch.inference_mode():
            ready = [self.tokenizer([text]).to(self.device) for text in texts]
            return torch.cat([self.model.encode_text(each, normalize=True) for each in ready]).float().cpu()

    def read_text(self, text: str) -> tuple[Tensor, Tensor, Tensor]:
        """Read a text as a prior does: its vector, not of length 1, one for each token, and what is no padding."""
        import torch

        with torch.inference_mode():
            ids = self.tokenizer([text]).to(self.device)
            given = self.model.forward_intermediates(
                text=ids, text_indices=1, normalize=False, normalize_intermediates=True
            )
            ends = ids.argmax(1, keepdim=True)  # the end of a text has the largest id, here as in open_clip
            mask = torch.arange(ids.shape[1], device=ids.device) <= ends
            return given["text_features"], given["text_intermediates"][-1], mask

    def embed_classes(self, classes: Sequence[str], templates: Sequence[str]) -> Float[Tensor, "width count"]:
        """Give the weights of a zero-shot classifier, as open_clip makes them (Radford et al. 2021, 3.1.4)."""
        import open_clip

        # not str.format: a template comes from a document
        ways = [lambda name, template=template: template.replace("{}", name) for template in templates]
        weights: Tensor = open_clip.build_zero_shot_classifier(
            self.model, self.tokenizer, classes, ways, device=self.device
        )
        return weights.float().cpu()


def clip_files(source: str, files: Files) -> Mapping[str, Path]:
    """Name every file of a CLIP by the name that open_clip looks for."""
    folder = locate_reader(source, "clip", files)
    if not (folder / CONFIG).is_file():
        raise InputError(f"{folder.name} has no {CONFIG}", hint="give a folder in open_clip's layout")
    config = _checked(read_json(folder / CONFIG))
    found = {CONFIG: folder / CONFIG, _WEIGHTS[0]: _weights(folder)}
    tokenizer = {name: folder / name for name in TOKENIZER_FILES if (folder / name).is_file()}
    if not config["text_cfg"].get("hf_tokenizer_name"):
        return found  # the tokenizer that comes with open_clip
    if "tokenizer.json" not in tokenizer and not {"vocab.json", "merges.txt"} <= tokenizer.keys():
        raise InputError(f"{folder.name}/tokenizer.json is missing", hint="the folder is not whole")
    return found | tokenizer


def describe_clip(source: str, precision: Precision, files: Files) -> CLIPModel:
    """Make the handle of a CLIP from its config and the header of its weights."""
    part = named(clip_files(source, files), files)
    return CLIPModel(part, f"clip-{dict(part)[_WEIGHTS[0]][:12]}", precision)


def _weights(folder: Path) -> Path:
    for name in _WEIGHTS:
        if (folder / name).is_file():
            shapes(folder / name)  # see that it is what its name says
            return folder / name
    for pickle in sorted(_pickles(folder)):
        raise InputError(
            f"{pickle.name} is a pickle: opening it could run code", hint="use a folder with .safetensors weights"
        )
    raise InputError(f"{folder.name}/{_WEIGHTS[0]} is missing", hint="the folder has no weights")


def _pickles(folder: Path) -> Iterable[Path]:
    return (*folder.glob("*.bin"), *folder.glob("*.pt"), *folder.glob("*.pth"), *folder.glob("*.ckpt"))


def _checked(config: Mapping[str, Json]) -> Mapping[str, Json]:
    """See that the config is of a CLIP with two towers, and that opening it asks nobody else."""
    model = config.get("model_cfg")
    if not isinstance(model, dict) or not all(isinstance(model.get(part), dict) for part in ("text_cfg", "vision_cfg")):
        raise InputError(f"{CONFIG} describes no CLIP: it has no text_cfg or no vision_cfg", hint="take another folder")
    text, vision = model["text_cfg"], model["vision_cfg"]
    for name, reason in _UNKNOWN.items():
        if model.get(name) is not None:
            raise InputError(f"this is no plain CLIP: {reason}", hint="take a CLIP trained on batches of pairs")
    fetched = bool(text.get("hf_model_name")) or ":" in str(vision.get("timm_model_name", ""))
    if fetched or not set(text.get("tokenizer_kwargs") or {}) <= _TOKENIZING:
        raise InputError("its config asks for parts from elsewhere", hint="take a CLIP that is whole in its folder")
    return model
