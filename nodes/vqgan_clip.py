"""Draw with a VQGAN whatever CLIP takes for the prompts: VQGAN + CLIP (Crowson et al. 2022)."""

# ruff: noqa: F722 - shapes are written as text, as jaxtyping wants them

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from engine.codec import Blob
from engine.errors import InputError
from engine.node import node
from engine.run import Run
from nodes import facts
from nodes.clip_model import Clip, CLIPModel
from nodes.cutouts import cut, jittered, windows
from nodes.handles import Autoencoder
from nodes.nearness import check_space as check_embeddings
from nodes.pixels import as_image
from nodes.preview import DECODED, jpeg
from nodes.scaling import unscaled
from nodes.tensors import blob, tensor
from nodes.turning import turned
from nodes.vae import check_space
from nodes.values import Codes, Embedding, Image, Latent, Table
from nodes.widgets import Fraction, Seed, Size, Steps, number, slider

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

PromptWeight = Annotated[float, number(-100, 100)]
LearningRate = Annotated[float, slider(0.001, 10, 0.001)]
Count = Annotated[int, slider(1, 256)]
Smallest = Annotated[float, slider(0.05, 1, 0.01)]
Angle = Annotated[float, slider(0, 45, 1)]
Slant = Annotated[float, slider(0, 0.3, 0.01)]


class Drawn(NamedTuple):
    image: Image
    start: Image
    codes: Codes
    losses: Table


@node(
    "VQGANCLIP",
    title="VQGAN + CLIP",
    category="autoencoder",
    lane="gpu",
    libs=("torch", "diffusers", "open_clip_torch", "timm", "torchvision"),
    describe=facts.of_vqgan_clip,
)
def vqgan_clip(
    autoencoder: Autoencoder,
    clip: CLIPModel,
    prompts: Embedding,
    weights: Sequence[PromptWeight] = (),
    image_prompt: Embedding | None = None,
    image_weight: PromptWeight = 1.0,
    latent: Latent | None = None,
    width: Size = 64,
    height: Size = 64,
    steps: Steps = 100,
    learning_rate: LearningRate = 0.1,
    cutouts: Count = 16,
    smallest: Smallest = 0.7,
    jitter: Fraction = 0.1,
    mirror: bool = False,
    rotation: Angle = 0.0,
    slant: Slant = 0.0,
    seed: Seed = 0,
    *,
    run: Run,
) -> Drawn:
    """Change a VQGAN's codes, step by step, until CLIP finds the prompts in the picture; no denoiser takes part.

    Each step looks at the picture through `cutouts` windows, the smallest of `smallest` times its side, with colours
    (and noise) changed a little by `jitter`, half of them mirrored if asked for, turned by up to `rotation` degrees and
    slanted by up to `slant`, and moves the latent by what CLIP's gradient says. `weights` are one for each prompt
    (left out, all are 1); a negative one moves away from it. `image_prompt` is a picture to resemble, embedded by the
    same CLIP. The start is `latent`, or else random codes for a picture of `width` times `height`.
    """
    import torch

    aims = _aims(clip, prompts, weights, image_prompt, image_weight)
    if latent is not None:
        _check_latent(latent, autoencoder)
    if autoencoder.kind != "vq":
        raise InputError("this autoencoder has no codebook", hint="take the autoencoder of a model with a VQGAN")
    net, eyes = run.load(autoencoder), run.load(clip)
    generator = torch.Generator("cpu").manual_seed(seed)
    if latent is None:
        z = _random(net, autoencoder, (height, width), generator)
    else:
        z = unscaled(latent.tensor.clone(), autoencoder.scaling)
    look = Look(cutouts, smallest, jitter, mirror, rotation, slant)
    with torch.enable_grad():
        descent = Descent(net, eyes, aims, look, generator, z.to(net.device).float(), learning_rate)
        start, _ = descent.picture()
        descent.go(steps, run)
        image, codes = descent.picture()
    table = Table(("step", "loss"), tuple(enumerate(descent.losses, 1)))
    return Drawn(image, start, Codes(codes, autoencoder.space), table)


class Aim(NamedTuple):
    """What the picture is to resemble, or not to, where the weight is negative."""

    vectors: Float[Tensor, "count width"]
    weights: Float[Tensor, " count"]


class Look(NamedTuple):
    """How the picture is looked at in each step."""

    cutouts: int
    smallest: float
    jitter: float
    mirror: bool
    rotation: float = 0.0
    slant: float = 0.0


def distance(views: Float[Tensor, "views width"], aim: Aim) -> Float[Tensor, ""]:
    """Give how far views are from the aims: 2 asin(|v - t| / 2)^2 of unit vectors, averaged by the aims' weights."""
    import torch

    apart = (views[:, None] - aim.vectors[None]).norm(dim=2).div(2).clamp(max=1 - 1e-6)
    far = 2 * torch.asin(apart).square().mean(0)
    return (aim.weights * far).sum() / aim.weights.abs().sum()


