"""Make handles of what a checkpoint holds, from its configs and headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from engine.codec import canonical
from engine.errors import InputError
from engine.files import Files
from engine.spec import Json
from nodes.checkpoints import Folder, read_folder
from nodes.families import FAMILIES, family
from nodes.families.family import Family
from nodes.handles import (
    Autoencoder,
    Denoiser,
    Handles,
    Precision,
    Prediction,
    TextEncoderModel,
    TokenizerModel,
    named,
)
from nodes.values import Defaults, Scaling

Asked = Literal["auto", "epsilon", "v_prediction"]
_KINDS: Mapping[str, Literal["kl", "vq"]] = {"AutoencoderKL": "kl", "VQModel": "vq"}


def paths(found: Path) -> Iterable[Path]:
    """Name every file that `describe` and the opening of its handles read."""
    if found.is_dir():
        return read_folder(found).paths()
    from nodes.single_file import paths as of_single_file

    return of_single_file(found)


def describe(found: Path, files: Files, *, precision: Precision, prediction: Asked) -> tuple[Handles, Defaults]:
    """Make the handles of a checkpoint that lies here."""
    if found.is_dir():
        return _of_folder(read_folder(found), files, precision=precision, prediction=prediction)
    from nodes.single_file import describe as of_single_file

    return of_single_file(found, files, precision=precision, prediction=prediction)


def _of_folder(folder: Folder, files: Files, *, precision: Precision, prediction: Asked) -> tuple[Handles, Defaults]:
    known = known_family(folder)
    unet = folder.denoiser.config
    schedule = dict(known.schedule if folder.schedule is None else folder.schedule)
    if prediction != "auto":
        schedule["prediction_type"] = prediction
    autoencoder = _autoencoder(folder, known, files, precision)
    check_plain(int(unet.get("in_channels", 4)), autoencoder.channels)
    handles = Handles(
        TokenizerModel(known.name, "diffusers", tuple(named(part.files, files) for part in folder.tokenizers)),
        TextEncoderModel(
            known.name,
            "diffusers",
            tuple(named(part.files, files) for part in folder.text_encoders),
            precision,
            zero_empty=bool(folder.index.get("force_zeros_for_empty_prompt", known.zero_empty)),
        ),
        Denoiser(
            family=known.name,
            layout="diffusers",
            part=named(folder.denoiser.files, files),
            prediction=predicts(schedule),
            schedule=canonical({key: value for key, value in schedule.items() if key != "_diffusers_version"}).decode(),
            space=autoencoder.space,
            channels=autoencoder.channels,
            factor=autoencoder.factor,
            size=_size(unet.get("sample_size") or 64),
            precision=precision,
        ),
        autoencoder,
    )
    return handles, defaults(known, handles.denoiser, folder.own)


def defaults(known: Family, denoiser: Denoiser, own: Mapping[str, Json]) -> Defaults:
    """Say how a model is meant to be used: at its own size, and as its own config says, else as its family is."""
    height, width = (side * denoiser.factor for side in denoiser.size)
    told = {name: own[name] for name in Defaults.__dataclass_fields__ if name in own}
    return replace(known.defaults, **{"width": width, "height": height, **told})


def check_plain(takes: int, channels: int) -> None:
    """See that the denoiser takes a latent and nothing besides, or a mask and a masked picture, for inpainting."""
    if takes not in (channels, 2 * channels + 1):
        raise InputError(
            f"the denoiser takes {takes} channels, a latent has {channels}: it is made for editing",
            hint="take the plain text-to-image model, or one for inpainting",
        )


def predicts(schedule: Mapping[str, Json]) -> Prediction:
    """Read from a scheduler config what the denoiser predicts."""
    found: Prediction = schedule.get("prediction_type", "epsilon")
    if found not in ("epsilon", "v_prediction", "sample"):
        raise InputError(f"a denoiser that predicts {str(found)[:40]!r} is not known here", hint="take another model")
    return found


def kind_of(folder: Folder) -> Literal["kl", "vq"]:
    """Say whether the autoencoder gives a mean and a spread, or entries of a codebook."""
    return _KINDS[folder.autoencoder.config["_class_name"]]


def known_family(folder: Folder) -> Family:
    """Find the family that a folder is of, or say that it is of none."""
    unet = folder.denoiser.config.get("_class_name")
    encoders = len(folder.text_encoders)
    if folder.index.get("requires_aesthetics_score"):
        raise InputError("the refiner of Stable Diffusion XL is not known here", hint="take the base model")
    if unet != "UNet2DConditionModel" or folder.autoencoder.config.get("_class_name") not in _KINDS:
        classes = f"{unet} with {folder.autoencoder.config.get('_class_name')}"
        names = ", ".join(each.name for each in FAMILIES)
        raise InputError(f"a model made of {classes} is not known here", hint=f"known are {names}")
    own = [each for each in FAMILIES if each.name == folder.own.get("family")]
    return own[0] if own else family("stable-diffusion-xl" if encoders == 2 else "stable-diffusion")


def _autoencoder(folder: Folder, known: Family, files: Files, precision: Precision) -> Autoencoder:
    config = folder.autoencoder.config
    factor = 2 ** (len(config.get("block_out_channels", (1,))) - 1)
    channels = int(config.get("latent_channels", 4))
    overflows = bool(config.get("force_upcast", True)) and precision in ("auto", "float16")
    return Autoencoder(
        family=known.name,
        layout="diffusers",
        kind=kind_of(folder),
        part=named(folder.autoencoder.files, files),
        space=known.space_of(channels, factor),
        channels=channels,
        factor=factor,
        scaling=Scaling(
            float(config.get("scaling_factor", 0.18215)),
            tuple(config.get("latents_mean") or ()),
            tuple(config.get("latents_std") or ()),
        ),
        precision="float32" if overflows else precision,
    )


def _size(sample_size: Json) -> tuple[int, int]:
    height, width = sample_size if isinstance(sample_size, list) else (sample_size, sample_size)
    return int(height), int(width)
