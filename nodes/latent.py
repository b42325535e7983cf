"""Make latents: blank ones, and draws from what an encoder believes."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from engine.errors import InputError
from engine.node import node
from nodes import facts, film_facts
from nodes.handles import Denoiser, check_draws_pictures
from nodes.noise import Noise
from nodes.scaling import scaled
from nodes.values import Gaussian, Inpaint, Latent
from nodes.widgets import FPS, Batch, Frames, Seed, Side

if TYPE_CHECKING:
    from torch import Tensor

_MOST = 2**28  # numbers in a latent: one gigabyte


@node("EmptyLatent", libs=("torch",), describe=film_facts.of_empty_latent)
def empty_latent(denoiser: Denoiser, width: Side = None, height: Side = None, batch: Batch = 1) -> Latent:
    """Give a blank latent to draw on, of so many pixels; left out, the size that the model was trained for.

    `batch` pictures are drawn at once, which is quicker than one after the other. For a denoiser that was lifted into
    time the batch is the frames of its film, however many are asked for.
    """
    import torch

    check_draws_pictures(denoiser, hint="take an EmptyFilmLatent")
    trained_height, trained_width = denoiser.size
    rows = _cells(height, denoiser, "height") if height is not None else trained_height
    columns = _cells(width, denoiser, "width") if width is not None else trained_width
    if denoiser.motion is not None:
        batch = denoiser.motion.frames
    _check_most(batch * rows * columns * denoiser.channels)
    return Latent(torch.zeros(batch, denoiser.channels, rows, columns), denoiser.space, blank=True)


@node("EmptyFilmLatent", category="video", libs=("torch",), describe=film_facts.of_empty_film)
def empty_film_latent(
    denoiser: Denoiser, frames: Frames = 17, width: Side = None, height: Side = None, fps: FPS = 25.0
) -> Latent:
    """Give a blank latent for a film, for a model that draws films by itself, such as Wan or LTX.

    The first latent frame is one frame, each one after it is several: 4 in Wan, 8 in LTX; so `frames` is a multiple of
    that, and one more. Left out, width and height are those that the model was trained for. `fps` is how many frames a
    second the film will be shown with; LTX wants to know it.
    """
    import torch

    from nodes.families import film_family

    longer = denoiser.frame_factor
    if not longer:
        raise InputError(
            "the denoiser draws pictures, not films by itself",
            hint="lift it into time by VideoTemporal, and take an EmptyLatent",
        )
    if (frames - 1) % longer:
        nearest = max(0, round((frames - 1) / longer)) * longer + 1
        raise InputError(f"{frames} frames are not one more than a multiple of {longer}", hint=f"take {nearest}")
    multiple = film_family(denoiser.family).multiple
    rows, columns = (
        trained if asked is None else _multiple(asked, multiple, side) // denoiser.factor
        for asked, trained, side in zip((height, width), denoiser.size, ("height", "width"), strict=True)
    )
    cells = ((frames - 1) // longer + 1, denoiser.channels, rows, columns)
    _check_most(prod(cells))
    return Latent(torch.zeros(cells), denoiser.space, blank=True, fps=fps)


def _check_most(numbers: int) -> None:
    if numbers > _MOST:
        raise InputError(
            "so many pixels are more than can be drawn at once", hint="make the pictures smaller, or fewer"
        )


@node("DrawLatent", libs=("torch", "diffusers"), describe=facts.of_draw)
def draw_latent(gaussian: Gaussian, seed: Seed = 0) -> Latent:
    """Draw a latent from what an encoder believes about a picture."""
    import torch

    with torch.inference_mode():
        return Latent(drawn(mean_of(gaussian), Noise.of(seed)), gaussian.space)


def mean_of(gaussian: Gaussian) -> Latent:
    """Give the mean as a latent, which keeps what it is the mean of."""
    return Latent(scaled(gaussian.mean, gaussian.scaling), gaussian.space, gaussian=gaussian)


def drawn(latent: Latent, noise: Noise) -> Tensor:
    """Give the latent's tensor, drawn from its Gaussian where it has one."""
    believed = latent.gaussian
    if believed is None:
        return latent.tensor
    return scaled(believed.mean + believed.spread * noise.like(believed.mean), believed.scaling)


def repeated(latent: Latent, batch: int) -> Latent:
    """Repeat a single latent for every picture of a batch."""
    if latent.tensor.shape[0] == batch:
        return latent
    if latent.tensor.shape[0] != 1:
        raise InputError(
            f"{batch} seeds do not fit {latent.tensor.shape[0]} latents", hint="give one seed for each, or one latent"
        )
    believed, inpaint = latent.gaussian, latent.inpaint
    if believed is not None:
        mean, spread = (each.repeat(batch, 1, 1, 1) for each in (believed.mean, believed.spread))
        believed = Gaussian(mean, spread, believed.space, believed.scaling)
    if inpaint is not None:
        inpaint = Inpaint(inpaint.mask.repeat(batch, 1, 1, 1), repeated(inpaint.around, batch))
    return Latent(latent.tensor.repeat(batch, 1, 1, 1), latent.space, latent.blank, believed, inpaint)


def _cells(pixels: int, denoiser: Denoiser, side: str) -> int:
    return _multiple(pixels, denoiser.factor, side) // denoiser.factor


def _multiple(pixels: int, of: int, side: str) -> int:
    if pixels % of:
        nearest = max(of, round(pixels / of) * of)
        raise InputError(f"a {side} of {pixels} is no multiple of {of}", hint=f"take {nearest}")
    return pixels
