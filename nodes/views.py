"""Turn a stored value into files that people can open, without any tensor library."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from engine.codec import Stored, pack
from engine.spec import Json
from engine.summary import array
from nodes import drawing, films, sounding

if TYPE_CHECKING:
    import numpy

    from nodes.preview import Colours

_MEDIA = {
    ".png": "image/png",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".safetensors": "application/octet-stream",
    ".mp4": "video/mp4",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
_DRAWN: Mapping[str, str] = {
    "Image": "pixels",
    "Mask": "pixels",
    "Video": "frames",
    "Latent": "tensor",
    "Gaussian": "mean",
    "Codes": "indices",
    "Scores": "matrix",
    "PatchAttention": "maps",
}
_VIEWS: Mapping[str, Sequence[str]] = {
    "Image": ("png", "thumbnail", "histogram", "safetensors"),
    "Mask": ("png", "thumbnail", "histogram", "safetensors"),
    "Video": ("mp4", "webp", "gif", "png", "thumbnail", "json", "histogram", "safetensors"),
    "Audio": ("wav", "flac", "waveform", "spectrogram", "json", "histogram", "safetensors"),
    "Latent": ("png", "channels", "json", "histogram", "safetensors"),
    "Gaussian": ("channels", "json", "histogram", "safetensors"),
    "Codes": ("channels", "json", "histogram", "safetensors"),
    "Scores": ("png", "json", "histogram", "safetensors"),
    "PatchAttention": ("channels", "json", "histogram", "safetensors"),
    "Table": ("txt", "json"),
    "str": ("txt", "json"),
    **dict.fromkeys(("int", "float", "bool", "None"), ("json",)),
}
_ANY = ("json", "histogram", "safetensors")  # of every other type
_BINS = 48
_MOST_PIXELS = 2**26  # of a picture that is drawn


class File(NamedTuple):
    """A file in the making."""

    suffix: str
    data: bytes

    @property
    def media_type(self) -> str:
        return _MEDIA[self.suffix]


class View(NamedTuple):
    """A value, shown in one way; `note` says what a picture's grey stands for."""

    file: File
    note: str = ""


class NoViewError(Exception):
    """A value cannot be shown like this."""


def names(type_: str) -> Sequence[str]:
    """Name the views that values of a type have."""
    return _VIEWS.get(type_, _ANY)


def files(stored: Stored) -> Iterator[File]:
    """Give a value as files: pictures as PNG and sounds as WAV, one each; films as MP4; text; JSON; safetensors."""
    if stored.type in ("Image", "Mask"):
        for pixels in array(stored.tensors["pixels"]):
            yield File(".png", drawing.png(drawing.picture(pixels)))
    elif stored.type == "Video":
        yield _film(stored, "mp4").file
    elif stored.type == "Audio":
        for samples in array(stored.tensors["samples"]):
            yield File(".wav", sounding.written(samples, stored.fields["rate"], "WAV"))
    elif stored.type == "str":
        yield File(".txt", stored.fields.encode())
    elif not stored.tensors or stored.type == "Scores":
        yield _json(_plain(stored))
    else:
        yield File(".safetensors", pack(stored))


def view(stored: Stored, name: str, *, item: int = 0) -> View:
    """Show a value in one way; `item` is a picture of its batch. Raises NoViewError if there is no such view of it."""
    match name if name in names(stored.type) else "":
        case "png":
            return _picture(stored, _drawable(stored, item))
        case "thumbnail":
            return View(File(".png", drawing.png(drawing.thumbnail(drawing.picture(_drawable(stored, item))))))
        case "mp4" | "webp" | "gif":
            return _film(stored, name)
        case "channels":
            return _channels(_drawable(stored, item))
        case "wav" | "flac":
            return View(File(f".{name}", sounding.written(_heard(stored, item), stored.fields["rate"], name.upper())))
        case "waveform":
            return View(File(".png", drawing.png(sounding.waveform(_heard(stored, item)))))
        case "spectrogram":
            return _tones(stored, item)
        case "txt":
            return View(File(".txt", _text(stored).encode()))
        case "json":
            return View(_json(_plain(stored)))
        case "histogram":
            return View(_json({tensor: _histogram(array(blob)) for tensor, blob in stored.tensors.items()}))
        case "safetensors":
            return View(File(".safetensors", pack(stored)))
    raise NoViewError(f"a value of the type {stored.type} has no view {name!r}")


