"""Open a prior of diffusers' layout: the PriorTransformer of a Kandinsky 2 prior, and its schedule.

Guarantees
1. Only what the prior itself needs is read: its CLIP is wired to the node.
2. It computes as KandinskyV22PriorPipeline does: both prompts in one batch, the empty one first.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.codec import canonical
from engine.errors import InputError
from nodes.belonging import BESIDE, belonging
from nodes.checkpoints import Part, read_json, read_part
from nodes.families.parts import built
from nodes.handles import Named, Precision, named, weight
from nodes.sources import locate_reader
from nodes.tensors import like

if TYPE_CHECKING:
    from jaxtyping import Bool, Float
    from torch import Tensor

    from engine.files import Files
    from nodes.noise import Noise

_SCHEDULE = "scheduler/scheduler_config.json"


@dataclass(frozen=True, slots=True)
class PriorModel:
    """A prior: which files, its schedule as canonical JSON, and which CLIP it goes from and to.

    `width` is that of the embeddings, `length` how many tokens it reads; `unit` says that its embeddings have length 1.
    """

    part: Named
    schedule: str
    space: str
    width: int
    length: int
    unit: bool
    precision: Precision = "auto"

    def open(self, files: Files, device: str) -> Prior:
        """Give the model, ready to use."""
        from diffusers.models.transformers.prior_transformer import PriorTransformer

        return Prior(built(PriorTransformer, self.part, self.precision, files, device), json.loads(self.schedule))

    def footprint(self, files: Files) -> int:
        return weight((self.part,), "diffusers", self.precision, files)


class TextStates(NamedTuple):
    """Texts as CLIP reads them for a prior: a vector of each as a whole, and one for each token, padding masked."""

    embedding: Float[Tensor, "batch width"]
    states: Float[Tensor, "batch tokens width"]
    mask: Bool[Tensor, "batch tokens"]


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """A PriorTransformer and the config of its scheduler."""

    net: Any
    schedule: Mapping[str, Any]

    def draw(
        self,
        text: TextStates,
        negative: TextStates,
        noise: Noise,
        *,
        scale: float,
        steps: int,
        progress: Callable[[int, int], None],
    ) -> Float[Tensor, "batch width"]:
        """Draw image embeddings, one for each text; at a scale of 1 or less the negative text does not count."""
        import torch
        from diffusers import UnCLIPScheduler

        net, guided = self.net, scale > 1
        rule = UnCLIPScheduler.from_config(self.schedule)
        rule.set_timesteps(steps, device=net.device)
        rows = [torch.cat(pair) for pair in zip(negative, text, strict=True)] if guided else list(text)
        embedding, states = (each.to(like(net)) for each in rows[:2])
        mask = rows[2].to(net.device)
        x = noise.normal(tuple(text.embedding.shape), embedding.device, embedding.dtype) * rule.init_noise_sigma
        for number, t in enumerate(rule.timesteps, 1):
            given = torch.cat([x, x]) if guided else x
            predicted = net(given, t, embedding, states, mask).predicted_image_embedding
            if guided:
                without, with_text = predicted.chunk(2)
                predicted = without + scale * (with_text - without)
            before = rule.timesteps[number] if number < steps else None
            x = rule.step(predicted, t, x, before, generator=noise.generator).prev_sample
            progress(number, steps)
        drawn: Tensor = net.post_process_latents(x)
        return drawn.float().cpu()


def prior_files(source: str, files: Files) -> Mapping[str, Path]:
    """Name every file of a prior, the network's own by the names that diffusers looks for."""
    folder = locate_reader(source, "prior", files)
    if not (folder / _SCHEDULE).is_file():
        raise InputError(f"{folder.name}/{_SCHEDULE} is missing", hint="give a Kandinsky 2 prior in diffusers layout")
    beside = {BESIDE: folder / BESIDE} if (folder / BESIDE).is_file() else {}
    return {**read_net(folder).files, _SCHEDULE: folder / _SCHEDULE, **beside}


def read_net(folder: Path) -> Part:
    """Read what the network says of itself."""
    part = read_part(folder / "prior")
    kind = str(part.config.get("_class_name", ""))
    if kind != "PriorTransformer":
        raise InputError(f"a model of the type {kind[:40]!r} is no prior", hint="give a Kandinsky 2 prior")
    if part.config.get("added_emb_type", "prd") != "prd" or part.config.get("encoder_hid_proj_type") is None:
        raise InputError("this PriorTransformer makes no image embedding from a text", hint="give a Kandinsky 2 prior")
    return part


def describe_prior(source: str, precision: Precision, files: Files) -> PriorModel:
    """Make the handle of a prior from its configs."""
    found = prior_files(source, files)
    folder = found[_SCHEDULE].parent.parent
    config = read_net(folder).config
    schedule = dict(read_json(found[_SCHEDULE]))
    if schedule.get("_class_name") != "UnCLIPScheduler":
        raise InputError(
            f"a prior with the schedule {str(schedule.get('_class_name'))[:40]!r} is not known here",
            hint="take one with UnCLIPScheduler, as Kandinsky's is",
        )
    told = belonging(folder)
    net = {name: path for name, path in found.items() if name not in (BESIDE, _SCHEDULE)}
    return PriorModel(
        part=named(net, files),
        schedule=canonical({name: each for name, each in schedule.items() if not name.startswith("_")}).decode(),
        space=told.space,
        width=int(config.get("embedding_dim", 768)),
        length=int(config.get("num_embeddings", 77)),
        unit=told.unit,
        precision=precision,
    )
