"""Ask a denoiser what it predicts, the way the guidance says."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from engine.errors import InputError
from nodes.tensors import like
from nodes.values import CFG, Conditioning, Control, Dual, Guidance, Rule, Switched

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from nodes.attending import Desk
    from nodes.families.family import Family
    from nodes.picturing import Pictured


class Steering(Protocol):
    """A denoiser under guidance."""

    @property
    def stateful(self) -> bool:
        """Whether a step depends on earlier ones by more than the latent."""

    def predict(
        self, x: Float[Tensor, "batch channels height width"], t: Tensor, step: int
    ) -> Float[Tensor, "batch channels height width"]:
        """Predict noise, velocity or picture, whichever the model was trained for."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What a denoiser is asked with beside the latent: one or more prompts, and which part of the batch they fill.

    `prompted` is where the positive prompt is, None where it is not.
    """

    sequence: Tensor
    extras: Mapping[str, Tensor] | None
    times: int
    prompted: slice | None
    pictures: Sequence[Tensor] = ()  # what each IP-Adapter reads


@dataclass(frozen=True, slots=True, eq=False)
class Denoising:
    """A denoiser at work on pictures of one size."""

    net: Any
    family: Family
    batch: int
    size: tuple[int, int]  # of the pictures, height and width
    steps: int
    desk: Desk | None = None
    keeping: bool = True  # whether the desk keeps what it sees
    controls: tuple[Controlled, ...] = ()
    beside: Tensor | None = None  # channels that a denoiser for inpainting reads beside the latent
    pictured: Pictured | None = None  # what the denoiser's IP-Adapters are shown

    def asked(self, *conditionings: Conditioning, prompted: int | None) -> Asked:
        """Prepare to ask with one or more prompts at once; `prompted` is the number of the positive one."""
        import torch

        rows = [_repeated(each, self.batch, self.net) for each in conditionings]
        sequence, pooled = (torch.cat(each) if len(each) > 1 else each[0] for each in zip(*rows, strict=True))
        part = None if prompted is None else slice(prompted * self.batch, (prompted + 1) * self.batch)
        against = (len(rows) if prompted is None else prompted) * self.batch  # the negative prompt comes first
        pictures = self.pictured.rows(against, len(rows) * self.batch - against, self.net) if self.pictured else ()
        return Asked(sequence, self.family.extras(self.net, pooled, self.size), len(rows), part, pictures)

    def ask(self, x: Tensor, t: Tensor, asked: Asked, step: int, *, distilled: Tensor | None = None) -> Tensor:
        """Run the denoiser once."""
        import torch

        if self.desk is not None:
            self.desk.begin(step, asked.prompted, keeping=self.keeping)
        many = torch.cat([x] * asked.times) if asked.times > 1 else x
        added = self._added(many, t, asked, step)
        extras: Mapping[str, Any] | None = asked.extras
        if self.pictured is not None:
            self.pictured.tune(self.net, step, self.steps)
            extras = {**(extras or {}), "image_embeds": asked.pictures}
        if self.beside is not None:
            many = torch.cat([many, torch.cat([self.beside] * asked.times)], dim=1)
        predicted: Tensor = self.net(
            many,
            t,
            encoder_hidden_states=asked.sequence,
            timestep_cond=distilled,
            added_cond_kwargs=extras,
            return_dict=False,
            **added,
        )[0]
        return predicted

    def _added(self, many: Tensor, t: Tensor, asked: Asked, step: int) -> dict[str, Any]:
        """Ask the ControlNets what they add to the denoiser's layers; several are summed."""
        found = [control.ask(many, t, asked, step, self.steps) for control in self.controls]
        if not found:
            return {}
        down, middle = found[0]
        for more, other in found[1:]:
            down, middle = [one + two for one, two in zip(down, more, strict=True)], middle + other
        return {"down_block_additional_residuals": down, "mid_block_additional_residual": middle}


