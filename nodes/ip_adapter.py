"""Let pictures say what is to be drawn: an IP-Adapter beside the denoiser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from engine.errors import InputError
from engine.files import Files
from engine.node import node
from engine.run import Run
from nodes import facts
from nodes.checkpoints import read_part
from nodes.clip_model import CLIPModel
from nodes.families.header import shapes
from nodes.families.pictured import Kind, kind_of, widths
from nodes.handles import ImageEncoderModel, IPAdapterModel, Precision, named
from nodes.pixels import pictures
from nodes.sources import locate
from nodes.tensors import like
from nodes.values import Image, PicturePrompt
from nodes.widgets import Fraction, ModelName, slider

if TYPE_CHECKING:
    from torch import Tensor

Weight = Annotated[float, slider(0, 2, 0.05)]
_LIBS = ("torch", "transformers", "torchvision", "open_clip_torch", "timm")
_ENCODER = "image_encoder"


def _files_of(source: str, encoder: str, files: Files) -> Iterable[Path]:
    return (adapter_file(source, files), *_encoder_files(source, encoder, files).values())


@node(
    "IPAdapter",
    title="IP-Adapter",
    category="model",
    lane="gpu",
    libs=_LIBS,
    reads=_files_of,
    describe=facts.of_ip_adapter,
)
def ip_adapter(
    source: ModelName,
    images: Sequence[Image],
    clip: CLIPModel | None = None,
    encoder: ModelName = "",
    strength: Weight = 1.0,
    layers: Sequence[str] = (),
    start: Fraction = 0.0,
    stop: Fraction = 1.0,
    precision: Precision = "auto",
    *,
    run: Run,
) -> PicturePrompt:
    """Let pictures say what is drawn, beside the prompt (Ye et al., arXiv 2308.06721): wire it to a Sampler.

    `source` is the .safetensors file of an IP-Adapter (plain, plus or full) below a models folder, in diffusers'
    layout, or a folder that holds one. The pictures are seen together, by the folder `encoder`, which if left out is
    `image_encoder` beside the file; a plain adapter may see by the `clip` that it was trained with instead. It acts
    from the fraction `start` of the steps to `stop`, as strongly as `strength` says, in the layers whose names hold one
    of `layers`, or in all; 0 changes no bit. Several may be wired, each with its own strength and layers.
    """
    if not any(len(each.pixels) for each in images):
        raise InputError("there is no picture to resemble", hint="wire one at least")
    file = adapter_file(source, run.files)
    kind = kind_of(shapes(file), file.name)
    if clip is not None:
        vectors, without = _by_clip(clip, images, kind, run)
    else:
        eyes = _encoder(source, encoder, precision, run.files)
        vectors, without = _seen(run.load(eyes), images, kind)
    reads = widths(shapes(file), kind)[0]
    if vectors.shape[-1] != reads:
        raise InputError(
            f"the pictures are seen in vectors {vectors.shape[-1]} wide, {file.name} reads {reads}",
            hint="give the image encoder that it was trained with",
        )
    model = IPAdapterModel(((file.name, run.files.digest(file)),))
    return PicturePrompt(model, vectors, without, strength, tuple(layers), start, stop)


def adapter_file(source: str, files: Files) -> Path:
    """Give the file of an adapter: itself, or the only one in a folder."""
    if source.startswith("hub:"):
        raise InputError("an IP-Adapter is not downloaded by itself", hint="put its file below a models folder")
    found = locate(source, files)
    if found.is_file():
        return found
    weights = sorted(found.glob("*.safetensors"))
    if len(weights) == 1:
        return weights[0]
    if weights:
        names = ", ".join(each.name for each in weights[:8])
        raise InputError(f"{found.name} holds {len(weights)} files of weights", hint=f"name one of {names}")
    for pickle in sorted((*found.glob("*.bin"), *found.glob("*.pt"), *found.glob("*.ckpt"))):
        raise InputError(f"{pickle.name} is a pickle: opening it could run code", hint="use a .safetensors file")
    raise InputError(f"{found.name} holds no .safetensors file", hint="give the file of an IP-Adapter")


def _encoder_files(source: str, encoder: str, files: Files) -> Mapping[str, Path]:
    """Name the files of the image encoder; without one, none."""
    folder = files.source(encoder) if encoder else adapter_file(source, files).parent / _ENCODER
    return read_part(folder).files if encoder or folder.is_dir() else {}


def _encoder(source: str, encoder: str, precision: Precision, files: Files) -> ImageEncoderModel:
    found = _encoder_files(source, encoder, files)
    if not found:
        raise InputError(
            f"there is no folder {_ENCODER} beside {source[:80]}",
            hint="name the adapter's image encoder, or wire a Load CLIP to a plain one",
        )
    return ImageEncoderModel(named(found, files), precision)


def _by_clip(clip: CLIPModel, images: Sequence[Image], kind: Kind, run: Run) -> tuple[Tensor, Tensor]:
    import torch

    if kind != "plain":
        raise InputError(
            f"an IP-Adapter of the kind {kind} reads patches, which this CLIP does not give",
            hint="leave clip out, and give the adapter's image encoder",
        )
    model = run.load(clip)
    vectors = torch.cat([model.embed_pictures(each, normalize=False) for each in images])
    return vectors, torch.zeros_like(vectors)


def _seen(net: Any, images: Sequence[Image], kind: Kind) -> tuple[Tensor, Tensor]:
    """See pictures, and no picture, as the library's pipelines do: zeros for a vector, a black picture for patches."""
    import torch

    with torch.inference_mode():
        x = _prepared(net, list(_each(images)))
        if kind == "plain":
            vectors = net(x).image_embeds.cpu()
            return vectors, torch.zeros_like(vectors)
        seen, nothing = (net(each, output_hidden_states=True).hidden_states[-2] for each in (x, torch.zeros_like(x)))
        return seen.cpu(), nothing.cpu()


def _prepared(net: Any, shown: Sequence[Any]) -> Tensor:
    from transformers import CLIPImageProcessor

    side = net.config.image_size
    ready: Tensor = CLIPImageProcessor(size=side, crop_size=side)(shown, return_tensors="pt").pixel_values
    return ready.to(like(net))


def _each(images: Sequence[Image]) -> Iterator[Any]:
    for batch in images:
        yield from pictures(batch)
