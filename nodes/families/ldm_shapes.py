"""Read the configs of a single file's networks off the shapes of their weights.

A single file in the original layout carries no config. Everything but a few constants of the family can be seen from
its keys and shapes, so that variants (inpainting, other text encoders, small ones) are opened as what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.spec import Json
from nodes.families.header import Shape

DENOISER = "model.diffusion_model."
AUTOENCODER = "first_stage_model."

Shapes = Mapping[str, Shape]


def within(shapes: Shapes, prefix: str) -> dict[str, Shape]:
    """Give the part of the keys below a prefix, without it."""
    return {name.removeprefix(prefix): shape for name, shape in shapes.items() if name.startswith(prefix)}


def unet_config(shapes: Shapes) -> dict[str, Json]:
    """Give the config of a UNet2DConditionModel with these weights."""
    net = within(shapes, DENOISER)
    levels = list(_levels(net))
    widths = [level[0] for level in levels]
    depths = [level[2] for level in levels]
    (context,) = {shape[1] for name, shape in net.items() if name.endswith("attn2.to_k.weight")}
    linear = any(name.endswith("proj_in.weight") and len(shape) == 2 for name, shape in net.items())
    down = ["CrossAttnDownBlock2D" if depth else "DownBlock2D" for depth in depths]
    up = ["CrossAttnUpBlock2D" if depth else "UpBlock2D" for depth in reversed(depths)]
    return {
        "in_channels": net["input_blocks.0.0.weight"][1],
        "out_channels": net["out.2.weight"][0],
        "block_out_channels": widths,
        "layers_per_block": levels[0][1],
        "down_block_types": down,
        "up_block_types": up,
        "transformer_layers_per_block": [max(1, depth) for depth in depths],
        "cross_attention_dim": context,
        "use_linear_projection": linear,
        # the first generation has eight heads at every level, all later ones heads of 64
        "attention_head_dim": [max(1, width // 64) for width in widths] if linear else 8,
        **_addition(net, shapes),
    }


def vae_config(shapes: Shapes, scaling: float) -> dict[str, Json]:
    """Give the config of an AutoencoderKL with these weights."""
    net = within(shapes, AUTOENCODER)
    levels = _count(net, r"encoder\.down\.(\d+)\.")
    widths = [net[f"encoder.down.{level}.block.0.conv2.weight"][0] for level in range(levels)]
    return {
        "in_channels": net["encoder.conv_in.weight"][1],
        "out_channels": net["decoder.conv_out.weight"][0],
        "block_out_channels": widths,
        "layers_per_block": _count(net, r"encoder\.down\.0\.block\.(\d+)\."),
        "down_block_types": ["DownEncoderBlock2D"] * levels,
        "up_block_types": ["UpDecoderBlock2D"] * levels,
        "latent_channels": net["post_quant_conv.weight"][0],
        "scaling_factor": scaling,
    }


def clip_config(shapes: Shapes, prefix: str, *, open_clip: bool) -> dict[str, Json]:
    """Give the config of a CLIP text model with these weights, from OpenAI's layout or from OpenCLIP's."""
    net = within(shapes, prefix)
    if open_clip:
        names = ("token_embedding.weight", "positional_embedding", "transformer.resblocks.0.mlp.c_fc.weight")
        layers = _count(net, r"transformer\.resblocks\.(\d+)\.")
    else:
        net = {name.removeprefix("text_model."): shape for name, shape in net.items()}
        names = (
            "embeddings.token_embedding.weight",
            "embeddings.position_embedding.weight",
            "encoder.layers.0.mlp.fc1.weight",
        )
        layers = _count(net, r"encoder\.layers\.(\d+)\.")
    (words, width), (length, _), (inner, _) = (net[name] for name in names)
    return {
        "vocab_size": words,
        "hidden_size": width,
        "intermediate_size": inner,
        "num_hidden_layers": layers,
        "num_attention_heads": max(1, width // 64),
        "max_position_embeddings": length,
        "projection_dim": net.get("text_projection", (width, width))[1],
        "hidden_act": "gelu" if open_clip else "quick_gelu",
        "bos_token_id": words - 2,
        "eos_token_id": words - 1,
        "pad_token_id": 0 if open_clip else words - 1,
    }


def _levels(net: Shapes) -> Iterator[tuple[int, int, int]]:
    """Give width, number of layers and depth of the transformers of each level on the way down."""
    width = layers = depth = 0
    for block in range(1, _count(net, r"input_blocks\.(\d+)\.")):
        if f"input_blocks.{block}.0.op.weight" in net:
            yield width, layers, depth
            layers = depth = 0
        else:
            width = net[f"input_blocks.{block}.0.out_layers.3.weight"][0]
            layers += 1
            depth = _count(net, rf"input_blocks\.{block}\.1\.transformer_blocks\.(\d+)\.")
    yield width, layers, depth


def _count(net: Shapes, pattern: str) -> int:
    found = (re.match(pattern, name) for name in net)
    return max((int(match[1]) for match in found if match), default=-1) + 1


def _addition(net: Shapes, shapes: Shapes) -> dict[str, Json]:
    """Give what Stable Diffusion XL has besides: the pooled text and six numbers of the picture's size."""
    if "label_emb.0.0.weight" not in net:
        return {}
    whole = net["label_emb.0.0.weight"][1]
    pooled = next(shape[1] for name, shape in shapes.items() if name.endswith(".model.text_projection"))
    return {
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": (whole - pooled) // 6,
        "projection_class_embeddings_input_dim": whole,
    }
