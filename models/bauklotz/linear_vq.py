"""Build a diffusers VQModel that starts as a linear code of 4 x 4 patches.

Group normalisation would remove the flat colours that are the picture. Here every normalised tensor carries
two constant channels, one positive and one negative, that dominate its one group: mean and spread are then
constants, and the normalisation is linear. Residual branches start at zero. In the encoder the last SiLU works
far from its bend; the decoder carries every signal twice, with both signs, because SiLU(x) - SiLU(-x) = x.
"""

import math
from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor, nn

from models.bauklotz.recipes.patches import PATCH, PatchCode

if TYPE_CHECKING:
    from diffusers import VQModel

LOUD: Final = 20.0
"""The constants in the encoder, which is exact and stays as it is."""
HUM: Final = 5.0
"""The constants in the decoder, which is trained: a small change of a weight must not be a large one of the picture."""
FIRST: Final = 2
"""The first channel that carries a signal; 0 and 1 are the constants."""
BEND: Final = 8.0
"""How far the SiLU before an output convolution is shifted into its linear part."""
QUIET: Final = 0.25
"""The scale of codes inside the network, so that the largest stay out of the bend."""


def linear_vq(code: PatchCode, codebook: Tensor, *, widths: tuple[int, int, int] = (16, 32, 64)) -> "VQModel":
    """Give a VQModel (factor 4) whose encoder is the patch code and whose decoder gives flat patches."""
    from diffusers import VQModel

    channels = codebook.shape[1]
    model = VQModel(
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        block_out_channels=widths,
        layers_per_block=1,
        latent_channels=channels,
        sample_size=64,
        num_vq_embeddings=len(codebook),
        vq_embed_dim=channels,
        norm_num_groups=1,
        scaling_factor=1.0,
        mid_block_add_attention=False,
    )
    with torch.no_grad():
        _quieten(model.encoder, LOUD)
        _quieten(model.decoder, HUM)
        _encode_patches(model, code)
        _decode_flat(model, code)
        for conv in (model.quant_conv, model.post_quant_conv):
            _carry(conv, range(channels), range(channels))
        model.quantize.embedding.weight.copy_(codebook)
    return model


def hold_constants(decoder: nn.Module) -> None:
    """Keep training away from the weights that write or read the constants."""
    from diffusers.models.resnet import ResnetBlock2D
    from diffusers.models.upsampling import Upsample2D

    for part in decoder.modules():
        if isinstance(part, Upsample2D):
            part.conv.weight.register_hook(_without_constants)
        if isinstance(part, ResnetBlock2D) and part.conv_shortcut is not None:
            part.conv_shortcut.weight.register_hook(_without_constants)


def _without_constants(gradient: Tensor) -> Tensor:
    gradient = gradient.clone()
    gradient[:FIRST] = 0
    gradient[:, :FIRST] = 0
    return gradient


def _quieten(model: nn.Module, loud: float) -> None:
    """Make every residual block the identity, and every normalisation linear."""
    from diffusers.models.resnet import ResnetBlock2D

    for block in model.modules():
        if isinstance(block, ResnetBlock2D):
            _linear_norm(block.norm1, loud)
            _shout(block.conv1, loud)
            _linear_norm(block.norm2, loud)
            nn.init.zeros_(block.conv2.weight)
            nn.init.zeros_(block.conv2.bias)
            if block.conv_shortcut is not None:
                width = min(block.in_channels, block.out_channels)
                _carry(block.conv_shortcut, range(width), range(width))


def _linear_norm(norm: nn.GroupNorm, loud: float, *, shift: float = 0.0) -> None:
    """Undo the division by the spread that the two constants cause."""
    norm.weight.fill_(loud * math.sqrt(2 / norm.num_channels))
    norm.weight[:FIRST] = 0
    norm.bias.fill_(shift)


def _shout(conv: nn.Conv2d, loud: float) -> None:
    """Let the first two outputs be the constants."""
    assert conv.bias is not None
    conv.weight[:FIRST] = 0
    conv.bias[0], conv.bias[1] = loud, -loud


def _carry(conv: nn.Conv2d, outputs: range, inputs: range, *, gain: float = 1.0) -> None:
    """Let the convolution copy these channels, at its centre tap, and nothing else."""
    assert conv.bias is not None
    nn.init.zeros_(conv.weight)
    nn.init.zeros_(conv.bias)
    middle = conv.kernel_size[0] // 2
    for out, into in zip(outputs, inputs, strict=True):
        conv.weight[out, into, middle, middle] = gain


def _encode_patches(model: "VQModel", code: PatchCode) -> None:
    encoder, channels = model.encoder, code.down.shape[1]
    _carry(encoder.conv_in, range(FIRST, FIRST + 3), range(3))
    _shout(encoder.conv_in, LOUD)
    first = encoder.down_blocks[0].downsamplers[0].conv
    second = encoder.down_blocks[1].downsamplers[0].conv
    for conv in (first, second):
        nn.init.zeros_(conv.weight)
        nn.init.zeros_(conv.bias)
        _shout(conv, LOUD)
    down = code.down.reshape(3, PATCH, PATCH, channels) * QUIET
    for y in (0, 1):
        for x in (0, 1):
            for colour in range(3):
                slot = FIRST + (y * 2 + x) * 3 + colour
                first.weight[slot, FIRST + colour, y, x] = 1
                for y2 in (0, 1):
                    for x2 in (0, 1):
                        second.weight[FIRST : FIRST + channels, slot, y2, x2] = down[colour, 2 * y2 + y, 2 * x2 + x]
    second.bias[FIRST : FIRST + channels] = -(code.mean @ code.down) * QUIET
    _linear_norm(encoder.conv_norm_out, LOUD, shift=BEND)
    _carry(encoder.conv_out, range(channels), range(FIRST, FIRST + channels), gain=1 / QUIET)
    encoder.conv_out.bias.fill_(-BEND / QUIET)


def _decode_flat(model: "VQModel", code: PatchCode) -> None:
    decoder, channels = model.decoder, code.up.shape[0]
    both = FIRST + 2 * channels
    _carry(decoder.conv_in, range(FIRST, FIRST + channels), range(channels), gain=QUIET)
    for k in range(channels):
        decoder.conv_in.weight[FIRST + channels + k, k, 1, 1] = -QUIET
    _shout(decoder.conv_in, HUM)
    for block in decoder.up_blocks[:-1]:
        conv = block.upsamplers[0].conv
        width = range(conv.out_channels)
        _carry(conv, width, width)
        _shout(conv, HUM)
    _linear_norm(decoder.conv_norm_out, HUM)
    _carry(decoder.conv_out, range(0), range(0))
    flat = code.up.reshape(channels, 3, PATCH * PATCH).mean(-1).T / QUIET  # [3, channels]
    decoder.conv_out.weight[:, FIRST:both, 1, 1] = torch.cat([flat, -flat], dim=1)
    decoder.conv_out.bias.copy_(code.mean.reshape(3, -1).mean(-1))
