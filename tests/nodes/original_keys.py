"""Write tiny checkpoints as one file with the original keys, as they were before diffusers."""

import re
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

_UNET_TOP = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
_OPEN_CLIP = {
    "encoder.layers": "transformer.resblocks",
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
    "embeddings.token_embedding": "token_embedding",
    "embeddings.position_embedding.weight": "positional_embedding",
    "final_layer_norm": "ln_final",
}


def unet(net: Any) -> dict[str, Tensor]:
    """Give a UNet's weights under their original keys."""
    layers = net.config.layers_per_block + 1
    return {f"model.diffusion_model.{_unet_key(name, layers)}": weight for name, weight in net.state_dict().items()}


def _unet_key(name: str, layers: int) -> str:
    stem, _, kind = name.rpartition(".")
    if stem in _UNET_TOP:
        return f"{_UNET_TOP[stem]}.{kind}"
    if match := re.match(r"(down|up)_blocks\.(\d+)\.(resnets|attentions)\.(\d+)\.(.*)", name):
        way, level, part, number, rest = match.groups()
        block = layers * int(level) + int(number) + (way == "down")
        folder = "input_blocks" if way == "down" else "output_blocks"
        return f"{folder}.{block}.{int(part == 'attentions')}.{_inner(part, rest)}"
    if match := re.match(r"down_blocks\.(\d+)\.downsamplers\.0\.conv\.(.*)", name):
        return f"input_blocks.{layers * (int(match[1]) + 1)}.0.op.{match[2]}"
    if match := re.match(r"up_blocks\.(\d+)\.upsamplers\.0\.conv\.(.*)", name):
        return f"output_blocks.{layers * (int(match[1]) + 1)}.UP.conv.{match[2]}"
    match = re.match(r"mid_block\.(resnets|attentions)\.(\d)\.(.*)", name)
    assert match, name
    place = 1 if match[1] == "attentions" else 2 * int(match[2])
    return f"middle_block.{place}.{_inner(match[1], match[3])}"


def _inner(part: str, rest: str) -> str:
    if part == "attentions":
        return rest
    for new, old in _RESNET.items():
        rest = rest.replace(new, old)
    return rest


def _with_upsamplers(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Put each upsampler after what stands in its block."""
    placed = {}
    for name, weight in weights.items():
        if match := re.match(r"(.*output_blocks\.)(\d+)\.UP(.*)", name):
            block = int(match[2]) - 1
            after = 2 if any(key.startswith(f"{match[1]}{block}.1.") for key in weights) else 1
            name = f"{match[1]}{block}.{after}{match[3]}"
        placed[name] = weight
    return placed


def vae(net: Any) -> dict[str, Tensor]:
    """Give an AutoencoderKL's weights under their original keys."""
    levels = len(net.config.block_out_channels)
    weights = {}
    for name, weight in net.state_dict().items():
        old = re.sub(r"down_blocks\.(\d+)\.resnets\.", r"down.\1.block.", name)
        old = re.sub(r"down_blocks\.(\d+)\.downsamplers\.0", r"down.\1.downsample", old)
        old = re.sub(r"up_blocks\.(\d+)\.resnets\.", lambda at: f"up.{levels - 1 - int(at[1])}.block.", old)
        old = re.sub(r"up_blocks\.(\d+)\.upsamplers\.0", lambda at: f"up.{levels - 1 - int(at[1])}.upsample", old)
        old = re.sub(r"mid_block\.resnets\.(\d)", lambda at: f"mid.block_{int(at[1]) + 1}", old)
        if "mid_block.attentions.0" in old:
            old = old.replace("mid_block.attentions.0", "mid.attn_1").replace("group_norm", "norm")
            old = old.replace("to_out.0", "proj_out").replace("to_", "")
            weight = weight[:, :, None, None] if weight.ndim == 2 else weight
        old = old.replace("conv_shortcut", "nin_shortcut").replace("conv_norm_out", "norm_out")
        weights[f"first_stage_model.{old}"] = weight.contiguous()
    return weights


def clip(encoder: Any, prefix: str) -> dict[str, Tensor]:
    """Give a CLIP text model's weights under OpenAI's keys."""
    return {
        f"{prefix}text_model.{name.removeprefix('text_model.')}": weight
        for name, weight in encoder.state_dict().items()
    }


def open_clip(encoder: Any, prefix: str) -> dict[str, Tensor]:
    """Give a CLIP text model's weights under OpenCLIP's keys."""
    weights: dict[str, Tensor] = {}
    state = {name.removeprefix("text_model."): weight for name, weight in encoder.state_dict().items()}
    for name, weight in state.items():
        if match := re.match(r"(.*)self_attn\.q_proj\.(.*)", name):
            all_three = [state[name.replace("q_proj", f"{each}_proj")] for each in "qkv"]
            old, weight = f"{match[1]}attn.in_proj_{match[2]}", torch.cat(all_three)
        elif "k_proj" in name or "v_proj" in name:
            continue
        elif name == "text_projection.weight":
            old, weight = "text_projection", weight.T.contiguous()
        else:
            old = name
        for new, original in _OPEN_CLIP.items():
            old = old.replace(new, original)
        weights[prefix + old] = weight
    return weights


def save(path: Path, *parts: dict[str, Tensor]) -> Path:
    """Write one file."""
    whole = {name: weight for part in parts for name, weight in part.items()}
    save_file({name: weight.contiguous() for name, weight in _with_upsamplers(whole).items()}, path)
    return path
