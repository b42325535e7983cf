"""What a caption says of a scene, before it is put into the words of a language."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Rng = np.random.Generator
Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Thing:
    """One object in words of the vocabulary; an unnamed attribute is empty."""

    shape: str
    colour: str
    size: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is around the objects; an unnamed attribute is empty."""

    background: str = ""
    light: str = ""
    style: str = ""


def pick(rng: Rng, options: tuple[str, ...]) -> str:
    return options[int(rng.integers(len(options)))]


def styled(things: tuple[Thing, ...], setting: Setting, rng: Rng) -> tuple[tuple[Thing, ...], Setting]:
    """Say the style beside each object, or once behind the rest."""
    if not setting.style or rng.random() < 0.4:
        return things, setting
    said = tuple(Thing(t.shape, t.colour, t.size, setting.style) for t in things)
    return said, Setting(setting.background, setting.light)


def relate(subject: list[str], object_: list[str], ways: tuple[tuple[str, ...], tuple[str, ...]], rng: Rng) -> str:
    """Say "A left of B" or "B right of A"."""
    if rng.random() < 0.5:
        return f"{subject[0]} {pick(rng, ways[0])} {object_[1]}"
    return f"{subject[1]} {pick(rng, ways[1])} {object_[0]}"


def tails(
    text: str,
    setting: Setting,
    lights: Words,
    styles: Words,
    rng: Rng,
) -> str:
    if setting.light:
        text = f"{text}, {pick(rng, lights[setting.light])}"
    if setting.style:
        text = f"{text}, {pick(rng, styles[setting.style])}"
    return text
