"""Draw films: lift a text-to-image denoiser into time, begin and end with a picture, decode a film in windows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import facts, film_facts
from nodes.checkpoints import Part, read_part
from nodes.handles import Autoencoder, Denoiser, Motion, check_draws_pictures, named
from nodes.preview import DECODED, jpeg, laid_out
from nodes.scaling import unscaled
from nodes.sources import EMBEDDED, locate_reader
from nodes.tensors import like
from nodes.vae import check_space
from nodes.values import Inpaint, Latent, Scaling, Video
from nodes.widgets import FPS, Frames, ModelName, slider

if TYPE_CHECKING:
    from torch import Tensor

Window = Annotated[int, slider(0, 256)]
_LORA: Final = "pytorch_lora_weights.safetensors"  # as diffusers calls it
_WORDS: Final = "frame_words.safetensors"


@dataclass(frozen=True, slots=True)
class Lift:
    """What lies in the folder of a motion adapter: the adapter, and what hears its words, if there is any."""

    adapter: Part
    lora: Path | None
    words: Path | None

    @classmethod
    def read(cls, source: str, files: Files) -> Self:
        folder = locate_reader(source, "motion", files)
        lora, words = (path if path.is_file() else None for path in (folder / _LORA, folder / _WORDS))
        return cls(read_part(folder), lora, words)

    def paths(self) -> Iterator[Path]:
        yield from self.adapter.files.values()
        yield from (path for path in (self.lora, self.words) if path is not None)

    @property
    def clean(self) -> bool:
        """Whether it was trained to be shown given frames without noise, as the file of its words says."""
        from safetensors import safe_open

        if self.words is None:
            return False
        with safe_open(self.words, "np") as file:
            return (file.metadata() or {}).get("given") == "clean"


def _files_of(source: str, files: Files) -> Iterable[Path]:
    return Lift.read(source, files).paths()


def _lift(source: str, files: Files) -> Lift:
    found = Lift.read(source, files)
    if found.adapter.config.get("_class_name") != "MotionAdapter":
        raise InputError(f"{source[:80]} is no motion adapter", hint="give the folder of one, in diffusers layout")
    return found


@node(
    "VideoTemporal", category="video", lane="io", libs=("safetensors",), reads=_files_of, describe=film_facts.of_lifted
)
def video_temporal(
    denoiser: Denoiser,
    source: ModelName = EMBEDDED,
    frames: Frames = 8,
    window: Window = 0,
    overlap: Window = 4,
    loop: bool = False,
    *,
    run: Run,
) -> Denoiser:
    """Lift a text-to-image denoiser into time by a motion adapter (AnimateDiff: Guo et al., arXiv 2307.04725).

    `source` is a folder with a MotionAdapter in diffusers layout, made for the denoiser. What lies beside it and hears
    words of motion is taken too: a LoRA, and what tells each frame what it shows. The sampler then draws one film of so
    many `frames`. `window` is how many it sees at once, 0 for as many as the adapter was made for; a longer film is
    drawn in windows that share `overlap` frames. With `loop`, the first frame follows the last.
    """
    check_draws_pictures(denoiser, hint="wire it to a Sampler, with an EmptyFilmLatent")
    found = _lift(source, run.files)
    part = found.adapter
    most = int(part.config.get("motion_max_seq_length", 32))
    if window > most:
        raise InputError(f"the motion adapter sees {most} frames at once, not {window}", hint=f"take {most} or 0")
    length = window or most
    if overlap >= length:
        raise InputError(f"windows of {length} frames cannot share {overlap}", hint=f"take {length - 1} at most")
    lora = () if found.lora is None else ((run.files.digest(found.lora), 1.0),)
    words = "" if found.words is None else run.files.digest(found.words)
    moving = Motion(named(part.files, run.files), frames, length, overlap, loop, words, found.clean)
    return replace(denoiser, motion=moving, adapters=(*denoiser.adapters, *lora))


@node("ClipLatent", category="video", libs=("torch",), describe=film_facts.of_clip_latent)
def clip_latent(denoiser: Denoiser, first: Latent | None = None, last: Latent | None = None) -> Latent:
    """Begin a film with a picture, end it with one, or both: these frames are kept, those between are drawn.

    `first` and `last` are single latents, as from VAEEncode. The rest fits to them the better, if the adapter was
    trained to be shown given frames without noise, as the embedded one was. A sampler whose strength is below 1 starts
    between them from a mixture of both instead of from noise.
    """
    import torch

    check_draws_pictures(denoiser, hint="take an EmptyFilmLatent: it begins and ends films as it likes")
    if denoiser.motion is None:
        raise InputError("the denoiser draws pictures, not films", hint="wire it through a VideoTemporal node")
    ends = [each for each in (first, last) if each is not None]
    if not ends:
        raise InputError("there is neither a first nor a last frame", hint="wire one, or take an EmptyLatent")
    for each in ends:
        _check_end(each, denoiser, ends[0])
    frames = denoiser.motion.frames
    share = torch.linspace(0, 1, frames)[:, None, None, None]
    tensor = torch.lerp(ends[0].tensor, ends[-1].tensor, share)
    mask = torch.ones(frames, 1, *tensor.shape[-2:])
    if first is not None:
        tensor[0], mask[0] = first.tensor[0], 0
    if last is not None:
        tensor[-1], mask[-1] = last.tensor[0], 0
    return Latent(tensor, denoiser.space, inpaint=Inpaint(mask, Latent(tensor, denoiser.space)))


def _check_end(latent: Latent, denoiser: Denoiser, other: Latent) -> None:
    if latent.space != denoiser.space:
        raise InputError(
            f"a frame is in the space {latent.space}, the denoiser works in {denoiser.space}",
            hint="make it with the autoencoder of the denoiser's checkpoint",
        )
    if latent.tensor.shape[0] != 1 or latent.tensor.shape != other.tensor.shape:
        raise InputError("first and last are one latent each, of one size", hint="encode one picture for each")


@node("DecodeVideo", category="video", lane="gpu", libs=("torch", "diffusers"), describe=facts.of_decode)
def decode_video(
    latent: Latent, autoencoder: Autoencoder, fps: FPS = 8.0, window: Annotated[int, slider(1, 256)] = 16, *, run: Run
) -> Video:
    """Turn the latent of a film into its frames, `window` of them at a time, each shown as soon as it is there.

    The autoencoder of a model that draws films by itself, such as Wan's, turns a film as a whole.
    """
    import torch

    check_space(latent, autoencoder)
    net = run.load(autoencoder)
    if autoencoder.frame_factor:
        return Video(_whole(latent, autoencoder, net), fps)
    options = {"force_not_quantize": True} if autoencoder.kind == "vq" else {}
    total, _, rows, columns = latent.tensor.shape
    frames = torch.empty(total, 3, rows * autoencoder.factor, columns * autoencoder.factor)
    with torch.inference_mode():
        for start in range(0, total, window):
            z = _unscaled(latent.tensor[start : start + window].to(like(net)), autoencoder.scaling)
            x = net.decode(z, return_dict=False, **options)[0]
            done = min(start + window, total)
            frames[start:done] = (x * 0.5 + 0.5).clamp(0, 1).float().cpu()
            run.progress(done, total)
            if run.previews:
                run.preview(jpeg(laid_out(frames[:done]) * 2 - 1, DECODED))
    return Video(frames, fps)


def _whole(latent: Latent, autoencoder: Autoencoder, net: Any) -> Tensor:
    """Decode a film with an autoencoder that goes over time too."""
    import torch

    from nodes.families import film_family

    with torch.inference_mode():
        z = latent.tensor.transpose(0, 1).contiguous()[None].to(like(net))
        x: Tensor = film_family(autoencoder.family).film(net, z, autoencoder.scaling)
        return (x[0].transpose(0, 1) * 0.5 + 0.5).clamp(0, 1).float().cpu().contiguous()


def _unscaled(z: Tensor, by: Scaling) -> Tensor:
    """Scale back as the pipelines for films do: they multiply, where those for pictures divide."""
    return unscaled(z, by) if by.mean else 1 / by.factor * z
