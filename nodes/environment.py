"""Make this process what the keys say of it, and import heavy libraries while no other thread does."""

import importlib
from collections.abc import Mapping, Sequence

from engine.errors import InputError
from engine.spec import Json

_HEAVY: Mapping[str, Sequence[str]] = {
    "torch": ("torch",),
    "diffusers": ("diffusers.models", "diffusers.schedulers"),
    "transformers": ("transformers",),
    "open_clip_torch": ("open_clip",),
}


def prepare(libs: Sequence[str], facts: Mapping[str, Json]) -> None:
    """Import what a node names, and set the number of threads that torch computes with in the calling thread."""
    for lib in libs:
        for module in _HEAVY.get(lib, ()):
            importlib.import_module(module)
    if "torch" in libs:
        import torch

        torch.set_num_threads(int(facts["threads"]))
        if facts["device"] == "cuda" and not torch.cuda.is_available():
            raise InputError("no CUDA device can be used here", hint="run with --device cpu")