@dataclass(frozen=True, slots=True, eq=False)
class Controlled:
    """A ControlNet at work, with its picture, one for each picture that is drawn."""

    net: Any
    picture: Tensor
    control: Control

    @classmethod
    def of(cls, control: Control, net: Any, batch: int, size: tuple[int, int]) -> Controlled:
        pixels = control.image.pixels
        if tuple(pixels.shape[-2:]) != size or pixels.shape[0] not in (1, batch):
            given = f"{pixels.shape[0]} of {pixels.shape[-1]} x {pixels.shape[-2]}"
            raise InputError(
                f"the control picture is {given} pixels, drawn are {batch} of {size[1]} x {size[0]}",
                hint="bring it to that size with ResizeImage",
            )
        return cls(net, pixels.expand(batch, -1, -1, -1).to(like(net)), control)

    def ask(self, many: Tensor, t: Tensor, asked: Asked, step: int, steps: int) -> tuple[Any, Tensor]:
        """Give what it adds to each layer on the way down, and to the middle one."""
        import torch

        outside = step / steps < self.control.start or (step + 1) / steps > self.control.stop
        down, middle = self.net(
            many,
            t,
            encoder_hidden_states=asked.sequence,
            controlnet_cond=torch.cat([self.picture] * asked.times),
            conditioning_scale=0.0 if outside else self.control.strength,
            added_cond_kwargs=asked.extras,
            return_dict=False,
        )
        return down, middle


def steering(rule: Rule, work: Denoising) -> Steering:
    """Prepare everything that is the same in each step."""
    match rule:
        case CFG():
            return Plain.of(rule, work)
        case Dual():
            return Doubled.of(rule, work)
        case Switched():
            return Switching(steering(rule.before, work), steering(rule.after, work), int(rule.at * work.steps))
    from nodes.guided import guided

    return guided(rule, work)


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """Classifier-free guidance (Ho & Salimans, arXiv 2207.12598); uncond first, as the library has it."""

    work: Denoising
    rule: CFG
    both: Asked
    alone: Asked
    distilled: Tensor | None  # the scale as an embedding, where the model was distilled to take it so
    stateful = False

    @classmethod
    def of(cls, rule: CFG, work: Denoising) -> Plain:
        return cls(
            work,
            rule,
            work.asked(rule.negative, rule.positive, prompted=1),
            work.asked(rule.positive, prompted=0),
            _distilled(work.net, rule.scale, work.batch),
        )

    def predict(
        self, x: Float[Tensor, "batch channels height width"], t: Tensor, step: int
    ) -> Float[Tensor, "batch channels height width"]:
        if not acts(self.rule, step, self.work.steps) or self.distilled is not None:
            return self.work.ask(x, t, self.alone, step, distilled=self.distilled)
        uncond, cond = self.work.ask(x, t, self.both, step).chunk(2)
        guided = uncond + self.rule.scale * (cond - uncond)
        return rescaled(guided, cond, self.rule.rescale) if self.rule.rescale > 0 else guided


@dataclass(frozen=True, slots=True, eq=False)
class Doubled:
    """Two prompts at once: each pulls away from the negative by its own scale (Liu et al., arXiv 2206.01714)."""

    work: Denoising
    rule: Dual
    three: Asked
    alone: Asked
    stateful = False

    @classmethod
    def of(cls, rule: Dual, work: Denoising) -> Doubled:
        base = rule.base
        three = work.asked(base.negative, base.positive, rule.second, prompted=1)
        return cls(work, rule, three, work.asked(base.positive, prompted=0))

    def predict(
        self, x: Float[Tensor, "batch channels height width"], t: Tensor, step: int
    ) -> Float[Tensor, "batch channels height width"]:
        base = self.rule.base
        if not inside(base, step, self.work.steps):
            return self.work.ask(x, t, self.alone, step)
        uncond, first, second = self.work.ask(x, t, self.three, step).chunk(3)
        guided = uncond + base.scale * (first - uncond) + self.rule.scale * (second - uncond)
        return rescaled(guided, first, base.rescale) if base.rescale > 0 else guided