@dataclass(slots=True, eq=False)
class Descent:
    """One walk of a latent down CLIP's loss, with Adam (Kingma and Ba 2015).

    The gradient passes through the codebook as if it were not there (straight-through, Bengio et al. 2013).
    """

    net: Any  # the library's VQModel
    eyes: Clip
    aim: Aim
    look: Look
    generator: Any
    z: Tensor
    rate: float
    losses: list[float] = field(default_factory=list)
    adam: Any = field(init=False)

    def __post_init__(self) -> None:
        import torch

        self.aim = Aim(*(each.to(self.z.device) for each in self.aim))
        self.z = self.z.detach().clone().requires_grad_()
        self.adam = torch.optim.Adam([self.z], lr=self.rate)

    def go(self, steps: int, run: Run) -> None:
        """Take every step, from the beginning or from where an interrupted run stood."""
        import torch

        self._resume(run.saved())
        low, high = self.net.quantize.embedding.weight.float().aminmax(dim=0)
        for step in range(len(self.losses) + 1, steps + 1):
            x = self.decoded()
            loss = self.loss(x)
            self.adam.zero_grad()
            torch.autograd.backward(loss)
            self.adam.step()
            with torch.no_grad():  # further out than the codebook's furthest entry, no other entry is nearer
                self.z.clamp_(low[:, None, None], high[:, None, None])
            self.losses.append(float(loss.detach()))
            run.progress(step, steps)
            if run.previews:
                run.preview(jpeg(x, DECODED))
            if run.checkpoint_every and step % run.checkpoint_every == 0 and step < steps:
                run.save(self._state())

    def decoded(self) -> Float[Tensor, "1 3 height width"]:
        """Decode the nearest entries of the codebook, from -1 to 1."""
        decoded: Tensor = self.net.decode(self.z.to(self.net.dtype), return_dict=False)[0]
        return decoded

    def loss(self, x: Float[Tensor, "1 3 height width"]) -> Float[Tensor, ""]:
        """Look at the picture through new windows, and give how far it is from the aims."""
        pixels = (x.float() * 0.5 + 0.5).clamp(0, 1)
        through = windows(
            self.look.cutouts,
            (pixels.shape[2], pixels.shape[3]),
            smallest=self.look.smallest,
            mirror=self.look.mirror,
            generator=self.generator,
        )
        views = cut(pixels, through, self.eyes.side)
        views = turned(views, self.look.rotation, self.look.slant, self.generator)
        views = jittered(views, self.look.jitter, self.generator)
        return distance(self.eyes.embed_views(views), self.aim)

    def picture(self) -> tuple[Image, Tensor]:
        """Give the picture of where the latent stands, and its codes [1, height, width]."""
        import torch

        with torch.inference_mode():
            z = self.z.to(self.net.dtype)
            _, _, (_, _, indices) = self.net.quantize(z)
            codes = indices.reshape(1, *z.shape[2:])
            entries = self.net.quantize.embedding.weight[codes].permute(0, 3, 1, 2).contiguous()
            return as_image(self.net.decode(entries, force_not_quantize=True, return_dict=False)[0]), codes.cpu()

    def _state(self) -> Mapping[str, Blob]:
        import torch

        moments = self.adam.state[self.z]
        kept = {"z": self.z, "mean": moments["exp_avg"], "square": moments["exp_avg_sq"]}
        losses = torch.tensor(self.losses, dtype=torch.float64)
        return {
            name: blob(each) for name, each in {**kept, "losses": losses, "draw": self.generator.get_state()}.items()
        }

    def _resume(self, saved: Mapping[str, Blob] | None) -> None:
        import torch

        if saved is None:
            return
        kept = {name: tensor(each) for name, each in saved.items()}
        self.losses = kept["losses"].tolist()
        self.generator.set_state(kept["draw"])
        z, mean, square = (kept[name].to(self.z.device) for name in ("z", "mean", "square"))
        with torch.no_grad():
            self.z.copy_(z)
        count = torch.tensor(float(len(self.losses)))
        self.adam.state[self.z] = {"step": count, "exp_avg": mean, "exp_avg_sq": square}


def _aims(
    clip: CLIPModel, prompts: Embedding, weights: Sequence[float], image: Embedding | None, image_weight: float
) -> Aim:
    import torch

    count = len(prompts.vectors)
    if weights and len(weights) != count:
        raise InputError(f"{len(weights)} weights do not fit {count} prompts", hint="give one for each, or none")
    all_weights = list(weights) or [1.0] * count
    vectors = [prompts.vectors.clone()]
    if image is not None:
        check_embeddings(prompts, image)
        vectors.append(image.vectors.clone())
        all_weights += [image_weight] * len(image.vectors)
    if prompts.space != clip.space:
        raise InputError("the prompts are embedded by another CLIP", hint="embed them with the CLIP that is wired here")
    if not any(all_weights):
        raise InputError("every prompt weighs nothing", hint="give one a weight other than 0")
    return Aim(torch.cat(vectors), torch.tensor(all_weights))


def _check_latent(latent: Latent, autoencoder: Autoencoder) -> None:
    check_space(latent, autoencoder)
    if len(latent.tensor) != 1:
        raise InputError(
            f"{len(latent.tensor)} latents are given, one can be changed at a time", hint="split the batch first"
        )


def _random(net: Any, autoencoder: Autoencoder, size: tuple[int, int], generator: Any) -> Tensor:
    """Draw random entries of the codebook."""
    import torch

    factor = autoencoder.factor
    if any(side % factor for side in size):
        raise InputError(f"the sides {size[1]} x {size[0]} are no multiples of {factor}", hint=f"take such of {factor}")
    entries: Tensor = net.quantize.embedding.weight
    codes = torch.randint(len(entries), (1, size[0] // factor, size[1] // factor), generator=generator)
    return entries[codes.to(entries.device)].permute(0, 3, 1, 2).contiguous()
