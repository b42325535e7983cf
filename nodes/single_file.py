"""Make handles of a checkpoint that is one file with the original keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.codec import canonical
from engine.errors import InputError
from engine.files import Files
from engine.spec import Json
from nodes.describe import check_plain, defaults
from nodes.families import family
from nodes.families.family import Family
from nodes.families.header import shapes
from nodes.families.ldm import CLIP, OPEN_CLIP, vocabulary
from nodes.families.ldm_shapes import AUTOENCODER, DENOISER, Shapes, unet_config, vae_config
from nodes.handles import Autoencoder, Denoiser, Handles, Precision, Prediction, TextEncoderModel, TokenizerModel
from nodes.values import Defaults, Scaling

_BY_VELOCITY = 96  # the second generation: that which predicts velocity is larger than that which predicts noise


@dataclass(frozen=True, slots=True)
class Kind:
    """One way that single files are laid out."""

    family: str
    encoders: tuple[tuple[str, str, str], ...]  # prefix of the keys, a key that tells it, its tokenizer
    prediction: Prediction
    scaling: float
    size: int


_KINDS = (
    Kind(
        "stable-diffusion-xl",
        (
            ("conditioner.embedders.0.transformer.", "text_model.embeddings.token_embedding.weight", CLIP),
            ("conditioner.embedders.1.model.", "token_embedding.weight", OPEN_CLIP),
        ),
        "epsilon",
        0.13025,
        128,
    ),
    Kind(
        "stable-diffusion",
        (("cond_stage_model.model.", "token_embedding.weight", OPEN_CLIP),),
        "v_prediction",
        0.18215,
        _BY_VELOCITY,
    ),
    Kind(
        "stable-diffusion",
        (("cond_stage_model.transformer.", "text_model.embeddings.token_embedding.weight", CLIP),),
        "epsilon",
        0.18215,
        64,
    ),
    Kind(
        "stable-diffusion",
        (("cond_stage_model.transformer.", "embeddings.token_embedding.weight", CLIP),),
        "epsilon",
        0.18215,
        64,
    ),
)


def paths(file: Path) -> Iterable[Path]:
    """Name the files that are read: the checkpoint, and the vocabulary that it does not carry."""
    return (file, vocabulary())


def describe(
    file: Path, files: Files, *, precision: Precision, prediction: Literal["auto", "epsilon", "v_prediction"]
) -> tuple[Handles, Defaults]:
    """Make the handles; only the header of the file is read."""
    header = shapes(file)
    kind = _kind(file, header)
    unet, vae = _configs(file, header, kind)
    check_plain(unet["in_channels"], vae["latent_channels"])
    single = _Single(
        kind=kind,
        known=family(kind.family),
        digest=files.digest(file),
        words=files.digest(vocabulary()),
        channels=vae["latent_channels"],
        factor=2 ** (len(vae["block_out_channels"]) - 1),
        predicts=kind.prediction if prediction == "auto" else prediction,
        precision=precision,
    )
    handles = Handles(single.tokenizer(), single.text_encoder(), single.denoiser(), single.autoencoder())
    return handles, defaults(single.known, handles.denoiser, {})


def facts_of(file: Path) -> dict[str, Json]:
    """Say what the file is without reading more than its header, for `nodes.facts`."""
    header = shapes(file)
    kind = _kind(file, header)
    unet, vae = _configs(file, header, kind)
    known = family(kind.family)
    return {
        "family": known.name,
        "encoders": len(kind.encoders),
        "vocabulary": [shape[0] for name, shape in header.items() if name.endswith("token_embedding.weight")],
        "width": unet["cross_attention_dim"],  # they fit, since they come in one file
        "reads": unet["cross_attention_dim"],
        "space": known.space_of(vae["latent_channels"], 2 ** (len(vae["block_out_channels"]) - 1)),
        "kind": "kl",
    }


@dataclass(frozen=True, slots=True)
class _Single:
    """A single file as its handles see it."""

    kind: Kind
    known: Family
    digest: str
    words: str
    channels: int
    factor: int
    predicts: Prediction
    precision: Precision

    @property
    def space(self) -> str:
        return self.known.space_of(self.channels, self.factor)

    def tokenizer(self) -> TokenizerModel:
        parts = tuple(((tokenizer, self.words),) for _, _, tokenizer in self.kind.encoders)
        return TokenizerModel(self.known.name, "ldm", parts)

    def text_encoder(self) -> TextEncoderModel:
        parts = tuple(((prefix, self.digest),) for prefix, _, _ in self.kind.encoders)
        return TextEncoderModel(self.known.name, "ldm", parts, self.precision, zero_empty=self.known.zero_empty)

    def denoiser(self) -> Denoiser:
        base = self.kind.size == _BY_VELOCITY and self.predicts == "epsilon"
        side = 64 if base else self.kind.size
        return Denoiser(
            family=self.known.name,
            layout="ldm",
            part=((DENOISER, self.digest),),
            prediction=self.predicts,
            schedule=canonical({**self.known.schedule, "prediction_type": self.predicts}).decode(),
            space=self.space,
            channels=self.channels,
            factor=self.factor,
            size=(side, side),
            precision=self.precision,
        )

    def autoencoder(self) -> Autoencoder:
        return Autoencoder(
            family=self.known.name,
            layout="ldm",
            kind="kl",
            part=((AUTOENCODER, self.digest),),
            space=self.space,
            channels=self.channels,
            factor=self.factor,
            scaling=Scaling(self.kind.scaling),
            precision="float32" if self.precision in ("auto", "float16") else self.precision,
        )


def _kind(file: Path, header: Shapes) -> Kind:
    for kind in _KINDS:
        if all(f"{prefix}{key}" in header for prefix, key, _ in kind.encoders):
            _check_whole(file, header)
            return kind
    held = "LoRA weights" if any("lora" in name for name in header) else "no text encoder that is known here"
    raise InputError(
        f"{file.name} holds {held}", hint="give a whole checkpoint of Stable Diffusion 1, 2 or XL, or a folder of one"
    )


def _check_whole(file: Path, header: Shapes) -> None:
    for part, prefix in (("denoiser", DENOISER), ("autoencoder", AUTOENCODER)):
        if not any(name.startswith(prefix) for name in header):
            raise InputError(f"{file.name} has no {part}", hint="give a whole checkpoint")


def _configs(file: Path, header: Shapes, kind: Kind) -> tuple[dict[str, Json], dict[str, Json]]:
    try:
        return unet_config(header), vae_config(header, kind.scaling)
    except (KeyError, ValueError, IndexError) as error:
        raise InputError(
            f"{file.name} is laid out in a way that is not known here: {error}", hint="give a folder"
        ) from error
