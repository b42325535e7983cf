"""Judge a caption of a scene by what it names, in English or German.

An attribute that a caption leaves out is named wrongly.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models.bauklotz.captions import Language
from models.bauklotz.scene import Scenes
from models.bauklotz.vocabulary import COLOURS, LIGHTS, SHAPES, STYLES


@dataclass(frozen=True, slots=True)
class Names:
    """What the words of a language look like, in small letters; groups are words that `colours` and `shapes` know."""

    thing: re.Pattern[str]
    ground: re.Pattern[str]
    lights: Mapping[str, re.Pattern[str]]
    styles: Mapping[str, re.Pattern[str]]
    colours: Mapping[str, str]
    shapes: Mapping[str, str]


def judged(words: str, scenes: Scenes, row: int, language: Language) -> dict[str, bool]:
    """Say of a caption which attributes it names rightly."""
    names, words = NAMES[language], words.lower()
    objects = [k for k in (0, 1) if scenes.shape[row, k] >= 0]
    true = [(COLOURS[scenes.colour[row, k]], SHAPES[scenes.shape[row, k]]) for k in objects]
    said = [(names.colours[colour], names.shapes[shape]) for colour, shape in names.thing.findall(words)]
    ground = names.ground.search(words)
    grounds = [names.colours[colour] for colour in ground.groups() if colour] if ground else []
    lights, styles = (
        [name for name, pattern in patterns.items() if pattern.search(words)]
        for patterns in (names.lights, names.styles)
    )
    return {
        "colour": sorted(colour for colour, _ in said) == sorted(colour for colour, _ in true),
        "shape": sorted(shape for _, shape in said) == sorted(shape for _, shape in true),
        "binding": sorted(said) == sorted(true),
        "background": grounds == [COLOURS[scenes.background[row]]],
        "light": lights == [LIGHTS[scenes.light[row]]],
        "style": styles == [STYLES[scenes.style[row]]],
    }


def _english() -> Names:
    shapes = {**{name: name for name in SHAPES}, "disc": "circle", "plus sign": "cross"}
    colour, shape = "|".join(COLOURS), "|".join(shapes)
    return Names(
        re.compile(rf"\b({colour}) ({shape})\b"),
        re.compile(rf"\b({colour}) background\b|\bon ({colour})\b(?! (?:{shape}))"),
        _patterns(dark=r"\b(?:dark|night)\b", bright=r"\b(?:bright|day)\b"),
        _patterns(outlined=r"\boutlined?\b", striped=r"\bstripe[ds]\b", flat=r"\b(?:flat|plain)\b"),
        {name: name for name in COLOURS},
        shapes,
    )


def _german() -> Names:
    shapes = dict(zip(("kreis", "quadrat", "dreieck", "stern", "ring", "kreuz"), SHAPES, strict=True))
    plain = dict(zip(("rot", "orange", "gelb", "grün", "blau", "violett", "weiß"), COLOURS, strict=True))
    colours = {**plain, "orangefarben": "orange", "gruen": "green", "lila": "purple", "weiss": "white"}
    colour = f"({'|'.join(sorted(colours, key=len, reverse=True))})(?:e[mnrs]?)?"
    return Names(
        re.compile(rf"\b{colour} ({'|'.join(shapes)})\b"),
        re.compile(rf"\b{colour} (?:hinter)?grund\b"),
        _patterns(dark=r"\b(?:dunkeln?|nacht)\b", bright=r"\b(?:hell|hellem|tag)\b"),
        _patterns(
            outlined=r"\bumrandete?[nrs]?\b|\brand\b",
            striped=r"\bgestreifte?[nrs]?\b|\bstreifen\b",
            flat=r"\b(?:flach|schlicht)(?:e[mnrs]?)?\b",
        ),
        colours,
        shapes,
    )


def _patterns(**patterns: str) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


NAMES: Final[Mapping[Language, Names]] = {"en": _english(), "de": _german()}
