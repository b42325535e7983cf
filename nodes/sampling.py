"""Denoise a latent, step by step."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.errors import InputError
from engine.node import node
from engine.run import Run
from nodes import film_facts, history
from nodes.attending import Desk
from nodes.attention_values import Attention, AttentionMaps
from nodes.beginning import Begun, begin
from nodes.families import family
from nodes.families.family import Family
from nodes.families.in_time import check_film
from nodes.families.pictured import with_adapters
from nodes.handles import Denoiser
from nodes.latent import repeated
from nodes.noise import Noise
from nodes.picturing import Pictured
from nodes.preview import jpeg, laid_out
from nodes.samplers import SamplerName, ScheduleName, scheduler
from nodes.steering import Controlled, Denoising, Steering, chunk_length, steering
from nodes.tensors import like
from nodes.values import Control, Guidance, Latent, PicturePrompt, Rule
from nodes.widgets import Fraction, Seed, Steps, Strength

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor, device


class Sampled(NamedTuple):
    latent: Latent
    attention: AttentionMaps | None


@node("Sampler", lane="gpu", libs=("torch", "diffusers", "scipy", "torchsde", "peft"), describe=film_facts.of_sampler)
def sample(
    denoiser: Denoiser,
    guidance: Guidance,
    latent: Latent,
    sampler: SamplerName = "auto",
    steps: Steps = 20,
    seed: Seed = 0,
    seeds: Sequence[Seed] = (),
    strength: Strength = 1.0,
    schedule: ScheduleName = "auto",
    eta: Fraction = 0.0,
    attention: Attention | None = None,
    controls: Sequence[Control] = (),
    pictures: Sequence[PicturePrompt] = (),
    *,
    run: Run,
) -> Sampled:
    """Denoise a latent, step by step, the way the guidance asks.

    A blank latent is drawn from noise. Any other is a picture to change: noise is added and only the share `strength`
    of the steps is taken, so that 0.3 keeps most of it. `auto` is the checkpoint's own sampler and schedule. With
    `seeds`, each picture of the batch has a seed of its own; a single latent is repeated for each. `eta` puts noise
    into the steps of ddim and its kin. With `attention`, it is watched where the picture looks in its prompt;
    `controls` are pictures that say where things go, `pictures` those that say what is drawn. With a denoiser of
    VideoTemporal, or of a model that draws films, the latent's batch is the frames of one film.
    """
    import torch

    _check_fit(denoiser, latent)
    film = denoiser.motion is not None or denoiser.frame_factor > 0
    if film:
        latent = _as_film(denoiser, latent)
        check_film(guidance.rule, seeds, plain=attention is None and not pictures)
    if denoiser.frame_factor and controls:
        raise InputError("a ControlNet cannot steer a model that draws films", hint="steer it by CFG and its kin")
    known = family(denoiser.family)
    net = known.ready(run.load(denoiser), latent)  # outside inference mode: the module outlives this run
    nets = [run.load(each.model) for each in controls]
    net, pictured = _shown(net, pictures, run)
    with torch.inference_mode():
        several = 0 if film else len(seeds)
        start = repeated(latent, several or latent.tensor.shape[0])
        rule = scheduler(denoiser, sampler, schedule, seeds=seeds or (seed,))
        timesteps = _taken(rule, known, start, sampler, steps, strength, like(net).device)
        if len(timesteps) == 0:
            return Sampled(start, None)
        noise = Noise.of(seed, seeds, film=film)
        begun = begin(rule, start, noise, net, timesteps, whole=strength == 1)
        if begun.kept is not None and denoiser.motion is not None and denoiser.motion.clean:
            begun = replace(begun, kept=replace(begun.kept, shown=True))
        work = _work(denoiser, net, start, attention, guidance.rule, len(timesteps), begun.beside)
        pairs = zip(controls, nets, strict=True)
        held = tuple(Controlled.of(control, each, work.batch, work.size) for control, each in pairs)
        work = replace(work, controls=held, pictured=pictured)
        walk = Walk(rule, timesteps, noise, eta, net, begun, steering(guidance.rule, work), work.desk)
        colours = known.colours(denoiser.space)
        drawn = walk.go(run, lambda x: jpeg(laid_out(x) if film else x, colours)).cpu()
        return Sampled(Latent(drawn, latent.space, fps=latent.fps), None if work.desk is None else work.desk.maps())


def _as_film(denoiser: Denoiser, latent: Latent) -> Latent:
    """Give one latent frame for each that is drawn; a single one is repeated."""
    motion, frames = denoiser.motion, latent.tensor.shape[0]
    if motion is None or frames == motion.frames:
        return latent
    if frames == 1:
        return repeated(latent, motion.frames)
    raise InputError(
        f"the latent has {frames} frames, the denoiser draws {motion.frames}",
        hint="make it with ClipLatent or EmptyLatent and the same denoiser",
    )


def _shown(net: Any, prompts: Sequence[PicturePrompt], run: Run) -> tuple[Any, Pictured | None]:
    """Give the denoiser with its IP-Adapters, on a twin of it."""
    if not prompts:
        return net, None
    seeing = with_adapters(net, [run.load(each.model) for each in prompts])
    return seeing, Pictured.of(prompts, seeing)


def _work(
    denoiser: Denoiser,
    net: Any,
    start: Latent,
    attention: Attention | None,
    rule: Rule,
    steps: int,
    beside: Tensor | None,
) -> Denoising:
    """Put a denoiser to work on a latent, watched if that is asked for."""
    batch, _, height, width = start.tensor.shape
    desk = None
    if attention is not None:
        desk = Desk(attention, chunk_length(rule), steps, (height, width))
        net = desk.watch(net)
    size = (height * denoiser.factor, width * denoiser.factor)
    batch = 1 if denoiser.frame_factor else batch  # one text is of a whole film
    return Denoising(net, family(denoiser.family), batch, size, steps, desk, beside=beside)


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """One walk down the noise levels."""

    rule: Any  # the library's scheduler, which keeps its own history
    timesteps: Tensor
    noise: Noise
    eta: float
    net: Any
    begun: Begun
    steering: Steering
    desk: Desk | None = None

    def go(self, run: Run, show: Callable[[Tensor], bytes]) -> Float[Tensor, "batch channels height width"]:
        """Take every step, from the beginning or from where an interrupted run stood; `show` draws a JPEG of one."""
        fresh = dict(vars(self.rule))
        step, x = self._start(run)
        options = self._options()
        for number, t in enumerate(self.timesteps[step:], start=step + 1):
            predicted = self.steering.predict(self._seen(x, t), t, number - 1)
            stepped = self.rule.step(predicted, t, x, **options)
            x = stepped.prev_sample
            if self.begun.kept is not None:
                x = self.begun.kept.over(x, self.rule, self.timesteps[number:])
            run.progress(number, len(self.timesteps))
            if run.previews:
                run.preview(show(stepped.get("pred_original_sample", x)))
            if self._resumable and _due(number, run.checkpoint_every, len(self.timesteps)):
                state = history.take_down(number, x, self.noise.generators, self.rule, fresh)
                if state is not None:
                    run.save(state)
        return x

    @property
    def _resumable(self) -> bool:
        """Whether latent, generators and sampler are all that a step depends on."""
        return self.desk is None and not self.steering.stateful

    def _start(self, run: Run) -> tuple[int, Tensor]:
        saved = run.saved() if self._resumable else None
        if saved is not None:
            halfway = history.read_back(saved)
            return halfway.step, history.resume(halfway, self.noise.generators, self.rule).to(like(self.net).device)
        return 0, self.begun.x

    def _seen(self, x: Tensor, t: Tensor) -> Tensor:
        """Give the latent as the denoiser takes it; one that follows a flow takes it as it is."""
        scaled: Tensor = self.rule.scale_model_input(x, t) if hasattr(self.rule, "scale_model_input") else x
        return scaled if self.begun.kept is None else self.begun.kept.under(scaled)

    def _options(self) -> dict[str, Any]:
        """Give a step what it takes of eta and generator."""
        takes = inspect.signature(self.rule.step).parameters
        offered = {"eta": self.eta, "generator": self.noise.generator}
        return {name: value for name, value in offered.items() if name in takes}


def _due(step: int, every: int, steps: int) -> bool:
    return every > 0 and step % every == 0 and step < steps


def _taken(rule: Any, known: Family, latent: Latent, name: str, steps: int, strength: float, where: device) -> Tensor:
    """Give the noise levels that are visited: all for a blank latent, for any other the last share of them."""
    try:
        known.visit(rule, steps, latent, where)
    except ValueError as error:
        raise InputError(f"the sampler {name} cannot do with {steps} steps", hint="take more steps") from error
    skipped = 0 if latent.blank else (steps - min(int(steps * strength), steps)) * rule.order
    if hasattr(rule, "set_begin_index"):
        rule.set_begin_index(skipped)
    timesteps: Tensor = rule.timesteps[skipped:]
    return timesteps


def _check_fit(denoiser: Denoiser, latent: Latent) -> None:
    if latent.space != denoiser.space:
        raise InputError(
            f"the latent is in the space {latent.space}, the denoiser works in {denoiser.space}",
            hint="make the latent with the autoencoder of the denoiser's checkpoint",
        )
