"""Open the parts of a checkpoint in diffusers layout: a folder for each part, with its config and its weights."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from nodes.families.filling import filled, without_positions

if TYPE_CHECKING:
    from torch import Tensor

    from engine.files import Files
    from engine.spec import Json
    from nodes.handles import (
        Autoencoder,
        ControlModel,
        Denoiser,
        ImageEncoderModel,
        Motion,
        Named,
        Precision,
        TextEncoderModel,
    )

# how the attention of autoencoders was named before diffusers 0.12
_OLD_ATTENTION = {"query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0"}


def open_tokenizer(part: Named, files: Files) -> Any:
    """Give the transformers tokenizer; old folders (vocab.json, merges.txt) and new ones (tokenizer.json) load."""
    from transformers import CLIPTokenizer

    with files.view(dict(part)) as folder:
        return CLIPTokenizer.from_pretrained(folder)


def open_text_encoders(handle: TextEncoderModel, files: Files, device: str) -> tuple[Any, ...]:
    """Give the transformers modules; weights under the old `text_model.` keys load as well."""
    return tuple(_open_text_encoder(part, handle.precision, files, device) for part in handle.parts)


def open_denoiser(handle: Denoiser, files: Files, device: str) -> Any:
    """Give the diffusers UNet."""
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

    return built(UNet2DConditionModel, handle.part, handle.precision, files, device)


def open_motion_adapter(motion: Motion, asked: Precision, files: Files, device: str) -> Any:
    """Give the diffusers MotionAdapter."""
    from diffusers.models.unets.unet_motion_model import MotionAdapter

    return built(MotionAdapter, motion.part, asked, files, device)


def open_frame_words(motion: Motion, files: Files, device: str) -> Any:
    """Give what tells each frame what it shows, or None."""
    from models.frame_words import FrameWords

    return FrameWords.load(files.find(motion.words)).to(device) if motion.words else None


def open_controlnet(handle: ControlModel, files: Files, device: str) -> Any:
    """Give the diffusers ControlNetModel."""
    from diffusers.models.controlnets.controlnet import ControlNetModel

    return built(ControlNetModel, handle.part, handle.precision, files, device)


def open_image_encoder(handle: ImageEncoderModel, files: Files, device: str) -> Any:
    """Give the transformers module."""
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    config = CLIPVisionConfig.from_dict(config_of(handle.part, files))
    weights = without_positions(weights_of(handle.part, files))
    return filled(lambda: CLIPVisionModelWithProjection(config), weights, handle.precision, device)


def open_autoencoder(handle: Autoencoder, files: Files, device: str) -> Any:
    """Give the diffusers AutoencoderKL or VQModel."""
    from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
    from diffusers.models.autoencoders.vq_model import VQModel

    kind = {"kl": AutoencoderKL, "vq": VQModel}[handle.kind]
    config = config_of(handle.part, files)
    weights = {_new_attention(name): weight for name, weight in weights_of(handle.part, files).items()}
    return filled(lambda: kind.from_config(config), weights, handle.precision, device)


def _open_text_encoder(part: Named, asked: Precision, files: Files, device: str) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    read = config_of(part, files)
    config = CLIPTextConfig.from_dict(dict(read))
    weights = without_positions(weights_of(part, files))
    if "CLIPTextModelWithProjection" in read.get("architectures", ()):
        return filled(lambda: CLIPTextModelWithProjection(config), weights, asked, device)
    flat = {name.removeprefix("text_model."): weight for name, weight in weights.items()}
    return filled(lambda: CLIPTextModel(config), flat, asked, device)


def built(kind: Any, part: Named, asked: Precision, files: Files, device: str) -> Any:
    """Give a network of a diffusers class, by its config and with its weights."""
    config = config_of(part, files)
    return filled(lambda: kind.from_config(config), weights_of(part, files), asked, device)


def config_of(part: Named, files: Files) -> dict[str, Json]:
    """Read the config of a network."""
    config: dict[str, Json] = json.loads(files.find(dict(part)["config.json"]).read_bytes())
    return config


def weights_of(part: Named, files: Files) -> dict[str, Tensor]:
    """Read the weights of a network, all shards of them."""
    from safetensors.torch import load_file

    weights: dict[str, Tensor] = {}
    for name, digest in part:
        if name.endswith(".safetensors"):
            weights |= load_file(files.find(digest))
    return weights


def _new_attention(name: str) -> str:
    match = re.fullmatch(r"(.*\.attentions\.\d+)\.(query|key|value|proj_attn)\.(weight|bias)", name)
    return name if match is None else f"{match[1]}.{_OLD_ATTENTION[match[2]]}.{match[3]}"


def within(part: Named, folder: str) -> Named:
    """Give the files that lie in one folder of several, by their names there."""
    start = f"{folder}/"
    return tuple((name.removeprefix(start), digest) for name, digest in part if name.startswith(start))
