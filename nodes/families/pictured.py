"""Let a denoiser look at pictures beside its prompt: IP-Adapters (Ye et al., arXiv 2308.06721), by diffusers.

Guarantees
1. The denoiser's own module is never changed: an adapter is put on a twin that shares its weights.
2. Building one patches nothing of torch for other threads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from engine.errors import InputError, in_a_line
from nodes.attending import twin
from nodes.families.header import Shape

if TYPE_CHECKING:
    from torch import Tensor

    from engine.files import Files
    from nodes.handles import IPAdapterModel

Kind = Literal["plain", "plus", "full"]
Weights = Mapping[str, Mapping[str, "Tensor"]]
_PARTS = ("image_proj", "ip_adapter")
_SIGNS: Mapping[Kind, str] = {"plain": "proj.weight", "full": "proj.3.weight", "plus": "latents"}
_READS: Mapping[Kind, str] = {"plain": "proj.weight", "full": "proj.0.weight", "plus": "proj_in.weight"}


def kind_of(shapes: Mapping[str, Shape], name: str) -> Kind:
    """Say what an adapter reads: one vector for a whole picture (plain), or those of its patches (full, plus)."""
    reader = {key.removeprefix("image_proj.") for key in shapes if key.startswith("image_proj.")}
    if not reader or not any(key.endswith(".to_k_ip.weight") for key in shapes):
        raise InputError(f"{name} is no IP-Adapter", hint="give its .safetensors file, in diffusers' layout")
    for kind, sign in _SIGNS.items():
        if sign in reader and not any(".to_k_lora." in key for key in shapes):
            return kind
    raise InputError(
        f"{name} reads faces by a recogniser of its own (FaceID), which is not known here",
        hint="take a plain IP-Adapter, or one named plus or full",
    )


def widths(shapes: Mapping[str, Shape], kind: Kind) -> tuple[int, int]:
    """Give how wide the vectors are that an adapter reads, and those that it lets the denoiser see."""
    seen = next(shape[1] for key, shape in shapes.items() if key.endswith(".to_k_ip.weight"))
    return shapes[f"image_proj.{_READS[kind]}"][1], seen


def open_adapter(handle: IPAdapterModel, files: Files) -> Weights:
    """Give the weights, part by part, as the library takes them."""
    from safetensors.torch import load_file

    ((_, digest),) = handle.part
    read = load_file(files.find(digest))
    return {
        part: {key.removeprefix(f"{part}."): each for key, each in read.items() if key.startswith(f"{part}.")}
        for part in _PARTS
    }


def with_adapters(net: Any, adapters: Sequence[Weights]) -> Any:
    """Give a twin of a denoiser that looks at pictures through these adapters, in their order."""
    import torch

    seeing = twin(net)
    try:
        # not by way of meta tensors: for these the library patches torch in every thread
        with torch.random.fork_rng(devices=[]):  # what it draws first is overwritten
            seeing._load_ip_adapter_weights([*adapters], low_cpu_mem_usage=False)
    except (RuntimeError, ValueError, KeyError) as error:
        said = f"the IP-Adapter does not fit the denoiser: {in_a_line(error)}"
        raise InputError(said, hint="take one made for this model") from error
    return seeing.eval().requires_grad_(requires_grad=False)
