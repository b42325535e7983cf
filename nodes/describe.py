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
from nodes.families import FAMILIES, family, filmed
from nodes.families.family import Family, Sizes
from nodes.handles import (
    Autoencoder,
    Denoiser,
    Handles,
    Precision,
    TextEncoderModel,
    TokenizerModel,
    named,
)
from nodes.values import Defaults

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
    sizes = known.sizes(folder.denoiser.config, folder.autoencoder.config)
    schedule = dict(known.schedule if folder.schedule is None else folder.schedule)
    if prediction != "auto":
        schedule["prediction_type"] = prediction
    check_plain(sizes.takes, sizes.channels)
    autoencoder = _autoencoder(folder, known, sizes, files, precision)
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
            prediction=known.predicts(schedule),
            schedule=canonical({key: value for key, value in schedule.items() if key != "_diffusers_version"}).decode(),
            space=autoencoder.space,
            channels=sizes.channels,
            factor=sizes.factor,
            size=sizes.grid,
            precision=precision,
            frame_factor=sizes.frame_factor,
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


def kind_of(folder: Folder) -> Literal["kl", "vq"]:
    """Say whether the autoencoder gives a mean and a spread, or entries of a codebook."""
    return _KINDS.get(folder.autoencoder.config["_class_name"], "kl")


def known_family(folder: Folder) -> Family:
    """Find the family that a folder is of, or say that it is of none."""
    films = filmed(folder)
    if films is not None:
        return films
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


def _autoencoder(folder: Folder, known: Family, sizes: Sizes, files: Files, precision: Precision) -> Autoencoder:
    overflows = bool(folder.autoencoder.config.get("force_upcast", True)) and precision in ("auto", "float16")
    return Autoencoder(
        family=known.name,
        layout="diffusers",
        kind=kind_of(folder),
        part=named(folder.autoencoder.files, files),
        space=known.space_of(sizes.channels, sizes.factor),
        channels=sizes.channels,
        factor=sizes.factor,
        scaling=sizes.scaling,
        precision="float32" if overflows else precision,
        frame_factor=sizes.frame_factor,
    )
