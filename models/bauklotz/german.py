"""The German words of the scene world, with their cases and genders."""

import re
from collections.abc import Mapping
from typing import Final, Literal

from models.bauklotz.sentence import Rng, Setting, Thing, Words, pick, relate, styled, tails
from models.bauklotz.vocabulary import POSITIONS

Gender = Literal["masculine", "neuter"]
Case = Literal["nominative", "dative"]

_SHAPES: Final[Mapping[str, tuple[str, Gender]]] = {
    "circle": ("Kreis", "masculine"),
    "square": ("Quadrat", "neuter"),
    "triangle": ("Dreieck", "neuter"),
    "star": ("Stern", "masculine"),
    "ring": ("Ring", "masculine"),
    "cross": ("Kreuz", "neuter"),
}
_COLOURS: Final[Words] = {
    "red": ("rot",),
    "orange": ("orange", "orangefarben"),
    "yellow": ("gelb",),
    "green": ("grün",),
    "blue": ("blau",),
    "purple": ("violett", "lila"),
    "white": ("weiß",),
}
_UNDECLINED: Final = ("orange", "lila")
_SIZES: Final[Words] = {"small": ("klein", "klein", "winzig"), "large": ("groß",)}
_STYLES: Final[Words] = {
    "flat": ("flach", "schlicht"),
    "outlined": ("umrandet",),
    "striped": ("gestreift",),
}
_STYLE_TAILS: Final[Words] = {
    "flat": ("flach", "in flachem Stil"),
    "outlined": ("umrandet", "mit schwarzem Rand"),
    "striped": ("gestreift", "mit Streifen"),
}
_LIGHTS: Final[Words] = {
    "bright": ("bei hellem Licht", "hell", "bei Tag"),
    "dark": ("im Dunkeln", "dunkel", "bei Nacht"),
}
_POSITIONS: Final[Words] = {
    "centre": ("in der Mitte", "im Zentrum"),
    "top left": ("oben links", "in der linken oberen Ecke"),
    "top right": ("oben rechts", "in der rechten oberen Ecke"),
    "bottom left": ("unten links", "in der linken unteren Ecke"),
    "bottom right": ("unten rechts", "in der rechten unteren Ecke"),
}
_RELATIONS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "left of": (("links von", "links neben"), ("rechts von", "rechts neben")),
    "above": (("über",), ("unter",)),
}
_ARTICLES: Final[Mapping[tuple[Case, Gender], tuple[str, str]]] = {
    ("nominative", "masculine"): ("ein", "er"),
    ("nominative", "neuter"): ("ein", "es"),
    ("dative", "masculine"): ("einem", "en"),
    ("dative", "neuter"): ("einem", "en"),
}
_PREFIXES: Final = ("ein Bild mit ", "eine Zeichnung mit ")
_ARTICLE: Final = re.compile(r"\beine?[mr]? ")


def german(things: tuple[Thing, ...], arrangement: str, setting: Setting, rng: Rng) -> str:
    """Say a scene in German; now and then without umlauts, as people type."""
    things, setting = styled(things, setting, rng)
    way = rng.random()
    before = _before(setting.background, way, rng)
    told = [_thing(t, "dative", rng) for t in things]
    said = told if before else [_thing(t, "nominative", rng) for t in things]
    text = relate(said, told, _RELATIONS[arrangement], rng) if len(said) == 2 else said[0]
    if arrangement in POSITIONS:
        text = f"{text} {pick(rng, _POSITIONS[arrangement])}"
    if setting.background and way >= 0.1:
        text = f"{text} {_background(setting.background, rng)}"
    text = tails(before + text, setting, _LIGHTS, _STYLE_TAILS, rng)
    text = _ARTICLE.sub("", text) if rng.random() < 0.1 else text
    return _plain_letters(text) if rng.random() < 0.1 else text


def noun(shape: str) -> tuple[str, Gender]:
    """Give the word for a shape, with its gender."""
    return _SHAPES[shape]


def _before(background: str, way: float, rng: Rng) -> str:
    """Begin with the background, or with the word for picture, or not at all."""
    if background and way < 0.1:
        return f"ein {declined(pick(rng, _COLOURS[background]), 'er')} Hintergrund mit "
    return pick(rng, _PREFIXES) if way > 0.9 else ""


def _thing(thing: Thing, case: Case, rng: Rng) -> str:
    name, gender = noun(thing.shape)
    article, ending = _ARTICLES[case, gender]
    words = [declined(pick(rng, _COLOURS[thing.colour]), ending)]
    if thing.style:
        words.insert(0, declined(pick(rng, _STYLES[thing.style]), ending))
    if thing.size:
        words.insert(0, declined(pick(rng, _SIZES[thing.size]), ending))
    return " ".join([article, *words, name])


def declined(word: str, ending: str) -> str:
    """Put an ending to an adjective; some take none."""
    return word if word in _UNDECLINED else word + ending


def _background(colour: str, rng: Rng) -> str:
    word = pick(rng, _COLOURS[colour])
    dative = declined(word, "em")
    weak = declined(word, "en")
    return pick(
        rng,
        (
            f"auf {dative} Hintergrund",
            f"auf {dative} Hintergrund",
            f"vor {dative} Hintergrund",
            f"auf einem {weak} Hintergrund",
            f"auf {dative} Grund",
        ),
    )


def _plain_letters(text: str) -> str:
    return text.replace("ß", "ss").replace("ü", "ue").replace("ö", "oe").replace("ä", "ae")
