"""The English words of the scene world."""

import re
from collections.abc import Mapping
from typing import Final

from models.bauklotz.sentence import Rng, Setting, Thing, Words, pick, relate, styled, tails
from models.bauklotz.vocabulary import POSITIONS

_SHAPES: Final[Words] = {
    "circle": ("circle", "circle", "disc"),
    "square": ("square",),
    "triangle": ("triangle",),
    "star": ("star",),
    "ring": ("ring",),
    "cross": ("cross", "cross", "plus sign"),
}
_SIZES: Final[Words] = {
    "small": ("small", "small", "little", "tiny"),
    "large": ("large", "large", "big"),
}
_STYLES: Final[Words] = {
    "flat": ("flat", "plain"),
    "outlined": ("outlined",),
    "striped": ("striped",),
}
_STYLE_TAILS: Final[Words] = {
    "flat": ("flat style", "in a flat style"),
    "outlined": ("with a black outline", "outlined style", "in an outlined style"),
    "striped": ("with stripes", "striped style", "in a striped style"),
}
_LIGHTS: Final[Words] = {
    "bright": ("in bright light", "bright", "by day"),
    "dark": ("in the dark", "dark", "at night"),
}
_POSITIONS: Final[Words] = {
    "centre": ("in the centre", "in the center", "in the middle"),
    "top left": ("in the top left corner", "at the top left", "in the upper left corner"),
    "top right": ("in the top right corner", "at the top right", "in the upper right corner"),
    "bottom left": ("in the bottom left corner", "at the bottom left", "in the lower left corner"),
    "bottom right": ("in the bottom right corner", "at the bottom right", "in the lower right corner"),
}
_RELATIONS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "left of": (("left of", "to the left of"), ("right of", "to the right of")),
    "above": (("above", "over"), ("below", "under")),
}
_PREFIXES: Final = ("a picture of", "a drawing of", "an image of")
_ARTICLE: Final = re.compile(r"\b(?:an?|the) ")


def english(things: tuple[Thing, ...], arrangement: str, setting: Setting, rng: Rng) -> str:
    things, setting = styled(things, setting, rng)
    said = [_thing(t, rng) for t in things]
    text = relate(said, said, _RELATIONS[arrangement], rng) if len(said) == 2 else said[0]
    if arrangement in POSITIONS:
        text = f"{text} {pick(rng, _POSITIONS[arrangement])}"
    text = tails(_framed(text, setting.background, rng), setting, _LIGHTS, _STYLE_TAILS, rng)
    return _ARTICLE.sub("", text) if rng.random() < 0.1 else text


def _framed(text: str, background: str, rng: Rng) -> str:
    """Say the background behind or before the objects, and now and then that this is a picture."""
    way = rng.random()
    if background and way < 0.1:
        return f"{_article(background)} {background} background with {text}"
    if background:
        text = f"{text} {_background(background, rng)}"
    return f"{pick(rng, _PREFIXES)} {text}" if way > 0.9 else text


def _thing(thing: Thing, rng: Rng) -> str:
    words = [thing.colour, pick(rng, _SHAPES[thing.shape])]
    if thing.style:
        words.insert(0, pick(rng, _STYLES[thing.style]))
    if thing.size:
        words.insert(0, pick(rng, _SIZES[thing.size]))
    return " ".join([_article(words[0]), *words])


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _background(colour: str, rng: Rng) -> str:
    article = _article(colour)
    return pick(
        rng,
        (
            f"on {article} {colour} background",
            f"on {article} {colour} background",
            f"on {colour}",
            f"in front of {article} {colour} background",
        ),
    )