def _json(plain: Json) -> File:
    return File(".json", (json.dumps(plain, indent=2, ensure_ascii=False) + "\n").encode())


def _histogram(tensor: numpy.ndarray) -> Json:
    """Count how often the numbers of a tensor fall into each of 48 equal parts of their range."""
    import numpy

    finite = tensor[numpy.isfinite(tensor)] if tensor.dtype.kind == "f" else tensor
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    counts, _ = numpy.histogram(finite.astype("<f8", copy=False), _BINS, (low, high if high > low else low + 1))
    return {"min": low, "max": high, "counts": counts.tolist()}


def _plain(stored: Stored) -> Json:
    """Give what is plain of a value; scores are small enough to be read as numbers."""
    if stored.type != "Scores":
        return stored.fields
    return {**stored.fields, "matrix": array(stored.tensors["matrix"]).tolist()}


def _text(stored: Stored) -> str:
    """Give a text as it is, and a table in columns."""
    if stored.type != "Table":
        return str(stored.fields)
    lines = [stored.fields["columns"], *stored.fields["rows"]]
    cells = [[f"{cell:.4g}" if isinstance(cell, float) else str(cell) for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    padded = ("  ".join(map(str.ljust, line, widths)).rstrip() for line in cells)
    return "\n".join(padded) + "\n"


def _drawable(stored: Stored, item: int) -> numpy.ndarray:
    """Give one of a batch as [channels, height, width]."""
    blob = stored.tensors.get(_DRAWN[stored.type])
    if blob is None:
        raise NoViewError(f"this {stored.type} has no tensor that could be drawn")
    batch: numpy.ndarray = array(blob)
    if stored.type == "Codes":
        batch = batch[:, None]
    if stored.type == "Scores":
        batch = batch[None, None]
    if batch.ndim != 4 or 0 in batch.shape:
        raise NoViewError(f"a tensor of the shape {list(blob.shape)} cannot be drawn")
    one = _one(batch, item)
    if one.size > _MOST_PIXELS * 3:
        raise NoViewError("this is too large to be drawn; take it as safetensors")
    return one


def _heard(stored: Stored, item: int) -> numpy.ndarray:
    """Give one of a batch of sounds as [channels, samples]."""
    return _one(array(stored.tensors["samples"]), item)


def _one(batch: numpy.ndarray, item: int) -> numpy.ndarray:
    if not 0 <= item < len(batch):
        raise NoViewError(f"there is no item {item}: the batch has {len(batch)}, counted from 0")
    one: numpy.ndarray = batch[item]
    return one


def _tones(stored: Stored, item: int) -> View:
    sheet, top = sounding.spectrogram(_heard(stored, item)), stored.fields["rate"] / 2
    note = f"black is {sounding.QUIETEST:g} dB, white is 0 dB, from 0 Hz below to {top:g} Hz above"
    return View(File(".png", drawing.png(sheet, note=note)), note)


def _picture(stored: Stored, drawable: numpy.ndarray) -> View:
    if stored.type == "Scores":
        return _channels(drawable)
    if stored.type != "Latent":
        return View(File(".png", drawing.png(drawing.picture(drawable))))
    colours = _colours(stored.fields["space"], len(drawable))
    if colours is None:
        return _channels(drawable)
    return View(File(".png", drawing.png(drawing.coloured(drawable, colours))))


def _film(stored: Stored, kind: str) -> View:
    frames: numpy.ndarray = array(stored.tensors["frames"])
    if frames.ndim != 4 or frames.shape[1] != 3 or 0 in frames.shape:
        raise NoViewError(f"frames of the shape {list(frames.shape)} are no film")
    write = {"mp4": films.mp4, "webp": films.webp, "gif": films.gif}[kind]
    return View(File(f".{kind}", write(frames, stored.fields["fps"])))


def _channels(drawable: numpy.ndarray) -> View:
    sheet, low, high = drawing.channels(drawable)
    note = f"black is {low:.6g}, white is {high:.6g}"
    return View(File(".png", drawing.png(sheet, note=note)), note)


def _colours(space: str, channels: int) -> Colours | None:
    """Find how the latents of a space become pictures, if a family knows it."""
    from nodes.families import FAMILIES

    known = (family.colours(space) for family in FAMILIES)
    return next((colours for colours in known if colours and len(colours.channels) == channels), None)
