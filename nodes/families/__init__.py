"""Know the quirks of model families; nothing outside this folder does."""

from nodes.families.bauklotz import Bauklotz
from nodes.families.family import Family
from nodes.families.stable_diffusion import StableDiffusion
from nodes.families.stable_diffusion_xl import StableDiffusionXL

FAMILIES: tuple[Family, ...] = (StableDiffusion(), StableDiffusionXL(), Bauklotz())


def family(name: str) -> Family:
    """Give a family by its name, as handles spell it."""
    return next(each for each in FAMILIES if each.name == name)
