"""Take down where a sampler stands, so that a killed run goes on mid-denoising with the same bits.

Guarantees
1. What is restored equals what was taken down; a sampler that keeps something unknown is not taken down at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.codec import Blob, canonical
from engine.spec import Json
from nodes.tensors import blob, tensor

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Halfway:
    """A denoising that was interrupted after `step` steps."""

    step: int
    latent: Tensor
    generators: tuple[Tensor, ...]
    sampler: Mapping[str, Any]


_NOTHING = object()


class _Unknown(Exception):  # noqa: N818 - it never leaves this file
    """The sampler keeps something that cannot be taken down."""


def take_down(
    step: int, latent: Tensor, generators: Sequence[Generator], sampler: Any, fresh: Mapping[str, Any]
) -> Mapping[str, Blob] | None:
    """Give the state of a denoising as blobs, or None if the sampler's history is not known.

    `fresh` is what the sampler held before its first step: what it still holds is made again, not kept.
    """
    tensors: dict[str, Tensor] = {"latent": latent}
    tensors |= {f"generator.{number}": each.get_state() for number, each in enumerate(generators)}
    history = {
        name: value
        for name, value in vars(sampler).items()
        if isinstance(value, list) or value is not fresh.get(name, _NOTHING)
    }
    try:
        plain = {name: _plain(value, f"sampler.{name}", tensors) for name, value in history.items()}
    except _Unknown:
        return None
    state = canonical({"step": step, "generators": len(generators), "sampler": plain})
    return {**{name: blob(each) for name, each in tensors.items()}, "state": Blob("U8", (len(state),), state)}


def read_back(blobs: Mapping[str, Blob]) -> Halfway:
    """Read what `take_down` gave."""
    state = json.loads(bytes(blobs["state"].data))
    return Halfway(
        step=state["step"],
        latent=tensor(blobs["latent"]),
        generators=tuple(tensor(blobs[f"generator.{number}"]) for number in range(state["generators"])),
        sampler={name: _value(json_, blobs) for name, json_ in state["sampler"].items()},
    )


def resume(halfway: Halfway, generators: Sequence[Generator], sampler: Any) -> Tensor:
    """Set generators and sampler to where they were, and give the latent."""
    for generator, state in zip(generators, halfway.generators, strict=True):
        generator.set_state(state)
    for name, value in halfway.sampler.items():
        setattr(sampler, name, value)
    return halfway.latent


def _plain(value: Any, name: str, tensors: dict[str, Tensor]) -> Json:
    """Give a value as JSON; tensors are put aside under their name."""
    match value:
        case None | bool() | int() | float() | str():
            return {"is": value}
        case list() | tuple():
            return {"list": [_plain(each, f"{name}.{at}", tensors) for at, each in enumerate(value)]}
        case _ if _is_tensor(value):
            tensors[name] = value
            return {"tensor": name, "device": value.device.type}
    raise _Unknown


def _value(json_: Mapping[str, Json], blobs: Mapping[str, Blob]) -> Any:
    if "list" in json_:
        return [_value(each, blobs) for each in json_["list"]]
    return tensor(blobs[json_["tensor"]]).to(json_["device"]) if "tensor" in json_ else json_["is"]


def _is_tensor(value: Any) -> bool:
    import torch

    return isinstance(value, torch.Tensor)
