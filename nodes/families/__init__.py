"""Know the quirks of model families; nothing outside this folder does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nodes.families.bauklotz import Bauklotz
from nodes.families.family import Family
from nodes.families.filmed import Filmed
from nodes.families.ltx import LTX
from nodes.families.stable_diffusion import StableDiffusion
from nodes.families.stable_diffusion_xl import StableDiffusionXL
from nodes.families.wan import Wan

if TYPE_CHECKING:
    from nodes.checkpoints import Folder

FILMED: tuple[Filmed, ...] = (Wan(), LTX())
FAMILIES: tuple[Family, ...] = (StableDiffusion(), StableDiffusionXL(), Bauklotz(), *FILMED)


def family(name: str) -> Family:
    """Give a family by its name, as handles spell it."""
    return next(each for each in FAMILIES if each.name == name)


def film_family(name: str) -> Filmed:
    """Give a family that draws films, by its name."""
    return next(each for each in FILMED if each.name == name)


def filmed(folder: Folder) -> Filmed | None:
    """Give the family that a folder is of, if it draws films; one that is not whole is refused."""
    told, denoiser = folder.index.get("_class_name"), folder.denoiser.config.get("_class_name")
    known = [each for each in FILMED if each.pipeline == told] or [each for each in FILMED if each.denoiser == denoiser]
    found = next(iter(known), None)
    if found is not None:
        found.check(folder)
    return found
