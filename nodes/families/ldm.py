"""Open the parts of a checkpoint that is one file with the original keys of latent diffusion.

A part of a handle names the keys' prefix and the file. Keys are translated by the diffusers library.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from nodes.families import ldm_shapes
from nodes.families.filling import filled
from nodes.families.header import shapes

if TYPE_CHECKING:
    from torch import Tensor

    from engine.files import Files
    from nodes.handles import Autoencoder, Denoiser, Named, Precision, TextEncoderModel

CLIP, OPEN_CLIP = "clip", "open_clip"  # which tokenizer: they differ in what they pad with
_MERGES = 49152 - 256 - 2
_LENGTH = 77


def vocabulary() -> Path:
    """Give the file of CLIP's merges, which comes with open_clip."""
    spec = find_spec("open_clip")
    if spec is None or spec.origin is None:
        raise InputError("the package open_clip is not installed", hint="pip install open_clip_torch")
    return Path(spec.origin).parent / "bpe_simple_vocab_16e6.txt.gz"


def open_tokenizer(part: Named, files: Files) -> Any:
    """Build CLIP's tokenizer from its merges."""
    from transformers import CLIPTokenizer

    ((kind, digest),) = part
    with gzip.open(files.find(digest), "rt", encoding="utf-8") as lines:
        merges = [tuple(line.split()) for line in lines.read().split("\n")[1 : _MERGES + 1]]
    letters = _letters()
    words = [*letters, *(letter + "</w>" for letter in letters), *("".join(pair) for pair in merges)]
    words += ["<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(
        vocab={word: number for number, word in enumerate(words)},
        merges=merges,
        model_max_length=_LENGTH,
        pad_token="!" if kind == OPEN_CLIP else "<|endoftext|>",
    )


def open_text_encoders(handle: TextEncoderModel, files: Files, device: str) -> tuple[Any, ...]:
    """Give the transformers modules."""
    return tuple(_open_text_encoder(part, handle.precision, files, device) for part in handle.parts)


def open_denoiser(handle: Denoiser, files: Files, device: str) -> Any:
    """Give the diffusers UNet."""
    from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

    path, prefix = _place(handle.part, files)
    config = ldm_shapes.unet_config(shapes(path))
    return filled(
        lambda: UNet2DConditionModel(**config),
        convert_ldm_unet_checkpoint(_weights(path, prefix), {"class_embed_type": None, **config}),
        handle.precision,
        device,
    )


def open_autoencoder(handle: Autoencoder, files: Files, device: str) -> Any:
    """Give the diffusers AutoencoderKL."""
    from diffusers.loaders.single_file_utils import convert_ldm_vae_checkpoint
    from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL

    path, prefix = _place(handle.part, files)
    config = ldm_shapes.vae_config(shapes(path), handle.scaling.factor)
    weights = convert_ldm_vae_checkpoint(_weights(path, prefix), config)
    return filled(lambda: AutoencoderKL(**config), weights, handle.precision, device)


def _open_text_encoder(part: Named, asked: Precision, files: Files, device: str) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    path, prefix = _place(part, files)
    old = _weights(path, prefix)
    open_clip = not prefix.endswith("transformer.")
    config = CLIPTextConfig(**ldm_shapes.clip_config(shapes(path), prefix, open_clip=open_clip))
    projected = f"{prefix}text_projection" in old and not prefix.startswith("cond_stage_model")
    if open_clip and not projected:
        config.num_hidden_layers -= 1  # the second generation reads the last layer but one, so the last is left out
    kind = CLIPTextModelWithProjection if projected else CLIPTextModel
    weights = _from_open_clip(old, prefix, config) if open_clip else _flat(old, prefix)
    return filled(lambda: kind(config), weights if projected else _flat(weights, ""), asked, device)


def _from_open_clip(old: Mapping[str, Tensor], prefix: str, config: Any) -> Mapping[str, Tensor]:
    from types import SimpleNamespace

    from diffusers.loaders.single_file_utils import convert_open_clip_checkpoint

    converted: Mapping[str, Tensor] = convert_open_clip_checkpoint(SimpleNamespace(config=config), dict(old), prefix)
    last = f"text_model.encoder.layers.{config.num_hidden_layers}."
    return {name: weight for name, weight in converted.items() if not name.startswith(last)}


def _flat(old: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Name the weights as transformers 5 does, without `text_model`."""
    unwanted = ("position_ids", "text_projection", "text_projection.weight", "logit_scale")
    flat = {name.removeprefix(prefix).removeprefix("text_model."): weight for name, weight in old.items()}
    return {name: weight for name, weight in flat.items() if not name.endswith(unwanted)}


def _place(part: Named, files: Files) -> tuple[Path, str]:
    ((prefix, digest),) = part
    return files.find(digest), prefix


def _weights(path: Path, prefix: str) -> dict[str, Tensor]:
    """Read the weights below a prefix, and no others.

    They are copied: weights that lie unaligned in a mapped file are computed with by other kernels, to other bits.
    """
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        wanted = [name for name in file.keys() if name.startswith(prefix)]  # noqa: SIM118 - it is no mapping
        return {name: file.get_tensor(name).clone() for name in wanted}


def _letters() -> list[str]:
    """Give CLIP's alphabet: a printable letter for each byte, those that print themselves first."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    return [*map(chr, plain), *(chr(256 + extra) for extra in range(256 - len(plain)))]
