"""Lift a U-Net into time by a motion adapter (AnimateDiff: Guo et al., arXiv 2307.04725), by diffusers.

Guarantees
1. As long as a film fits into one window, it is denoised as AnimateDiffPipeline does it, bit for bit.
2. However long a film is, the denoiser sees no more frames at once than a window has.
3. With `loop`, turning the frames round by one stride turns the prediction round.
"""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import InputError, in_a_line
from nodes.values import Perturbed, Rule, Switched, Weakened

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from nodes.handles import Motion

Window = tuple[int, ...]  # numbers of frames


def lifted(net: Any, adapter: Any) -> Any:
    """Give a UNetMotionModel with the weights of a U-Net and of a motion adapter, in eval mode."""
    from models.lift import lift

    try:
        return lift(net, adapter)
    except (RuntimeError, ValueError) as error:
        said = f"the motion adapter does not fit the denoiser: {in_a_line(error)}"
        raise InputError(said, hint="take one made for this model") from error


def windows(motion: Motion) -> tuple[Window, ...]:
    """Name the frames that are denoised together; each is in one window at least."""
    frames, length = motion.frames, min(motion.window, motion.frames)
    stride = max(1, length - motion.overlap)
    if motion.loop:
        return tuple(tuple((start + k) % frames for k in range(length)) for start in range(0, frames, stride))
    starts = (*range(0, frames - length, stride), frames - length)
    return tuple(tuple(range(start, start + length)) for start in starts)


@dataclass(frozen=True, slots=True, eq=False)
class InTime:
    """A denoiser whose batch is films, frame after frame; it stands where a plain one does."""

    net: Any
    motion: Motion
    words: Any = None  # tells each frame what it shows

    @property
    def config(self) -> Any:
        return self.net.config

    def parameters(self) -> Iterator[Tensor]:
        """Give the weights; `like` asks for the first."""
        weights: Iterator[Tensor] = self.net.parameters()
        return weights

    def __call__(
        self,
        x: Float[Tensor, "frames channels height width"],
        t: Tensor,
        *,
        encoder_hidden_states: Tensor,
        timestep_cond: Tensor | None = None,
        added_cond_kwargs: Mapping[str, Tensor] | None = None,
        down_block_additional_residuals: Sequence[Tensor] = (),
        mid_block_additional_residual: Tensor | None = None,
        return_dict: bool = False,
    ) -> tuple[Tensor]:
        """Predict every window of each film; where windows overlap, their predictions are averaged."""
        told = [encoder_hidden_states, *down_block_additional_residuals]
        told += [] if mid_block_additional_residual is None else [mid_block_additional_residual]
        films, *beside = (self._films(each) for each in (x, *told))
        if self.words is not None:
            beside[0] = self.words(beside[0].float()).to(beside[0])
        extras = {name: each[:: self.motion.frames] for name, each in (added_cond_kwargs or {}).items()}
        condition = encoder_hidden_states if self.config.addition_embed_type == "text" else timestep_cond
        once = None if condition is None else condition[:: self.motion.frames]

        def ask(window: Window) -> Tensor:
            every = len(window) == self.motion.frames and not self.motion.loop
            films_, text, *residuals = (each if every else each[:, list(window)] for each in (films, *beside))
            predicted: Tensor = self.net(
                films_.transpose(1, 2),
                t,
                encoder_hidden_states=text.flatten(0, 1),
                timestep_cond=once,
                added_cond_kwargs=extras or None,
                return_dict=False,
                **_residuals([each.flatten(0, 1) for each in residuals]),
            )[0]
            return predicted.transpose(1, 2)

        return (_averaged(windows(self.motion), ask, films).flatten(0, 1),)

    def _films(self, rows: Tensor) -> Tensor:
        """Split a batch into films [films frames ...]."""
        if rows.shape[0] % self.motion.frames:
            raise InputError(
                f"{rows.shape[0]} latents are no film of {self.motion.frames} frames", hint="take a ClipLatent"
            )
        return rows.reshape(-1, self.motion.frames, *rows.shape[1:])


def _residuals(given: Sequence[Tensor]) -> dict[str, Any]:
    if not given:
        return {}
    *down, middle = given
    return {"down_block_additional_residuals": tuple(down), "mid_block_additional_residual": middle}


def _averaged(parts: Sequence[Window], ask: Any, like: Tensor) -> Tensor:
    """Ask for each window; a frame counts the more, the further it is from the ends of its window."""
    import torch

    if len(parts) == 1:
        return ask(parts[0])  # type: ignore[no-any-return]
    total, weight = torch.zeros_like(like), like.new_zeros(like.shape[1], 1, 1, 1)
    for window in parts:
        counts = torch.tensor([min(k + 1, len(window) - k) for k in range(len(window))])
        share = counts.to(like)[:, None, None, None]
        total[:, list(window)] += share * ask(window)
        weight[list(window)] += share
    return total / weight


def check_film(rule: Rule, seeds: Sequence[int], *, plain: bool) -> None:
    """See that a film can be sampled like this: one seed, and nothing that reaches into the layers."""
    if len(seeds) > 1:
        raise InputError("a film has one seed, not one for each frame", hint="wire several to `seed`, for several")
    if not plain or _disturbs(rule):
        raise InputError(
            "watched attention, picture prompts, PAG, SLG and autoguidance are not there for films",
            hint="steer it by CFG and its kin, or by a ControlNet",
        )


def _disturbs(rule: Rule) -> bool:
    if isinstance(rule, Switched):
        return _disturbs(rule.before) or _disturbs(rule.after)
    return isinstance(rule, Perturbed | Weakened)
