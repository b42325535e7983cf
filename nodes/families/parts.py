"""Open the parts of a checkpoint in diffusers layout: a folder for each part, with its config and its weights."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import InputError

if TYPE_CHECKING:
    import torch

    from engine.files import Files
    from nodes.handles import Autoencoder, Denoiser, Named, Precision, TextEncoderModel


def open_tokenizer(part: Named, files: Files) -> Any:
    """Give the transformers tokenizer; old folders (vocab.json, merges.txt) and new ones (tokenizer.json) load."""
    from transformers import CLIPTokenizer

    with _folder(part, files) as folder:
        return CLIPTokenizer.from_pretrained(folder)


def open_text_encoders(handle: TextEncoderModel, files: Files, device: str) -> tuple[Any, ...]:
    """Give the transformers modules; weights under the old `text_model.` keys load as well."""
    return tuple(_open_text_encoder(part, handle.precision, files, device) for part in handle.parts)


def open_denoiser(handle: Denoiser, files: Files, device: str) -> Any:
    """Give the diffusers UNet."""
    from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

    return _open(UNet2DConditionModel, handle.part, handle.precision, files, device)


def open_autoencoder(handle: Autoencoder, files: Files, device: str) -> Any:
    """Give the diffusers AutoencoderKL or VQModel; a KL one that overflows in half precision opens as float32."""
    from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
    from diffusers.models.autoencoders.vq_model import VQModel

    kind = {"kl": AutoencoderKL, "vq": VQModel}[handle.kind]
    return _open(kind, handle.part, handle.precision, files, device)


def precision(asked: Precision, device: str) -> torch.dtype:
    """Choose what to compute in: half precision is slow and coarse on a CPU, so that is float32 unless asked for."""
    import torch

    chosen: torch.dtype = getattr(torch, asked if asked != "auto" else "float32" if device == "cpu" else "float16")
    return chosen


def _open_text_encoder(part: Named, asked: Precision, files: Files, device: str) -> Any:
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    with _folder(part, files) as folder:
        projected = "CLIPTextModelWithProjection" in (folder / "config.json").read_text()
    return _open(CLIPTextModelWithProjection if projected else CLIPTextModel, part, asked, files, device)


def _open(kind: Any, part: Named, asked: Precision, files: Files, device: str) -> Any:
    with _folder(part, files) as folder, _quiet():
        try:
            module = kind.from_pretrained(folder, dtype=precision(asked, device), local_files_only=True)
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            first = str(error).strip().partition("\n")[0]
            raise InputError(
                f"the weights do not fit {kind.__name__}: {first}", hint="take another checkpoint"
            ) from error
    return module.eval().requires_grad_(False).to(device)


@contextmanager
def _folder(part: Named, files: Files) -> Iterator[Path]:
    folder = files.view(dict(part))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' loading bars off the terminal: ours shows the run."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    both = (diffusers_logging, transformers_logging)
    shown = [each for each in both if each.is_progress_bar_enabled()]
    for each in shown:
        each.disable_progress_bar()
    try:
        yield
    finally:
        for each in shown:
            each.enable_progress_bar()
