"""A tiny prior and a tiny way into a decoder with random weights, and a CLIP that is as wide as they are."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from engine.files import Files
from nodes.clip_model import describe_clip
from tests.nodes import tiny, tiny_readers

WIDTH = 32
CLIP = "tiny-clip-32"
SIZES = {
    "embed_dims": WIDTH,
    "output_dims": 32,
    "hidden_dims": 16,
    "depth": 2,
    "dim_head": 8,
    "heads": 2,
    "num_queries": tiny.LENGTH,
    "ffn_ratio": 2,
}


def clip(root: Path) -> Path:
    """A CLIP whose texts are as wide inside as its embeddings, as a prior wants it."""
    return tiny_readers.clip(root, CLIP, seed=3, embed=WIDTH)


def prior(root: Path, name: str = "tiny-prior", *, told: bool = False) -> Path:
    """A prior in Kandinsky's layout; `told` says beside it which CLIP it is of."""
    folder = root / name
    net(WIDTH).save_pretrained(folder / "prior")
    schedule().save_pretrained(folder / "scheduler")
    if told:
        tell(folder, root)
    return folder


def net(width: int) -> Any:
    from diffusers import PriorTransformer

    torch.manual_seed(5)
    made = PriorTransformer(
        num_attention_heads=2, attention_head_dim=12, num_layers=2, embedding_dim=width, num_embeddings=tiny.LENGTH
    )
    tiny.moved(made, 0.05).clip_std.data.add_(1)
    return made.eval()


def schedule() -> Any:
    from diffusers import UnCLIPScheduler

    return UnCLIPScheduler(prediction_type="sample", clip_sample_range=5.0)


def unclip(root: Path, name: str = "tiny-unclip", *, told: bool = False, **sizes: int) -> Path:
    """The projection, with its prompt of no picture."""
    from diffusers.models.embeddings import IPAdapterPlusImageProjection

    folder = root / name
    folder.mkdir(exist_ok=True)
    torch.manual_seed(6)
    made = IPAdapterPlusImageProjection(**(SIZES | sizes))
    tensors = {f"image_proj.{key}": each.contiguous() for key, each in made.state_dict().items()}
    save_file({**tensors, "nothing": torch.randn(1, tiny.LENGTH, 32)}, folder / "model.safetensors")
    config = {"_class_name": "IPAdapterPlusImageProjection", **SIZES, **sizes}
    (folder / "config.json").write_text(json.dumps(config))
    if told:
        tell(folder, root)
    return folder


def tell(folder: Path, root: Path) -> None:
    """Say which CLIP a model is of."""
    space = describe_clip(clip(root).name, "auto", Files(root / "told", roots=(root,))).space
    (folder / "promptograph.json").write_text(json.dumps({"clip": CLIP, "space": space, "unit": True}))
