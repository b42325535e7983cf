"""Put LoRA weights beside a denoiser's own, by peft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.errors import InputError

if TYPE_CHECKING:
    from engine.files import Files


def with_loras(net: Any, adapters: Sequence[tuple[str, float]], files: Files) -> Any:
    """Give the same denoiser with LoRAs, each as strong as it is said, in eval mode."""
    from diffusers.loaders import StableDiffusionLoraLoaderMixin
    from safetensors.torch import load_file

    names = [f"lora_{number}" for number, _ in enumerate(adapters)]
    for name, (digest, _) in zip(names, adapters, strict=True):
        weights, alphas = StableDiffusionLoraLoaderMixin.lora_state_dict(load_file(files.find(digest)))
        try:
            net.load_lora_adapter(weights, prefix="unet", network_alphas=alphas, adapter_name=name)
        except (RuntimeError, ValueError, KeyError) as error:
            raise InputError(
                f"the LoRA does not fit the denoiser: {str(error)[:200]}", hint="take one made for this model"
            ) from error
    net.set_adapters(names, [strength for _, strength in adapters])
    return net.to(net.dtype).eval()