@dataclass(frozen=True, slots=True, eq=False)
class Switching:
    """One guidance before a step, another one from it on."""

    before: Steering
    after: Steering
    at: int

    @property
    def stateful(self) -> bool:
        return self.before.stateful or self.after.stateful

    def predict(
        self, x: Float[Tensor, "batch channels height width"], t: Tensor, step: int
    ) -> Float[Tensor, "batch channels height width"]:
        return (self.before if step < self.at else self.after).predict(x, t, step)


def chunk_length(rule: Rule) -> int:
    """Give how many tokens a chunk of the positive prompt has."""
    while not isinstance(rule, CFG):
        rule = rule.before if isinstance(rule, Switched) else rule.base
    return rule.positive.empty_sequence.shape[1]


def inside(rule: CFG, step: int, steps: int) -> bool:
    """Say whether a step is in the interval in which guidance acts (Kynkäänniemi et al., arXiv 2404.07724)."""
    return int(rule.start * steps) <= step < int(rule.stop * steps)


def plain_cfg(guidance: Guidance, what: str) -> CFG:
    """Give the rule of guidance that is nothing but CFG, which is all that steers `what`."""
    if not isinstance(guidance.rule, CFG) or guidance.rule.rescale:
        raise InputError(f"{what} are steered by plain CFG guidance alone", hint="wire a CFG node, with no rescale")
    return guidance.rule


def acts(rule: CFG, step: int, steps: int) -> bool:
    return rule.scale > 1 and inside(rule, step, steps)


def _repeated(conditioning: Conditioning, batch: int, net: Any) -> tuple[Tensor, Tensor]:
    """Give sequence [batch tokens width] and pooled [batch pooled] on the denoiser's device, one for each picture."""
    given = conditioning.sequence.shape[0]
    if batch % given:
        raise InputError(
            f"{given} prompts do not fit {batch} pictures", hint="give one prompt, or one for each picture"
        )
    width = getattr(net.config, "cross_attention_dim", None)
    if isinstance(width, int) and conditioning.sequence.shape[-1] != width:
        raise InputError(
            f"the conditioning is {conditioning.sequence.shape[-1]} wide, the denoiser reads {width}",
            hint="take text encoder and denoiser from one checkpoint",
        )
    times = batch // given
    sequence, pooled = conditioning.sequence.to(like(net)), conditioning.pooled.to(like(net))
    return sequence.repeat_interleave(times, 0), pooled.repeat_interleave(times, 0)


def rescaled(
    guided: Float[Tensor, "batch channels height width"], cond: Float[Tensor, "batch channels height width"], phi: float
) -> Float[Tensor, "batch channels height width"]:
    """Bring the spread back to the conditional prediction's, by the share phi (Lin et al., arXiv 2305.08891, 3.4)."""
    dims = tuple(range(1, guided.ndim))
    scaled = guided * (cond.std(dim=dims, keepdim=True) / guided.std(dim=dims, keepdim=True))
    return phi * scaled + (1 - phi) * guided


def _distilled(net: Any, scale: float, batch: int) -> Float[Tensor, "batch width"] | None:
    """Embed the scale, for models that were distilled to take it as an input (Meng et al., arXiv 2210.03142)."""
    import torch

    width = net.config.time_cond_proj_dim
    if width is None:
        return None
    half = width // 2
    w = torch.tensor(scale - 1).repeat(batch) * 1000.0
    frequencies = torch.exp(torch.arange(half, dtype=torch.float32) * -(torch.log(torch.tensor(10000.0)) / (half - 1)))
    angles = w[:, None] * frequencies[None, :]
    embedding = torch.nn.functional.pad(torch.cat([angles.sin(), angles.cos()], dim=1), (0, width % 2))
    return embedding.to(like(net))
